package io.linkops.gitsync;

import io.linkops.vault.Masking;
import io.linkops.vault.Secret;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Takes credentials out of what others say, before it is logged or stored. */
final class CredentialMask {
    private static final int MAX_CAUSES = 10;

    private final Masking masking = new Masking();
    private final List<String> shortOnes = new ArrayList<>();

    CredentialMask(@Nullable Secret... credentials) {
        for (var credential : credentials) {
            if (credential != null && !credential.reveal().isEmpty() && !masking.register(credential)) {
                shortOnes.add(credential.reveal());
            }
        }
    }

    String in(String text) {
        var masked = masking.mask(text);
        for (var secret : shortOnes) {
            masked = masked.replace(secret, Masking.MASK);
        }
        return masked;
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
