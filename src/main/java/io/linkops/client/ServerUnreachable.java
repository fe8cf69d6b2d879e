package io.linkops.client;

/** No answer came, or none that can be trusted; the message says what to look at. */
public final class ServerUnreachable extends Exception {
    private static final long serialVersionUID = 1;

    ServerUnreachable(String message, Throwable cause) {
        super(message, cause);
    }

    ServerUnreachable(String message) {
        super(message);
    }
}
