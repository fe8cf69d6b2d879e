package io.linkops.client;

/** What the commands that speak to a server end with. */
final class Exit {
    static final int SUCCESS = 0;
    /** The operation did not come to a success, or the server refused what was asked. */
    static final int FAILED = 1;
    /** Called wrongly; nothing was sent. */
    static final int MISUSED = 2;
    /** The server could not be reached, or not be trusted. */
    static final int UNREACHABLE = 3;
    /** The server does not know the token, or its user may not do this. */
    static final int NOT_ADMITTED = 4;

    static final String FOOTER =
            "%nExit codes: 0 success, 1 failed or refused, 2 called wrongly, 3 the server cannot be"
                    + " reached or trusted, 4 the token is refused or may not do this, 130 left by Ctrl-C.";

    private Exit() {}
}
