package io.linkops.accounts;

import io.linkops.accounts.Accounts.Role;
import io.linkops.store.Database;
import io.linkops.store.Statement;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The SQL of users and of revoked JWTs. */
final class AccountStore {
    private static final String COLUMNS =
            "username, password_hash, role, is_disabled, token_generation, created_at, last_login_at, scope";

    private final Database database;

    AccountStore(Database database) {
        this.database = database;
    }

    Future<Optional<Account>> find(String username) {
        return database.read("SELECT " + COLUMNS + " FROM users WHERE username = ?", username)
                .map(AccountStore::first);
    }

    /** The account unless this token of it was revoked. */
    Future<Optional<Account>> findUnlessRevoked(String username, String jti) {
        return database.read(
                        "SELECT " + COLUMNS + " FROM users WHERE username = ?"
                                + " AND NOT EXISTS (SELECT 1 FROM revoked_tokens WHERE jti = ?)",
                        username,
                        jti)
                .map(AccountStore::first);
    }

    Future<List<Account>> all() {
        return database.read("SELECT " + COLUMNS + " FROM users ORDER BY username")
                .map(rows -> rows.stream().map(AccountStore::account).toList());
    }

    Future<Void> write(Statement... statements) {
        return database.write(List.of(statements)).mapEmpty();
    }

    static Statement insert(Account account) {
        return Statement.of(
                "INSERT INTO users (" + COLUMNS + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                account.username(),
                account.passwordHash(),
                account.role().name(),
                account.isDisabled(),
                account.generation(),
                account.createdAt().toEpochMilli(),
                null,
                ScopeText.of(account.scope()));
    }

    static Statement update(Account account) {
        return Statement.of(
                "UPDATE users SET password_hash = ?, role = ?, is_disabled = ?, token_generation = ?, scope = ?"
                        + " WHERE username = ?",
                account.passwordHash(),
                account.role().name(),
                account.isDisabled(),
                account.generation(),
                ScopeText.of(account.scope()),
                account.username());
    }

    static Statement seen(String username, Instant now) {
        return Statement.of("UPDATE users SET last_login_at = ? WHERE username = ?", now.toEpochMilli(), username);
    }

    static Statement delete(String username) {
        return Statement.of("DELETE FROM users WHERE username = ?", username);
    }

    static Statement revoke(String jti, Instant expiresAt) {
        return Statement.of(
                "INSERT INTO revoked_tokens (jti, expires_at) VALUES (?, ?) ON CONFLICT (jti) DO NOTHING",
                jti,
                expiresAt.toEpochMilli());
    }

    static Statement forgetRevokedBefore(Instant end) {
        return Statement.of("DELETE FROM revoked_tokens WHERE expires_at <= ?", end.toEpochMilli());
    }

    private static Optional<Account> first(List<Row> rows) {
        return rows.stream().findFirst().map(AccountStore::account);
    }

    static Account account(Row row) {
        var lastLogin = row.getLong("last_login_at");
        return new Account(
                row.getString("username"),
                row.getString("password_hash"),
                Role.valueOf(row.getString("role")),
                row.getLong("is_disabled") != 0,
                row.getLong("token_generation"),
                Instant.ofEpochMilli(row.getLong("created_at")),
                lastLogin == null ? null : Instant.ofEpochMilli(lastLogin),
                ScopeText.scope(row.getString("scope")));
    }
}
