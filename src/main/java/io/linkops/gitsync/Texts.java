package io.linkops.gitsync;

/** How text from the repository is judged and shown: it may hold anything. */
final class Texts {
    private static final int SHOWN = 80;

    private Texts() {}

    /** The text for a message: one line, printable, shortened. */
    static String shown(String text) {
        return shown(text, SHOWN);
    }

    /** The same with another limit, in characters. */
    static String shown(String text, int length) {
        var line = text.codePoints()
                .limit(length)
                .map(c -> isUnprintable(c) ? '\uFFFD' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
        return text.length() > line.length() ? line + "…" : line;
    }

    static boolean hasUnprintable(String text) {
        return text.codePoints().anyMatch(Texts::isUnprintable);
    }

    static boolean hasWhiteSpace(String text) {
        return text.codePoints().anyMatch(c -> Character.isWhitespace(c) || Character.isSpaceChar(c));
    }

    /** Control and formatting characters (those that turn the direction of writing, too) and halves of a pair. */
    private static boolean isUnprintable(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> true;
            default -> false;
        };
    }
}
