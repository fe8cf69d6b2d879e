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
            SecretForms.of(secret.reveal()).literals().forEach(form -> forms.add(form.getBytes(StandardCharsets.UTF_8)));
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
                    int match = match(form, text, at);
                    if (match == UNCLEAR && !isLast) {
                        return UNCLEAR;
                    }
                    end = Math.max(end, match);
                }
            }
        }
        return end;
    }

    /** Each byte of a form may stand as it is or percent-encoded, a space also as a plus. */
    private static int match(byte[] form, byte[] text, int from) {
        int at = from;
        for (int index = 0; index < form.length; index++) {
            int length = at == text.length ? UNCLEAR : length(form, index, text, at);
            if (length < 0) {
                return length;
            }
            at += length;
        }
        return at;
    }

    /** How many bytes of the text stand for this one of the form; NO or UNCLEAR if that is not so. */
    private static int length(byte[] form, int index, byte[] text, int at) {
        if (text[at] == form[index] && !isEncodedPercent(form, index, text, at)) {
            return 1;
        }
        if (text[at] == '+' && form[index] == ' ') {
            return 1;
        }
        return text[at] == '%' ? encoded(form[index], text, at) : NO;
    }

    private static int encoded(byte expected, byte[] text, int at) {
        for (int digit = 1; digit <= 2; digit++) {
            if (at + digit == text.length) {
                return UNCLEAR;
            }
            if (Character.digit(text[at + digit], 16) != ((expected & 0xff) >> (digit == 1 ? 4 : 0) & 15)) {
                return NO;
            }
        }
        return 3;
    }

    /** A percent sign that is encoded itself, unless the form goes on with just these digits. */
    private static boolean isEncodedPercent(byte[] form, int index, byte[] text, int at) {
        return startsWith(text, at, "%25") && !startsWith(form, index, "%25");
    }

    private static boolean startsWith(byte[] bytes, int at, String word) {
        return at + word.length() <= bytes.length
                && new String(bytes, at, word.length(), StandardCharsets.ISO_8859_1).equals(word);
    }
}
