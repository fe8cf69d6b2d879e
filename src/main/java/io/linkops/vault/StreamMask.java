package io.linkops.vault;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/**
 * Takes secrets out of a stream of bytes, wherever it is cut: what may be the beginning of one is held back until it is
 * clear. Every form that {@link Masking} knows becomes {@code ***}. Not for more than one thread.
 */
public final class StreamMask {
    private static final byte[] MASK = Masking.MASK.getBytes(StandardCharsets.UTF_8);
    private static final int NO = -1;
    private static final int UNCLEAR = -2;

    private final List<byte[]> forms = new ArrayList<>();
    private final boolean[] begins = new boolean[256];
    private byte[] held = new byte[0];

    public StreamMask(Collection<Secret> secrets) {
        for (var secret : secrets) {
            SecretForms.of(secret.reveal())
                    .literals()
                    .forEach(form -> forms.add(form.getBytes(StandardCharsets.UTF_8)));
        }
        for (var form : forms) {
            begins[form[0] & 0xff] = true;
            begins['+'] |= form[0] == ' ';
        }
        begins['%'] = true;
    }

    /** What can be handed on when these bytes have come. */
    public byte[] mask(byte[] bytes, int offset, int length) {
        var text = Arrays.copyOf(held, held.length + length);
        System.arraycopy(bytes, offset, text, held.length, length);
        return mask(text, false);
    }

    /** What was held back; nothing comes after it. */
    public byte[] end() {
        return mask(held, true);
    }

    private byte[] mask(byte[] text, boolean isLast) {
        var out = new ByteArrayOutputStream(text.length);
        int at = 0;
        while (at < text.length) {
            int end = end(text, at, isLast);
            if (end == UNCLEAR) {
                break;
            }
            if (end == at) {
                out.write(text[at++]);
            } else {
                out.writeBytes(MASK);
                at = end;
            }
        }
        held = Arrays.copyOfRange(text, at, text.length);
        return out.toByteArray();
    }

    /** Where the secrets end that begin here, each overlapping the one before: {@code from} if there is none. */
    private int end(byte[] text, int from, boolean isLast) {
        int end = from;
        for (int at = from; at == from || at < end; at++) {
            if (begins[text[at] & 0xff]) {
                for (var form : forms) {
                    int match = match(form, text, at, isLast);
                    if (match == UNCLEAR) {
                        return UNCLEAR;
                    }
                    end = Math.max(end, match);
                }
            }
        }
        return end;
    }

    /**
     * Where a form ends that begins here. Each of its bytes may stand as it is or percent-encoded, a space also as a
     * plus; a percent sign may be either, so more than one reading is followed.
     */
    private static int match(byte[] form, byte[] text, int from, boolean isLast) {
        var readings = new Readings(text, from);
        for (int index = 0; index < form.length && readings.count > 0; index++) {
            readings.read(form[index]);
        }
        if (readings.isUnclear && !isLast) {
            return UNCLEAR;
        }
        return readings.count == 0
                ? NO
                : Arrays.stream(readings.ends, 0, readings.count).max().orElse(NO);
    }

    /** How far a text may have been read, in the ways there are. */
    private static final class Readings {
        private final byte[] text;
        private int[] ends;
        private int count = 1;
        private boolean isUnclear;

        Readings(byte[] text, int from) {
            this.text = text;
            this.ends = new int[] {from, 0};
        }

        void read(byte expected) {
            var before = ends;
            int many = count;
            ends = many > before.length / 2 ? new int[2 * before.length] : new int[before.length];
            count = 0;
            for (int i = 0; i < many; i++) {
                read(expected, before[i]);
            }
        }

        private void read(byte expected, int at) {
            if (at == text.length) {
                isUnclear = true;
                return;
            }
            if (text[at] == expected || (text[at] == '+' && expected == ' ')) {
                add(at + 1);
            }
            if (text[at] == '%' && isDigit(at + 1, (expected & 0xff) >> 4) && isDigit(at + 2, expected & 15)) {
                add(at + 3);
            }
        }

        private boolean isDigit(int at, int value) {
            if (at >= text.length) {
                isUnclear |= at == text.length;
                return false;
            }
            return Character.digit(text[at], 16) == value;
        }

        private void add(int end) {
            ends[count++] = end;
        }
    }
}
