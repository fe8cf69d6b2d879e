package io.linkops.client;

import java.util.regex.Pattern;

/**
 * Text of a server or a host as a terminal may see it: nothing in it moves the cursor, sets a title, writes to the
 * clipboard or turns the reading direction. What would is shown, not obeyed; colours alone are dropped.
 */
public final class PlainText {
    private static final Pattern COLOURS = Pattern.compile("\u001b\\[[0-9;:]{0,40}m");
    private static final char TAB = '\t';

    private PlainText() {}

    /** One line; line ends inside are shown too. */
    public static String of(String text) {
        if (isPlain(text)) {
            return text;
        }
        var plain = new StringBuilder(text.length() + 16);
        COLOURS.matcher(text).replaceAll("").codePoints().forEach(letter -> append(plain, letter));
        return plain.toString();
    }

    private static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            char letter = text.charAt(i);
            if (letter != TAB && (letter < ' ' || letter > '~')) {
                return false;
            }
        }
        return true;
    }

    private static void append(StringBuilder plain, int letter) {
        if (letter == TAB || !isActive(letter)) {
            plain.appendCodePoint(letter);
        } else if (letter <= 0xff) {
            plain.append("\\x%02x".formatted(letter));
        } else {
            plain.append("\\u%04x".formatted(letter));
        }
    }

    /** Whether a terminal does something with it but show it. */
    static boolean isActive(int letter) {
        return switch (Character.getType(letter)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED -> true;
            default -> false;
        };
    }

    /** A JSON text with every control character and everything that turns the reading direction escaped. */
    public static String json(String json) {
        if (json.chars().allMatch(letter -> letter >= ' ' && letter <= '~')) {
            return json;
        }
        var plain = new StringBuilder(json.length() + 16);
        json.chars().forEach(letter -> {
            // Pairs of surrogates are letters; alone they are escaped.
            if (letter > '~' && isActive(letter) && !Character.isSurrogate((char) letter)) {
                plain.append("\\u%04x".formatted(letter));
            } else {
                plain.append((char) letter);
            }
        });
        return plain.toString();
    }
}
