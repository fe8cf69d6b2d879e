package io.linkops.client;

/** The server understood and said no; the message is the server's own, with its code and the request's id. */
public final class ServerRefusal extends Exception {
    private static final long serialVersionUID = 1;

    private final int status;
    private final String code;

    ServerRefusal(int status, String code, String message) {
        super(message);
        this.status = status;
        this.code = code;
    }

    /** The HTTP status. */
    public int status() {
        return status;
    }

    /** The API's error code; {@code HTTP_} and the status where the answer was not LinkOps' own. */
    public String code() {
        return code;
    }

    /** Whether another token, or a user with another role, is needed. */
    public boolean isAboutTheCaller() {
        return status == 401 || code.equals("FORBIDDEN") || code.equals("ACCOUNT_LOCKED");
    }
}
