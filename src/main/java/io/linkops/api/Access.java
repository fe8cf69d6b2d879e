package io.linkops.api;

import io.linkops.accounts.Accounts.Role;

/** Who may use an endpoint. There is no default: an endpoint that does not say is not served. */
enum Access {
    /** Everybody, without a token. */
    OPEN,
    VIEWER,
    OPERATOR,
    ADMIN;

    boolean admits(Role role) {
        return this == OPEN || role.includes(role());
    }

    /** The least role that is admitted. */
    Role role() {
        return switch (this) {
            case OPEN, VIEWER -> Role.VIEWER;
            case OPERATOR -> Role.OPERATOR;
            case ADMIN -> Role.ADMIN;
        };
    }
}
