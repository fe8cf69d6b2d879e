package io.linkops.bus;

/**
 * Every kind of failure the product knows, with the HTTP status that {@code api} answers. The names are the API's;
 * cause and remedy of each are in {@code error-codes.properties}.
 */
public enum ErrorCode {
    VALIDATION_FAILED(400, Category.CALLER),
    MALFORMED_REQUEST(400, Category.CALLER),
    NOT_BASH(400, Category.CALLER),
    INVENTORY_INVALID(400, Category.CALLER),
    INVALID_CREDENTIALS(401, Category.CALLER),
    TOKEN_INVALID(401, Category.CALLER),
    TOKEN_EXPIRED(401, Category.CALLER),
    ACCOUNT_LOCKED(403, Category.CALLER),
    FORBIDDEN(403, Category.CALLER),
    NOT_ENROLLED(403, Category.CALLER),
    CLIENT_ID_MISMATCH(403, Category.LINK),
    CLIENT_ID_MISSING(404, Category.LINK),
    NOT_FOUND(404, Category.CALLER),
    LINK_NOT_FOUND(404, Category.CALLER),
    SCRIPT_NOT_FOUND(404, Category.CALLER),
    OPERATION_NOT_FOUND(404, Category.CALLER),
    WORKSPACE_NOT_FOUND(404, Category.CALLER),
    RECORDING_NOT_FOUND(404, Category.CALLER),
    METHOD_NOT_ALLOWED(405, Category.CALLER),
    CONFLICT(409, Category.CALLER),
    PANE_ASSIGNED(409, Category.CALLER),
    SYNC_HELD(409, Category.CALLER),
    HOST_KEY_UNKNOWN(409, Category.LINK),
    HOST_KEY_CHANGED(409, Category.LINK),
    PAYLOAD_TOO_LARGE(413, Category.CALLER),
    UNSUPPORTED_MEDIA_TYPE(415, Category.CALLER),
    UPGRADE_REQUIRED(426, Category.CALLER),
    RATE_LIMITED(429, Category.CALLER),
    INTERNAL(500, Category.SERVER),
    GIT_AUTH_FAILED(502, Category.SERVER),
    GIT_FAILED(502, Category.SERVER),
    SSH_FAILED(503, Category.LINK),
    STORAGE_UNAVAILABLE(503, Category.SERVER),
    UNAVAILABLE(503, Category.SERVER),
    TIMEOUT(504, Category.SERVER),
    STORAGE_FULL(507, Category.SERVER);

    /** Whose move it is. */
    public enum Category {
        /** The caller must change the request. */
        CALLER,
        /** A link, its file or its key must be put right. */
        LINK,
        /** LinkOps or something it stands on must be put right. */
        SERVER
    }

    private final int httpStatus;
    private final Category category;

    ErrorCode(int httpStatus, Category category) {
        this.httpStatus = httpStatus;
        this.category = category;
    }

    public int httpStatus() {
        return httpStatus;
    }

    public Category category() {
        return category;
    }
}
