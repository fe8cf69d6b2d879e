-- Who a user is at an OpenID provider. The provider's own, unchanging name of somebody (subject) leads to the user; the
-- user name is taken once, when the row is made. Users in here have no password: theirs is '!'.
CREATE TABLE identities (
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    username TEXT NOT NULL UNIQUE REFERENCES users (username) ON DELETE CASCADE,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (issuer, subject)
);
