package io.linkops.api;

import io.linkops.accounts.Accounts.ApiToken;
import io.linkops.accounts.Accounts.ApiTokens;
import io.linkops.accounts.Accounts.Principal;
import io.linkops.accounts.Accounts.Scope;
import io.linkops.accounts.Accounts.Session;
import io.linkops.accounts.Accounts.User;
import io.linkops.accounts.Accounts.Users;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** Users, sessions and tokens as the API shows them. */
final class AccountJson {
    private AccountJson() {}

    static JsonObject of(Session session) {
        return new JsonObject()
                .put("success", true)
                .put("token", session.token())
                .put("expires_at", Json.time(session.expiresAt()))
                .put(
                        "user",
                        new JsonObject()
                                .put("username", session.user().username())
                                .put("role", Texts.word(session.user().role()))
                                .put("scope", of(session.user().scope())));
    }

    static JsonObject of(Principal principal) {
        return new JsonObject()
                .put("username", principal.username())
                .put("role", Texts.word(principal.role()))
                .put("expires_at", Json.time(principal.expiresAt()))
                .put("is_api_token", principal.isApiToken())
                .put(
                        "scopes",
                        new JsonArray(
                                principal.scopes().stream().map(AccountJson::of).toList()));
    }

    static JsonObject of(Users users) {
        return new JsonObject().put("users", Json.list(users.users(), AccountJson::of));
    }

    static JsonObject of(User user) {
        return new JsonObject()
                .put("username", user.username())
                .put("role", Texts.word(user.role()))
                .put("is_disabled", user.isDisabled())
                .put("created_at", Json.time(user.createdAt()))
                .put("last_login_at", Json.time(user.lastLoginAt()))
                .put("scope", of(user.scope()))
                .put("is_from_provider", user.isFromProvider())
                .put("locked_until", Json.time(user.lockedUntil()));
    }

    /** Null where nothing is narrowed. */
    private static @Nullable JsonObject of(Scope scope) {
        return scope.isAll()
                ? null
                : new JsonObject()
                        .put("targets", Json.texts(scope.targets()))
                        .put("scripts", Json.texts(scope.scripts()));
    }

    static JsonObject of(ApiTokens tokens) {
        return new JsonObject().put("tokens", Json.list(tokens.tokens(), AccountJson::of));
    }

    /** Without the secret, which only the answer to its making shows. */
    static JsonObject of(ApiToken token) {
        return new JsonObject()
                .put("id", token.id())
                .put("name", token.name())
                .put("username", token.username())
                .put("role", Texts.word(token.role()))
                .put("created_at", Json.time(token.createdAt()))
                .put("expires_at", Json.time(token.expiresAt()))
                .put("last_used_at", Json.time(token.lastUsedAt()))
                .put("scope", of(token.scope()));
    }
}
