package io.linkops.audit;

import io.linkops.audit.Audit.Anchor;
import io.linkops.vault.Secret;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The seal of a row: HMAC-SHA-256 over its fields as netstrings ({@code length:bytes,}), the seal of the row before
 * among them. The form is described in docs/AUDIT.md and never changes; another one would get another first field. For
 * one thread at a time.
 */
final class Seal {
    /** What stands for the seal before the first row. */
    static final String NONE = "0".repeat(64);

    private static final String ROW = "linkops-audit-1";
    private static final String CHECKPOINT = "linkops-audit-checkpoint-1";

    private final Mac mac;

    /** @param key 64 hexadecimal digits */
    Seal(Secret key) {
        try {
            mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(HexFormat.of().parseHex(key.reveal()), "HmacSHA256"));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no HMAC-SHA-256", e);
        }
    }

    /** The seal a row should have, were it at this place. */
    String of(long sequence, Line line) {
        var fields = new java.util.ArrayList<String>(16);
        fields.add(ROW);
        fields.add(line.previous());
        fields.add(Long.toString(sequence));
        fields.addAll(line.fields());
        return of(fields);
    }

    /** The seal of a checkpoint: all rows up to this one were there, and were removed at that time. */
    String ofCheckpoint(Anchor upTo, long removedAt) {
        return of(List.of(CHECKPOINT, Long.toString(upTo.sequence()), upTo.seal(), Long.toString(removedAt)));
    }

    private String of(List<String> fields) {
        var bytes = new ByteArrayOutputStream(512);
        for (var field : fields) {
            byte[] text = field.getBytes(StandardCharsets.UTF_8);
            bytes.writeBytes((text.length + ":").getBytes(StandardCharsets.US_ASCII));
            bytes.writeBytes(text);
            bytes.write(',');
        }
        return HexFormat.of().formatHex(mac.doFinal(bytes.toByteArray()));
    }
}
