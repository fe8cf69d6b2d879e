package io.linkops.accounts;

import io.linkops.accounts.Accounts.ApiToken;
import io.linkops.accounts.Accounts.Role;
import io.linkops.accounts.Accounts.Scope;
import io.linkops.store.Database;
import io.linkops.store.Statement;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The SQL of tokens for machines. */
final class ApiTokenStore {
    private static final String COLUMNS =
            "t.id AS id, t.name AS name, t.username AS username, t.role AS role, t.created_at AS created_at,"
                    + " t.expires_at AS expires_at, t.last_used_at AS last_used_at, t.scope AS scope";

    /** Whose token it is, and whether the owner may do anything at present. */
    record Owned(ApiToken token, Role ownerRole, boolean isOwnerDisabled, Scope ownerScope) {
        /** A token never may more than its owner may now. */
        Role role() {
            return ownerRole.includes(token.role()) ? token.role() : ownerRole;
        }

        /** Both count. */
        List<Scope> scopes() {
            return Stream.of(ownerScope, token.scope())
                    .filter(scope -> !scope.isAll())
                    .toList();
        }
    }

    private final Database database;

    ApiTokenStore(Database database) {
        this.database = database;
    }

    Future<List<ApiToken>> all() {
        return tokens("SELECT " + COLUMNS + " FROM api_tokens t ORDER BY t.username, t.name");
    }

    Future<List<ApiToken>> of(String username) {
        return tokens("SELECT " + COLUMNS + " FROM api_tokens t WHERE t.username = ? ORDER BY t.name", username);
    }

    Future<Optional<Owned>> findByHash(String hash) {
        return owned("t.token_hash", hash);
    }

    Future<Optional<Owned>> findById(String id) {
        return owned("t.id", id);
    }

    Future<Void> write(Statement statement) {
        return database.write(List.of(statement)).mapEmpty();
    }

    static Statement insert(ApiToken token, String hash) {
        return Statement.of(
                "INSERT INTO api_tokens (id, token_hash, name, username, role, created_at, expires_at, scope)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                token.id(),
                hash,
                token.name(),
                token.username(),
                token.role().name(),
                token.createdAt().toEpochMilli(),
                token.expiresAt() == null ? null : token.expiresAt().toEpochMilli(),
                ScopeText.of(token.scope()));
    }

    static Statement used(String id, Instant now) {
        return Statement.of("UPDATE api_tokens SET last_used_at = ? WHERE id = ?", now.toEpochMilli(), id);
    }

    static Statement delete(String id) {
        return Statement.of("DELETE FROM api_tokens WHERE id = ?", id);
    }

    static Statement deleteOf(String username) {
        return Statement.of("DELETE FROM api_tokens WHERE username = ?", username);
    }

    private Future<List<ApiToken>> tokens(String sql, @Nullable Object... values) {
        return database.read(sql, values)
                .map(rows -> rows.stream().map(ApiTokenStore::token).toList());
    }

    private Future<Optional<Owned>> owned(String column, String value) {
        return database.read(
                        "SELECT " + COLUMNS + ", u.role AS owner_role, u.is_disabled AS is_disabled,"
                                + " u.scope AS owner_scope FROM api_tokens t"
                                + " JOIN users u ON u.username = t.username WHERE " + column + " = ?",
                        value)
                .map(rows -> rows.stream()
                        .findFirst()
                        .map(row -> new Owned(
                                token(row),
                                Role.valueOf(row.getString("owner_role")),
                                row.getLong("is_disabled") != 0,
                                ScopeText.scope(row.getString("owner_scope")))));
    }

    private static ApiToken token(Row row) {
        return new ApiToken(
                row.getString("id"),
                row.getString("name"),
                row.getString("username"),
                Role.valueOf(row.getString("role")),
                Instant.ofEpochMilli(row.getLong("created_at")),
                instant(row.getLong("expires_at")),
                instant(row.getLong("last_used_at")),
                null,
                ScopeText.scope(row.getString("scope")));
    }

    private static @Nullable Instant instant(@Nullable Long millis) {
        return millis == null ? null : Instant.ofEpochMilli(millis);
    }
}
