-- Users. token_generation is drawn anew whenever every token issued before must stop being valid.
CREATE TABLE users (
    username TEXT NOT NULL PRIMARY KEY,
    password_hash TEXT NOT NULL,
    role TEXT NOT NULL,
    is_disabled BIGINT NOT NULL,
    token_generation BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    last_login_at BIGINT
);

-- Tokens for machines: only the SHA-256 of each is kept.
CREATE TABLE api_tokens (
    id TEXT NOT NULL PRIMARY KEY,
    token_hash TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    username TEXT NOT NULL REFERENCES users (username),
    role TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT,
    last_used_at BIGINT,
    UNIQUE (username, name)
);

-- Every log-in attempt. lane: the address where it is one the user has logged in from, else empty; failures that
-- still count towards a lock have is_counted = 1.
CREATE TABLE auth_attempts (
    id TEXT NOT NULL PRIMARY KEY,
    username TEXT NOT NULL,
    ip TEXT NOT NULL,
    lane TEXT NOT NULL,
    success BIGINT NOT NULL,
    is_counted BIGINT NOT NULL,
    attempted_at BIGINT NOT NULL
);

CREATE INDEX auth_attempts_by_user ON auth_attempts (username, lane, is_counted, attempted_at);

CREATE INDEX auth_attempts_by_address ON auth_attempts (username, ip, success, attempted_at);

CREATE INDEX auth_attempts_by_time ON auth_attempts (attempted_at);

-- JWTs that were logged out, until they would have ended by themselves.
CREATE TABLE revoked_tokens (
    jti TEXT NOT NULL PRIMARY KEY,
    expires_at BIGINT NOT NULL
);

CREATE INDEX revoked_tokens_by_end ON revoked_tokens (expires_at);
