package io.linkops.logging;

/** Keeps what others sent (host names, outputs, errors) from looking like log lines of its own. */
final class TextLines {
    private TextLines() {}

    /** Lines after the first are indented, control characters are spelled out. */
    static String oneRecord(String text) {
        if (text.chars().noneMatch(Character::isISOControl)) {
            return text;
        }
        var lines = new StringBuilder(text.length() + 16);
        for (int at = 0; at < text.length(); at++) {
            char character = text.charAt(at);
            if (character == '\n') {
                lines.append("\n    ");
            } else if (character == '\t' || !Character.isISOControl(character)) {
                lines.append(character);
            } else {
                lines.append("\\u%04x".formatted((int) character));
            }
        }
        return lines.toString();
    }
}
