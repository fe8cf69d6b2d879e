package io.linkops.bus;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Bytes that never change, for messages; base64 on the wire. */
public final class Bytes {
    public static final Bytes EMPTY = new Bytes(new byte[0]);

    private final byte[] value;

    private Bytes(byte[] value) {
        this.value = value;
    }

    /** A copy of the given bytes. */
    @JsonCreator
    public static Bytes of(byte[] value) {
        return new Bytes(value.clone());
    }

    /** A copy of a part of the given bytes. */
    public static Bytes of(byte[] value, int from, int length) {
        return new Bytes(Arrays.copyOfRange(value, from, from + length));
    }

    public static Bytes utf8(String text) {
        return new Bytes(text.getBytes(StandardCharsets.UTF_8));
    }

    @JsonValue
    public byte[] toArray() {
        return value.clone();
    }

    public int size() {
        return value.length;
    }

    /** The bytes as text; what is not UTF-8 becomes U+FFFD. */
    public String text() {
        return new String(value, StandardCharsets.UTF_8);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Bytes bytes && Arrays.equals(value, bytes.value);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(value);
    }

    @Override
    public String toString() {
        return value.length + " bytes";
    }
}
