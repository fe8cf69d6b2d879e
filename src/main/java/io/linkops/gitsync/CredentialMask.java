package io.linkops.gitsync;

import io.linkops.vault.Secret;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Takes credentials out of what others say, before it is logged or stored. */
final class CredentialMask {
    private static final Pattern USER_INFO = Pattern.compile("(?<=://)[^/\\s@]*:[^/\\s@]*(?=@)");
    private static final int MAX_CAUSES = 10;

    private final List<String> secrets = new ArrayList<>();

    CredentialMask(@Nullable Secret... credentials) {
        for (var credential : credentials) {
            if (credential != null && !credential.reveal().isEmpty()) {
                add(credential.reveal());
            }
        }
    }

    private void add(String secret) {
        secrets.add(secret);
        secrets.add(URLEncoder.encode(secret, StandardCharsets.UTF_8));
        for (var user : List.of("", "git:", "oauth2:", ":")) {
            var bytes = (user + secret).getBytes(StandardCharsets.UTF_8);
            secrets.add(Base64.getEncoder().encodeToString(bytes));
        }
    }

    String in(String text) {
        var masked = text;
        for (var secret : secrets) {
            masked = masked.replace(secret, "***");
        }
        return USER_INFO.matcher(masked).replaceAll("***");
    }

    /** A copy for the log: same stack, same causes, masked messages. */
    Throwable in(Throwable original) {
        return copy(original, MAX_CAUSES);
    }

    private Throwable copy(Throwable original, int depth) {
        var cause = original.getCause();
        var copy = new Masked(in(original.toString()), cause == null || depth == 0 ? null : copy(cause, depth - 1));
        copy.setStackTrace(original.getStackTrace());
        return copy;
    }

    /** Its message is the original's type and message. */
    private static final class Masked extends Exception {
        private static final long serialVersionUID = 1L;

        Masked(String text, @Nullable Throwable cause) {
            super(text, cause);
        }
    }
}
