package io.linkops.api;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What is the same for texts in JSON and in queries: the checks, and enums as words in lower case. */
final class Texts {
    private Texts() {}

    /** What is wrong with a text, if anything: too long, or not storable as it is. */
    static @Nullable String problem(String text, int maxLength) {
        if (text.length() > maxLength) {
            return "must not be longer than " + maxLength + " characters";
        }
        if (text.indexOf('\0') >= 0) {
            return "must not contain a NUL character";
        }
        if (text.codePoints().anyMatch(Texts::isHalf)) {
            return "must be valid Unicode";
        }
        return null;
    }

    private static boolean isHalf(int codePoint) {
        return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
    }

    static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    static <E extends Enum<E>> @Nullable E enumOf(Class<E> type, String word) {
        for (var value : type.getEnumConstants()) {
            if (word(value).equals(word)) {
                return value;
            }
        }
        return null;
    }

    static <E extends Enum<E>> String words(Class<E> type) {
        return Arrays.stream(type.getEnumConstants()).map(Texts::word).collect(Collectors.joining(", "));
    }
}
