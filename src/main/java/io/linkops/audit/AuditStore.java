package io.linkops.audit;

import io.linkops.audit.Audit.Anchor;
import io.linkops.audit.Audit.Find;
import io.linkops.store.Database;
import io.linkops.store.Statement;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The SQL of the audit. Cells are read as text, so that what was put there by force can be told. */
final class AuditStore {
    private static final String INSERT = "INSERT INTO audit (seq, " + String.join(", ", Line.NAMES)
            + ", previous, seal) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    private static final String SELECT = "SELECT CAST(seq AS TEXT) AS seq, "
            + String.join(
                    ", ",
                    Line.NAMES.stream()
                            .map(name -> "COALESCE(CAST(" + name + " AS TEXT), '') AS " + name)
                            .toList())
            + ", COALESCE(CAST(previous AS TEXT), '') AS previous, COALESCE(CAST(seal AS TEXT), '') AS seal FROM audit";

    private final Database database;

    AuditStore(Database database) {
        this.database = database;
    }

    static Statement insert(Line line) {
        List<@Nullable Object> values = new ArrayList<>();
        values.add(Long.valueOf(line.sequence()));
        values.add(Long.valueOf(line.fields().getFirst()));
        values.addAll(line.fields().subList(1, line.fields().size()));
        values.add(line.previous());
        values.add(line.seal());
        return new Statement(INSERT, values);
    }

    Future<Void> write(List<Statement> statements) {
        return database.write(statements);
    }

    /** The newest row; sequence 0 where there is none, also after a removal of all. */
    Future<Anchor> head() {
        return database.read("SELECT seq, seal FROM audit ORDER BY seq DESC LIMIT 1")
                .compose(rows -> rows.isEmpty()
                        ? checkpoint().map(found -> found.map(Checkpoint::upTo).orElse(new Anchor(0, Seal.NONE)))
                        : Future.succeededFuture(new Anchor(
                                rows.getFirst().getLong("seq"), rows.getFirst().getString("seal"))));
    }

    Future<Optional<Checkpoint>> checkpoint() {
        return database.read("SELECT * FROM audit_checkpoint WHERE id = 1")
                .map(rows -> rows.stream()
                        .findFirst()
                        .map(row -> new Checkpoint(
                                new Anchor(row.getLong("seq"), row.getString("row_seal")),
                                row.getLong("removed_at"),
                                row.getString("seal"))));
    }

    /** Rows in order, from the first after a sequence on. */
    Future<List<Line>> after(long sequence, int limit) {
        return database.read(SELECT + " WHERE audit.seq > ? ORDER BY audit.seq LIMIT ?", sequence, limit)
                .map(rows -> rows.stream().map(AuditStore::line).toList());
    }

    /** Rows in front of the first there can be. */
    Future<List<Line>> misnumbered(int limit) {
        return database.read(SELECT + " WHERE audit.seq < 1 ORDER BY audit.seq LIMIT ?", limit)
                .map(rows -> rows.stream().map(AuditStore::line).toList());
    }

    /** Newest first. */
    Future<List<Line>> page(Find find, int limit) {
        var where = new ArrayList<String>();
        var values = new ArrayList<@Nullable Object>();
        criterion(where, values, "username = ?", find.user());
        criterion(where, values, "action = ?", find.action());
        criterion(where, values, "kind = ?", find.kind());
        criterion(where, values, "resource = ?", find.resource());
        criterion(where, values, "result = ?", find.result());
        criterion(where, values, "at >= ?", millisUp(find.from()));
        criterion(where, values, "at < ?", millisUp(find.to()));
        criterion(where, values, "audit.seq < ?", find.before());
        values.add(limit);
        var filter = where.isEmpty()
                ? ""
                : " WHERE "
                        + String.join(
                                " AND ",
                                where.stream()
                                        .map(each -> each.startsWith("audit.") ? each : "audit." + each)
                                        .toList());
        return database.read(SELECT + filter + " ORDER BY audit.seq DESC LIMIT ?", values.toArray())
                .map(rows -> rows.stream().map(AuditStore::line).toList());
    }

    private static void criterion(
            List<String> where, List<@Nullable Object> values, String condition, @Nullable Object value) {
        if (value != null) {
            where.add(condition);
            values.add(value);
        }
    }

    /** Rows are kept to the millisecond: one at or after a finer time is one at or after the next whole one. */
    private static @Nullable Long millisUp(@Nullable Instant at) {
        if (at == null) {
            return null;
        }
        return at.equals(at.truncatedTo(ChronoUnit.MILLIS)) ? at.toEpochMilli() : at.toEpochMilli() + 1;
    }

    static List<Statement> forget(Checkpoint checkpoint) {
        return List.of(
                Statement.of(
                        "INSERT INTO audit_checkpoint (id, seq, row_seal, removed_at, seal) VALUES (1, ?, ?, ?, ?)"
                                + " ON CONFLICT (id) DO UPDATE SET seq = excluded.seq, row_seal = excluded.row_seal,"
                                + " removed_at = excluded.removed_at, seal = excluded.seal",
                        checkpoint.upTo().sequence(),
                        checkpoint.upTo().seal(),
                        checkpoint.removedAt(),
                        checkpoint.seal()),
                Statement.of(
                        "DELETE FROM audit WHERE seq <= ?", checkpoint.upTo().sequence()));
    }

    private static Line line(Row row) {
        return new Line(
                row.getString("seq"),
                Line.NAMES.stream().map(row::getString).toList(),
                row.getString("previous"),
                row.getString("seal"));
    }
}
