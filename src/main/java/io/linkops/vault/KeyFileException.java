package io.linkops.vault;

/** Why a private key file is not used: which file, what is wrong, and the command that mends it. */
public final class KeyFileException extends Exception {
    private static final long serialVersionUID = 1L;

    public KeyFileException(String message) {
        super(message);
    }
}
