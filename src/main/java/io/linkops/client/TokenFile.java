package io.linkops.client;

import io.linkops.vault.Secret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file with a token in its first line, that nobody but its owner may read. */
public final class TokenFile {
    private static final int OF_OTHERS = 0077;
    private static final int LONGEST = 16 * 1024;

    private TokenFile() {}

    /** @throws IllegalArgumentException with a sentence that says what is wrong with it */
    public static Secret read(Path file) {
        try {
            if (Files.getAttribute(file, "unix:mode") instanceof Integer mode && (mode & OF_OTHERS) != 0) {
                throw new IllegalArgumentException(
                        "The token in " + file + " can be read by others. Mend it: chmod 600 " + file);
            }
            if (Files.size(file) > LONGEST) {
                throw new IllegalArgumentException(file + " is too large for a token");
            }
            return token(Files.readString(file, StandardCharsets.UTF_8), file.toString());
        } catch (IOException e) {
            // The exception may quote what was read.
            throw new IllegalArgumentException("The token file " + file + " cannot be read: "
                    + e.getClass().getSimpleName());
        }
    }

    /**
     * A token as a header can carry it.
     *
     * @param where it comes from, for the message
     */
    public static Secret token(String text, String where) {
        var token = text.strip();
        if (token.isEmpty() || !token.chars().allMatch(letter -> letter > ' ' && letter < 0x7f)) {
            throw new IllegalArgumentException(
                    "There is no token in " + where + ": it is one word, as POST /api/tokens or a log-in answered it");
        }
        return new Secret(token);
    }
}
