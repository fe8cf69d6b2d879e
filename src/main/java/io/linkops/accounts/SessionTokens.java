package io.linkops.accounts;

import io.linkops.accounts.Accounts.Session;
import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import io.linkops.vault.Secret;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.JWTOptions;
import io.vertx.ext.auth.PubSecKeyOptions;
import io.vertx.ext.auth.authentication.TokenCredentials;
import io.vertx.ext.auth.jwt.JWTAuth;
import io.vertx.ext.auth.jwt.JWTAuthOptions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Locale;

/**
 * JWTs: signed with HS256 and nothing else, valid from the second of issue until right before the second of the end.
 */
final class SessionTokens {
    private static final int LONGEST = 4096;

    /** What a checked token says. */
    record Claims(String username, String jti, long generation, Instant issuedAt, Instant expiresAt) {}

    private final JWTAuth jwt;
    private final JWTOptions options;
    private final Duration lifetime;
    private final InstantSource clock;
    private final String header;

    SessionTokens(Vertx vertx, Secret key, Duration lifetime, InstantSource clock) {
        // The library reads the system's clock; times are checked here, against the given one.
        this.options =
                new JWTOptions().setAlgorithm("HS256").setNoTimestamp(true).setIgnoreExpiration(true);
        this.jwt = JWTAuth.create(
                vertx,
                new JWTAuthOptions()
                        .setJWTOptions(options)
                        .addPubSecKey(
                                new PubSecKeyOptions().setAlgorithm("HS256").setBuffer(key.reveal())));
        this.lifetime = lifetime;
        this.clock = clock;
        this.header = segments(jwt.generateToken(new JsonObject(), options))[0];
    }

    /** What the next token of this account will say. */
    Claims claims(Account account, String jti) {
        var now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        return new Claims(account.username(), jti, account.generation(), now, now.plus(lifetime));
    }

    /** A log-in of this account, from now on. */
    Session session(Account account, String jti) {
        var claims = claims(account, jti);
        return new Session(sign(claims, account.role()), account.user(), claims.issuedAt(), claims.expiresAt());
    }

    String sign(Claims claims, Accounts.Role role) {
        var payload = new JsonObject()
                .put("sub", claims.username())
                .put("role", role.name().toLowerCase(Locale.ROOT))
                .put("jti", claims.jti())
                .put("ver", claims.generation())
                .put("iat", claims.issuedAt().getEpochSecond())
                .put("exp", claims.expiresAt().getEpochSecond());
        return jwt.generateToken(payload, options);
    }

    /** Fails with TOKEN_EXPIRED for a token of ours that is too old, with TOKEN_INVALID for everything else. */
    Future<Claims> read(String token) {
        if (token.length() > LONGEST || !isInOurForm(token)) {
            return Future.failedFuture(invalid());
        }
        // Composed, because the library throws where a claim has an odd type.
        return Future.succeededFuture(new TokenCredentials(token))
                .compose(jwt::authenticate)
                .map(user -> claims(user.attributes().getJsonObject("accessToken")))
                .transform(read -> read.succeeded() ? timely(read.result()) : Future.failedFuture(invalid()));
    }

    static Failure invalid() {
        return new Failure(ErrorCode.TOKEN_INVALID, "The token is not valid; log in again");
    }

    static Failure expired() {
        return new Failure(ErrorCode.TOKEN_EXPIRED, "The token has expired; log in again");
    }

    /**
     * Our header, letter for letter, so that no token chooses its own algorithm or key; and base64url as we write it,
     * because a decoder forgives spare bits and padding, and an altered token must never pass.
     */
    private boolean isInOurForm(String token) {
        var segments = segments(token);
        return segments.length == 3
                && segments[0].equals(header)
                && isCanonical(segments[1])
                && isCanonical(segments[2]);
    }

    private static String[] segments(String token) {
        return token.split("\\.", -1);
    }

    private static boolean isCanonical(String segment) {
        try {
            var bytes = Base64.getUrlDecoder().decode(segment);
            return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes).equals(segment);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static Claims claims(JsonObject payload) {
        return new Claims(
                text(payload, "sub"),
                text(payload, "jti"),
                number(payload, "ver"),
                Instant.ofEpochSecond(number(payload, "iat")),
                Instant.ofEpochSecond(number(payload, "exp")));
    }

    private static String text(JsonObject payload, String claim) {
        if (payload.getValue(claim) instanceof String text && !text.isEmpty()) {
            return text;
        }
        throw invalid();
    }

    private static long number(JsonObject payload, String claim) {
        var value = payload.getValue(claim);
        if (value instanceof Integer || value instanceof Long) {
            return ((Number) value).longValue();
        }
        throw invalid();
    }

    private Future<Claims> timely(Claims claims) {
        var now = clock.instant();
        if (!now.isBefore(claims.expiresAt())) {
            return Future.failedFuture(expired());
        }
        return now.isBefore(claims.issuedAt()) ? Future.failedFuture(invalid()) : Future.succeededFuture(claims);
    }
}
