package io.linkops.inventory;

import io.linkops.inventory.Inventory.Replace;
import io.linkops.inventory.Inventory.Script;
import io.linkops.store.Database;
import io.linkops.store.Statement;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.sqlclient.Row;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The SQL of the inventory: scripts and the commit here, links in {@link LinkRows}. */
final class InventoryStore {
    private static final String INSERT_SCRIPT = """
        INSERT INTO scripts (id, name, description, path, timeout_millis, flags, tags, estimate_millis, durable,
          parameters, needs)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)\
        """;

    private static final String SET_COMMIT = """
        INSERT INTO inventory_commit (id, commit_hash, replaced_at) VALUES (1, ?, ?)
        ON CONFLICT (id) DO UPDATE SET commit_hash = excluded.commit_hash, replaced_at = excluded.replaced_at\
        """;

    private final Database database;

    InventoryStore(Database database) {
        this.database = database;
    }

    Future<List<KnownLink>> links() {
        return database.read("SELECT * FROM links")
                .map(rows -> rows.stream().map(LinkRows::link).toList());
    }

    Future<List<Script>> scripts() {
        return database.read("SELECT * FROM scripts ORDER BY id")
                .map(rows -> rows.stream().map(InventoryStore::script).toList());
    }

    Future<@Nullable String> commit() {
        return database.read("SELECT commit_hash FROM inventory_commit")
                .map(rows -> rows.isEmpty() ? null : rows.getFirst().getString(0));
    }

    /** Everything of a commit or nothing. */
    Future<Void> replace(ReplacePlan plan, Replace replace, Instant now) {
        var statements = new ArrayList<Statement>();
        plan.links().forEach(link -> statements.add(LinkRows.described(link)));
        plan.reset().forEach(id -> statements.add(LinkRows.reset(id, now)));
        statements.add(Statement.of("DELETE FROM scripts"));
        replace.scripts().forEach(script -> statements.add(insert(script)));
        statements.add(Statement.of(SET_COMMIT, replace.commit(), now.toEpochMilli()));
        return database.write(statements);
    }

    Future<Void> seen(Sighting sighting) {
        return database.write(LinkRows.seen(sighting));
    }

    /** The confirmed key, and what was seen under another one is void. */
    Future<Void> confirmed(String linkId, String fingerprint, String confirmedBy, Instant now) {
        return database.write(LinkRows.reset(linkId, now), LinkRows.confirmed(linkId, fingerprint, confirmedBy, now));
    }

    private static Statement insert(Script script) {
        return Statement.of(
                INSERT_SCRIPT,
                script.id(),
                script.name(),
                script.description(),
                script.path(),
                millis(script.timeout()),
                new JsonArray(script.flags()).encode(),
                new JsonArray(script.tags()).encode(),
                millis(script.estimate()),
                script.durable().name(),
                ParameterRows.text(script.parameters()),
                new JsonArray(script.needs()).encode());
    }

    private static Script script(Row row) {
        return new Script(
                row.getString("id"),
                row.getString("name"),
                row.getString("description"),
                row.getString("path"),
                duration(row.getLong("timeout_millis")),
                LinkRows.texts(row.getString("flags")),
                LinkRows.texts(row.getString("tags")),
                duration(row.getLong("estimate_millis")),
                Inventory.Durable.valueOf(row.getString("durable")),
                ParameterRows.parameters(row.getString("parameters")),
                LinkRows.texts(row.getString("needs")));
    }

    private static @Nullable Long millis(@Nullable Duration duration) {
        return duration == null ? null : duration.toMillis();
    }

    private static @Nullable Duration duration(@Nullable Long millis) {
        return millis == null ? null : Duration.ofMillis(millis);
    }
}
