package io.linkops.vault;

/** Something sealed that cannot be opened, or a key that is none; the message says which and never holds a secret. */
public final class SealException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String text;

    public SealException(String message) {
        super(message);
        this.text = message;
    }

    public String text() {
        return text;
    }
}
