package io.linkops.oidc;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Writes a {@link Flow} so that its browser can keep it and nobody can change it: LinkOps keeps nothing of log-ins that
 * were begun, so a flood of them fills no memory and pushes nobody out.
 */
final class FlowSeal {
    private static final String ALGORITHM = "HmacSHA256";
    private static final int LONGEST = 4_000;

    private final SecretKeySpec key;
    private final InstantSource clock;

    /** @param key lives as long as the process: a log-in under way does not survive a restart */
    FlowSeal(byte[] key, InstantSource clock) {
        this.key = new SecretKeySpec(key, ALGORITHM);
        this.clock = clock;
    }

    String seal(Flow flow) {
        var json = new JsonObject()
                .put("s", flow.state())
                .put("n", flow.nonce())
                .put("v", flow.verifier())
                .put("r", flow.returnTo())
                .put("e", flow.expiresAt().toEpochMilli());
        var text = encode(json.toBuffer().getBytes());
        return text + "." + encode(mac(text));
    }

    /** Empty when it is not ours, was changed, or is too old. */
    Optional<Flow> open(String sealed) {
        int dot = sealed.lastIndexOf('.');
        if (dot < 0 || sealed.length() > LONGEST) {
            return Optional.empty();
        }
        try {
            var text = sealed.substring(0, dot);
            var decoder = Base64.getUrlDecoder();
            if (!MessageDigest.isEqual(mac(text), decoder.decode(sealed.substring(dot + 1)))) {
                return Optional.empty();
            }
            return Optional.of(flow(new JsonObject(Buffer.buffer(decoder.decode(text)))))
                    .filter(flow -> clock.instant().isBefore(flow.expiresAt()));
        } catch (IllegalArgumentException | DecodeException e) {
            return Optional.empty();
        }
    }

    private static Flow flow(JsonObject json) {
        return new Flow(
                json.getString("s"),
                json.getString("n"),
                json.getString("v"),
                json.getString("r"),
                Instant.ofEpochMilli(json.getLong("e")));
    }

    private byte[] mac(String text) {
        try {
            var mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
        }
    }

    private static String encode(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
