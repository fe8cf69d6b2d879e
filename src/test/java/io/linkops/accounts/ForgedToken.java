package io.linkops.accounts;

import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Tokens as an attacker makes them: any header, any payload, any key; written without the product's own library. */
final class ForgedToken {
    private ForgedToken() {}

    static String of(JsonObject header, JsonObject payload, String key) {
        return of(header.encode(), payload.encode(), key, "HmacSHA256");
    }

    static String of(String header, String payload, String key, String algorithm) {
        var signed = base64(header) + "." + base64(payload);
        try {
            var mac = Mac.getInstance(algorithm);
            mac.init(new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), algorithm));
            return signed + "." + base64(mac.doFinal(signed.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static String unsigned(String header, String payload) {
        return base64(header) + "." + base64(payload) + ".";
    }

    static JsonObject payload(String token) {
        return new JsonObject(text(token.split("\\.", -1)[1]));
    }

    static JsonObject header(String token) {
        return new JsonObject(text(token.split("\\.", -1)[0]));
    }

    private static String text(String segment) {
        return new String(Base64.getUrlDecoder().decode(segment), StandardCharsets.UTF_8);
    }

    private static String base64(String text) {
        return base64(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
