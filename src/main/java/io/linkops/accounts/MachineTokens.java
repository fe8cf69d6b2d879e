package io.linkops.accounts;

import io.linkops.accounts.Accounts.ApiToken;
import io.linkops.accounts.Accounts.ApiTokens;
import io.linkops.accounts.Accounts.CreateApiToken;
import io.linkops.accounts.Accounts.DeleteApiToken;
import io.linkops.accounts.Accounts.FindApiTokens;
import io.linkops.accounts.Accounts.Principal;
import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * API tokens: made, listed, revoked and checked. A token's secret is known to whoever asked for it, and nowhere else.
 */
final class MachineTokens {
    static final String PREFIX = "lko_";
    static final int MAX_PER_USER = 100;

    private static final int LONGEST = 64;
    private static final Duration LATEST_END = Duration.ofDays(3660);
    private static final Duration USE_IS_NOTED_EVERY = Duration.ofMinutes(1);
    private static final Logger LOG = LoggerFactory.getLogger(MachineTokens.class);

    private final ApiTokenStore tokens;
    private final AccountStore accounts;
    private final Randomness randomness;
    private final InstantSource clock;
    private final Turns turns = new Turns();

    MachineTokens(ApiTokenStore tokens, AccountStore accounts, Randomness randomness, InstantSource clock) {
        this.tokens = tokens;
        this.accounts = accounts;
        this.randomness = randomness;
        this.clock = clock;
    }

    Future<ApiTokens> find(FindApiTokens request) {
        var username = request.username();
        return (username == null ? tokens.all() : tokens.of(username)).map(ApiTokens::new);
    }

    Future<ApiToken> create(CreateApiToken request) {
        var name = request.name();
        var fields = new Fields()
                .require("name", isValidName(name), "must be 1 to " + LONGEST + " printable characters")
                .require(
                        "expires_at", isValidEnd(request.expiresAt()), "must be in the future, at most ten years away");
        ScopeText.check(fields, request.scope()).check();
        return turns.take(
                request.username(),
                () -> accounts.find(request.username())
                        .compose(owner -> {
                            refuseUnlessMayOwn(owner.orElse(null), request);
                            return tokens.of(request.username());
                        })
                        .compose(owned -> {
                            refuseTooMany(owned, name);
                            return insert(request);
                        }));
    }

    /** Whose it was. */
    Future<String> delete(DeleteApiToken request) {
        return tokens.findById(request.id()).compose(found -> {
            var token = found.map(ApiTokenStore.Owned::token)
                    .filter(owned ->
                            request.username() == null || owned.username().equals(request.username()))
                    .orElseThrow(() -> new Failure(ErrorCode.NOT_FOUND, "There is no such API token"));
            return tokens.write(ApiTokenStore.delete(token.id())).map(written -> token.username());
        });
    }

    Future<Principal> authenticate(String secret) {
        return tokens.findByHash(Digest.hex(secret)).compose(found -> {
            var principal = principal(found.orElse(null));
            return noteUse(found.orElseThrow().token()).map(noted -> principal);
        });
    }

    /** Whether a principal that a token stood for still stands. */
    Future<Principal> standing(String id) {
        return tokens.findById(id).map(found -> principal(found.orElse(null)));
    }

    private Future<ApiToken> insert(CreateApiToken request) {
        var secret = PREFIX + randomness.token();
        var token = new ApiToken(
                "tok_" + randomness.id(),
                request.name(),
                request.username(),
                request.role(),
                clock.instant(),
                request.expiresAt(),
                null,
                secret,
                request.scope());
        return tokens.write(ApiTokenStore.insert(token, Digest.hex(secret))).map(written -> token);
    }

    private Principal principal(ApiTokenStore.@Nullable Owned owned) {
        if (owned == null || owned.isOwnerDisabled()) {
            throw SessionTokens.invalid();
        }
        var token = owned.token();
        var end = token.expiresAt();
        if (end != null && !clock.instant().isBefore(end)) {
            throw SessionTokens.expired();
        }
        return new Principal(token.username(), owned.role(), token.id(), true, end, owned.scopes(), 0);
    }

    /** A note that can't be written must not keep a machine out. */
    private Future<Void> noteUse(ApiToken token) {
        var now = clock.instant();
        var last = token.lastUsedAt();
        if (last != null && Duration.between(last, now).abs().compareTo(USE_IS_NOTED_EVERY) < 0) {
            return Future.succeededFuture();
        }
        return tokens.write(ApiTokenStore.used(token.id(), now)).otherwise(cause -> {
            LOG.warn("The last use of API token {} could not be noted: {}", token.id(), cause.getMessage());
            return null;
        });
    }

    private static boolean isValidName(String name) {
        return name.equals(name.strip())
                && !name.isEmpty()
                && name.length() <= LONGEST
                && name.codePoints().noneMatch(MachineTokens::isUnprintable);
    }

    private static boolean isUnprintable(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> true;
            default -> false;
        };
    }

    private boolean isValidEnd(@Nullable Instant end) {
        var now = clock.instant();
        return end == null || (end.isAfter(now) && !end.isAfter(now.plus(LATEST_END)));
    }

    private static void refuseUnlessMayOwn(@Nullable Account owner, CreateApiToken request) {
        if (owner == null || owner.isDisabled()) {
            throw new Failure(ErrorCode.NOT_FOUND, "There is no enabled user of that name");
        }
        if (!owner.role().includes(request.role())) {
            throw new Failure(
                    ErrorCode.FORBIDDEN,
                    "A token can't have the role " + request.role() + ": its owner is " + owner.role(),
                    Map.of(
                            "role",
                            request.role().name(),
                            "owner_role",
                            owner.role().name()));
        }
    }

    private static void refuseTooMany(List<ApiToken> owned, String name) {
        if (owned.stream().anyMatch(token -> token.name().equals(name))) {
            throw new Failure(ErrorCode.CONFLICT, "There is a token " + name + " already; choose another name");
        }
        if (owned.size() >= MAX_PER_USER) {
            throw new Failure(ErrorCode.CONFLICT, "This user has " + MAX_PER_USER + " tokens; revoke one first");
        }
    }
}
