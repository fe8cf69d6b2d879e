package io.linkops.tables;

import io.linkops.tables.Tables.Query;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Cursors: the sort values and the key of the last row that was looked at, sealed together with the question, so that
 * one that was made up, changed, or made for another question is refused.
 */
final class Cursors {
    private static final String ALGORITHM = "HmacSHA256";
    private static final int SEAL_BYTES = 16;

    private final SecretKeySpec key;

    /** @param key at least 32 bytes that nobody else knows */
    Cursors(byte[] key) {
        this.key = new SecretKeySpec(key, ALGORITHM);
    }

    String seal(Query query, List<Object> position) {
        byte[] body = new JsonArray(position).encode().getBytes(StandardCharsets.UTF_8);
        byte[] sealed = Arrays.copyOf(mac(query, body), SEAL_BYTES + body.length);
        System.arraycopy(body, 0, sealed, SEAL_BYTES, body.length);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(sealed);
    }

    /** The position, or nothing if the cursor was not made here for this question. */
    Optional<List<Object>> open(Query query, String cursor) {
        try {
            byte[] sealed = Base64.getUrlDecoder().decode(cursor);
            if (sealed.length <= SEAL_BYTES) {
                return Optional.empty();
            }
            byte[] body = Arrays.copyOfRange(sealed, SEAL_BYTES, sealed.length);
            byte[] seal = Arrays.copyOf(sealed, SEAL_BYTES);
            if (!MessageDigest.isEqual(seal, mac(query, body))) {
                return Optional.empty();
            }
            var position = new JsonArray(new String(body, StandardCharsets.UTF_8));
            return Optional.of(position.stream().map(Cursors::value).toList());
        } catch (IllegalArgumentException | DecodeException e) {
            return Optional.empty();
        }
    }

    private static Object value(Object decoded) {
        return decoded instanceof Number number ? (Object) number.longValue() : decoded;
    }

    /** The size of a page and the choice of columns may change on the way; the rows and their order may not. */
    private byte[] mac(Query query, byte[] body) {
        try {
            var mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            var question = new JsonArray()
                    .add(query.table())
                    .add(query.filters().toString())
                    .add(query.sort().toString());
            query.filters().forEach(filter -> question.add(new JsonArray(filter.values())));
            mac.update(question.encode().getBytes(StandardCharsets.UTF_8));
            mac.update((byte) 0);
            return Arrays.copyOf(mac.doFinal(body), SEAL_BYTES);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("The JDK has no " + ALGORITHM, e);
        }
    }
}
