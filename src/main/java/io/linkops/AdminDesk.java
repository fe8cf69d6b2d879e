package io.linkops;

import io.linkops.accounts.Accounts;
import io.linkops.accounts.Accounts.ApiToken;
import io.linkops.accounts.Accounts.Role;
import io.linkops.accounts.Accounts.Scope;
import io.linkops.accounts.Accounts.User;
import io.linkops.audit.Audit.Auth;
import io.linkops.audit.Audit.Entry;
import io.linkops.audit.Audit.Who;
import io.linkops.bus.Bus;
import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does what the commands {@code user} and {@code token} order, in whichever process the database is open. */
final class AdminDesk {
    private static final Logger LOG = LoggerFactory.getLogger(AdminDesk.class);

    private final Bus bus;

    AdminDesk(Bus bus) {
        this.bus = bus;
    }

    /** @param order {@code act} and what it needs, as the commands send it */
    Future<JsonObject> take(JsonObject order) {
        var act = order.getString("act", "");
        LOG.warn(
                "The local command line orders: {} {}",
                act.replaceAll("[^a-z.]", "?"),
                Objects.requireNonNullElse(order.getString("username"), "").replaceAll("[^a-z0-9._-]", "?"));
        return act.endsWith(".list")
                ? done(act, order)
                : LocalRecord.of(bus, result -> entry(act, order, result), () -> done(act, order));
    }

    private static Entry entry(String act, JsonObject order, String result) {
        var username = Objects.requireNonNullElse(order.getString("username"), "");
        boolean isUser = act.startsWith("user.");
        Map<String, String> details = new HashMap<>();
        if (!isUser && !username.isEmpty()) {
            details.put("username", username);
        }
        for (var field : List.of("name", "role")) {
            if (order.getString(field) != null) {
                details.put(field, order.getString(field));
            }
        }
        return new Entry(
                new Who("", "", Auth.LOCAL, ""),
                action(act),
                isUser ? "users" : "tokens",
                isUser ? username : Objects.requireNonNullElse(order.getString("id"), ""),
                details,
                result,
                "");
    }

    /** The name of the same over the API. */
    private static String action(String act) {
        return switch (act) {
            case "user.add" -> "users.create";
            case "user.change" -> "users.update";
            case "token.create" -> "tokens.create";
            case "token.revoke" -> "tokens.delete";
            default -> act.replaceFirst("[.]", "s.");
        };
    }

    private Future<JsonObject> done(String act, JsonObject order) {
        return switch (act) {
            case "user.list" ->
                bus.request(new Accounts.FindUsers())
                        .map(all ->
                                list(all.users().stream().map(AdminDesk::user).toList()));
            case "user.add" ->
                bus.request(new Accounts.CreateUser(
                                text(order, "username"), text(order, "password"), role(order), scope(order)))
                        .map(AdminDesk::user);
            case "user.change" -> bus.request(change(order)).map(AdminDesk::user);
            case "user.unlock" ->
                bus.request(new Accounts.UnlockUser(text(order, "username"))).map(AdminDesk::user);
            case "token.list" ->
                bus.request(new Accounts.FindApiTokens(order.getString("username")))
                        .map(all ->
                                list(all.tokens().stream().map(AdminDesk::token).toList()));
            case "token.create" -> bus.request(wanted(order)).map(AdminDesk::token);
            case "token.revoke" ->
                bus.request(new Accounts.DeleteApiToken(null, text(order, "id")))
                        .map(done -> new JsonObject());
            default -> throw new Failure(ErrorCode.VALIDATION_FAILED, "There is no order " + act);
        };
    }

    private static Accounts.UpdateUser change(JsonObject order) {
        return new Accounts.UpdateUser(
                text(order, "username"),
                order.containsKey("role") ? role(order) : null,
                order.getBoolean("is_disabled"),
                order.getString("password"),
                order.containsKey("scope") ? scope(order) : null);
    }

    private static Accounts.CreateApiToken wanted(JsonObject order) {
        @Nullable Instant end = order.getInstant("expires_at");
        return new Accounts.CreateApiToken(
                text(order, "username"), text(order, "name"), role(order), end, scope(order));
    }

    private static String text(JsonObject order, String field) {
        var text = order.getString(field);
        if (text == null) {
            throw new Failure(ErrorCode.VALIDATION_FAILED, field + " is missing");
        }
        return text;
    }

    private static Role role(JsonObject order) {
        return Role.valueOf(text(order, "role").toUpperCase(Locale.ROOT));
    }

    private static Scope scope(JsonObject order) {
        var scope = order.getJsonObject("scope", new JsonObject());
        return new Scope(texts(scope, "targets"), texts(scope, "scripts"));
    }

    private static List<String> texts(JsonObject scope, String field) {
        return scope.getJsonArray(field, new JsonArray()).stream()
                .map(String.class::cast)
                .toList();
    }

    private static JsonObject list(List<JsonObject> all) {
        return new JsonObject().put("list", new JsonArray(all));
    }

    private static JsonObject user(User user) {
        return new JsonObject()
                .put("username", user.username())
                .put("role", user.role().name().toLowerCase(Locale.ROOT))
                .put("is_disabled", user.isDisabled())
                .put(
                        "last_login_at",
                        user.lastLoginAt() == null ? null : user.lastLoginAt().toString())
                .put("scope", scope(user.scope()));
    }

    private static JsonObject token(ApiToken token) {
        return new JsonObject()
                .put("id", token.id())
                .put("name", token.name())
                .put("username", token.username())
                .put("role", token.role().name().toLowerCase(Locale.ROOT))
                .put(
                        "expires_at",
                        token.expiresAt() == null ? null : token.expiresAt().toString())
                .put(
                        "last_used_at",
                        token.lastUsedAt() == null ? null : token.lastUsedAt().toString())
                .put("secret", token.secret())
                .put("scope", scope(token.scope()));
    }

    private static @Nullable JsonObject scope(Scope scope) {
        return scope.isAll()
                ? null
                : new JsonObject()
                        .put("targets", new JsonArray(scope.targets()))
                        .put("scripts", new JsonArray(scope.scripts()));
    }
}
