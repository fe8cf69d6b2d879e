package io.linkops.bus;

/** Where a text may be cut. */
public final class Utf8 {
    private Utf8() {}

    /**
     * How many leading bytes can be handed on without cutting a character in two: all of them, or up to three fewer
     * when the end is the beginning of a character. Bytes that are no UTF-8 anyway are not held back.
     */
    public static int wholeLength(byte[] data) {
        for (int back = 1; back <= Math.min(3, data.length); back++) {
            int value = data[data.length - back] & 0xff;
            if (value < 0x80) {
                return data.length;
            }
            if (value >= 0xc0) {
                int needed = value >= 0xf0 ? 4 : value >= 0xe0 ? 3 : 2;
                return needed > back && value < 0xf8 ? data.length - back : data.length;
            }
        }
        return data.length;
    }
}
