package io.linkops.accounts;

import io.linkops.accounts.Accounts.Identity;
import io.linkops.store.Database;
import io.linkops.store.Statement;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.Optional;

/** The SQL of identities: who a user is at an OpenID provider. They go with their user. */
final class IdentityStore {
    private final Database database;

    IdentityStore(Database database) {
        this.database = database;
    }

    Future<Optional<String>> username(Identity identity) {
        return database.read(
                        "SELECT username FROM identities WHERE issuer = ? AND subject = ?",
                        identity.issuer(),
                        identity.subject())
                .map(rows -> rows.stream().findFirst().map(row -> row.getString("username")));
    }

    static Statement insert(Identity identity, String username, Instant now) {
        return Statement.of(
                "INSERT INTO identities (issuer, subject, username, created_at) VALUES (?, ?, ?, ?)",
                identity.issuer(),
                identity.subject(),
                username,
                now.toEpochMilli());
    }
}
