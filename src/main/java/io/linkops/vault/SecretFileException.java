package io.linkops.vault;

/** A secret that is not there or must not be used; the message says what to do and never holds the secret. */
public final class SecretFileException extends Exception {
    private static final long serialVersionUID = 1;

    private final String text;

    public SecretFileException(String text) {
        super(text);
        this.text = text;
    }

    /** The message, for people. */
    public String text() {
        return text;
    }
}
