package io.linkops.oidc;

import io.linkops.bus.Failure;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigInteger;
import java.util.Base64;
import java.util.List;
import java.util.Set;

/**
 * Which keys of a provider's set may prove an ID token: public ones for signatures. A symmetric one would let whoever
 * knows it make tokens, so there are none.
 */
final class KeySet {
    private static final Set<String> KINDS = Set.of("RSA", "EC", "OKP");
    private static final int SHORTEST_RSA = 2_048;
    private static final int MOST = 50;

    private KeySet() {}

    /** @throws Failure UNAVAILABLE when there is none */
    static List<JsonObject> usable(JsonObject document) {
        var keys = document.getValue("keys") instanceof JsonArray array ? array : new JsonArray();
        var usable = keys.stream()
                .filter(JsonObject.class::isInstance)
                .map(JsonObject.class::cast)
                .filter(KeySet::isUsable)
                .limit(MOST)
                .map(KeySet::publicPart)
                .toList();
        if (usable.isEmpty()) {
            throw Refusal.unreachable("The OpenID provider shows no key that could have signed an ID token (RSA from "
                    + SHORTEST_RSA + " bits, EC or EdDSA); look at its jwks_uri");
        }
        return usable;
    }

    private static boolean isUsable(JsonObject key) {
        var use = key.getValue("use");
        return key.getValue("kty") instanceof String kind
                && KINDS.contains(kind)
                && (use == null || use.equals("sig"))
                && (key.getValue("alg") == null || IdTokenHeader.ALGORITHMS.contains(key.getValue("alg")))
                && (!kind.equals("RSA") || isLong(key));
    }

    private static boolean isLong(JsonObject key) {
        try {
            return key.getValue("n") instanceof String modulus
                    && new BigInteger(1, Base64.getUrlDecoder().decode(modulus)).bitLength() >= SHORTEST_RSA;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static JsonObject publicPart(JsonObject key) {
        var copy = new JsonObject();
        for (var field : List.of("kty", "use", "alg", "kid", "n", "e", "crv", "x", "y")) {
            if (key.getValue(field) instanceof String text) {
                copy.put(field, text);
            }
        }
        return copy;
    }
}
