package io.linkops.oidc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.linkops.bus.Failure;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;

class KeySetTest {
    private static final String LONG = "w" + "A".repeat(341);

    @Test
    void takesPublicKeysForSignaturesAndNothingElseOfThem() {
        var key = rsa().put("kid", "1").put("d", "private").put("x5c", new JsonArray().add("chain"));
        var curve = new JsonObject()
                .put("kty", "EC")
                .put("crv", "P-256")
                .put("x", "x")
                .put("y", "y");

        assertThat(KeySet.usable(set(key, curve))).containsExactly(rsa().put("kid", "1"), curve);
    }

    @Test
    void leavesOutWhatCouldProveATokenThatTheProviderDidNotMake() {
        for (var key : new JsonObject[] {
            new JsonObject().put("kty", "oct").put("k", "c2VjcmV0").put("alg", "HS256"),
            rsa().put("alg", "HS256"),
            rsa().put("alg", "none"),
            rsa().put("use", "enc"),
            rsa().put("n", "w" + "A".repeat(169)),
            rsa().put("n", "!"),
            new JsonObject()
        }) {
            assertThatThrownBy(() -> KeySet.usable(set(key)))
                    .as(key.encode())
                    .isInstanceOf(Failure.class)
                    .hasMessageContaining("jwks_uri");
        }
        assertThatThrownBy(() -> KeySet.usable(new JsonObject().put("keys", 7))).isInstanceOf(Failure.class);
    }

    private static JsonObject rsa() {
        return new JsonObject().put("kty", "RSA").put("n", LONG).put("e", "AQAB");
    }

    private static JsonObject set(JsonObject... keys) {
        return new JsonObject().put("keys", new JsonArray(java.util.List.of(keys)));
    }
}
