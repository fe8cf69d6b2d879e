package io.linkops.oidc;

import io.linkops.bus.Failure;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.util.Base64;
import java.util.Set;

/** The first look at an ID token, before any key: three parts, and an algorithm that only its maker can use. */
final class IdTokenHeader {
    /** Never none, and never one whose key we would share: HS256 with the public key as a secret is an old trick. */
    static final Set<String> ALGORITHMS =
            Set.of("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA");

    private static final int LONGEST = 64 * 1024;

    private IdTokenHeader() {}

    /** @throws Failure TOKEN_INVALID unless the token is worth being looked at with keys */
    static void check(String token) {
        var segments = token.split("\\.", -1);
        if (token.length() > LONGEST || segments.length != 3) {
            throw Refusal.untrusted("The provider's ID token is not a signed JWT");
        }
        var header = header(segments[0]);
        if (!(header.getValue("alg") instanceof String algorithm) || !ALGORITHMS.contains(algorithm)) {
            throw Refusal.untrusted("The provider's ID token is signed with an algorithm that proves nothing; have it"
                    + " sign with RS256 or ES256");
        }
        if (header.containsKey("crit")) {
            throw Refusal.untrusted("The provider's ID token demands an extension that LinkOps does not know");
        }
    }

    private static JsonObject header(String segment) {
        try {
            return new JsonObject(Buffer.buffer(Base64.getUrlDecoder().decode(segment)));
        } catch (IllegalArgumentException | DecodeException | ClassCastException e) {
            throw Refusal.untrusted("The provider's ID token is not a signed JWT");
        }
    }
}
