package io.linkops;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkops.world.ApiClient;
import io.linkops.world.LinkOpsProcess;
import io.linkops.world.Patience;
import io.linkops.world.World;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Backups beside a LinkOps that writes as fast as it can, restored on an empty directory. */
class BackupIT {
    private static final int WRITERS = 4;

    @TempDir
    private Path directory;

    @Test
    void aBackupInAWriteStormHasEverythingAcknowledgedBeforeItAndIsConsistent() throws Exception {
        try (var world = World.with(directory, 4)) {
            world.script(
                            "chatty",
                            "#!/bin/bash",
                            "for i in {1..100}; do echo \"line $i\"; done",
                            "exit $((RANDOM % 2))")
                    .commit();
            var live = directory.resolve("data/linkops.db");
            try (var linkops = world.serve()) {
                var api = linkops.login();
                World.enroll(api);
                Set<String> submitted = ConcurrentHashMap.newKeySet();
                var faults = new CopyOnWriteArrayList<Throwable>();
                var isOver = new AtomicBoolean();
                var writers = storm(api, submitted, faults, isOver);
                Patience.until("the storm blows", () -> submitted.size() >= 30);

                for (int round = 1; round <= 2; round++) {
                    var before = Set.copyOf(submitted);
                    var file = directory.resolve("storm-" + round + ".zip");
                    command(0, "backup", file.toString(), "--with-keys", "--config", config());
                    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                            .isEqualTo("rw-------");
                    var restored = directory.resolve("restored-" + round);
                    command(0, "restore", file.toString(), "--into", restored.toString());
                    requireConsistent(restored.resolve("linkops.db"), live, before, submitted);
                }
                isOver.set(true);
                for (var writer : writers) {
                    writer.join();
                }
                assertThat(faults).isEmpty();
                System.out.println("BackupIT: " + submitted.size() + " operations were acknowledged");
            }
            requireTheSame(live);
            requireUsable(directory.resolve("restored-2/config.yaml"));
        }
    }

    private static List<Thread> storm(
            ApiClient api, Set<String> submitted, List<Throwable> faults, AtomicBoolean isOver) {
        List<Thread> writers = new ArrayList<>();
        for (int i = 0; i < WRITERS; i++) {
            writers.add(Thread.ofVirtual().start(() -> {
                while (!isOver.get()) {
                    try {
                        submitted.add(World.run(api, 4, List.of("chatty"), "*"));
                    } catch (Exception e) {
                        faults.add(e);
                        return;
                    }
                }
            }));
        }
        return writers;
    }

    private String config() {
        return directory.resolve("linkops.yaml").toString();
    }

    private void command(int expected, String... arguments) throws Exception {
        try (var process = LinkOpsProcess.start(directory, arguments)) {
            int exit = process.awaitExit();
            System.out.println("BackupIT: linkops " + String.join(" ", arguments) + " -> " + exit + "\n"
                    + process.output().strip());
            assertThat(exit).as(process.output()).isEqualTo(expected);
        }
    }

    private static void requireConsistent(Path copy, Path live, Set<String> before, Set<String> submitted)
            throws Exception {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + copy)) {
            assertThat(column(connection, "PRAGMA integrity_check")).containsExactly("ok");
            assertThat(column(connection, "PRAGMA foreign_key_check")).isEmpty();
            var operations = column(connection, "SELECT id FROM operations WHERE kind = 'SCRIPT'");
            assertThat(operations).containsAll(before);
            assertThat(column(
                            connection,
                            "SELECT stream FROM journal GROUP BY stream"
                                    + " HAVING MIN(seq) <> 1 OR MAX(seq) <> COUNT(*)"))
                    .isEmpty();
            // The record of an operation and the last event of its stream are written together.
            assertThat(column(
                            connection,
                            "SELECT id FROM operations o WHERE (ended_at IS NOT NULL) <> EXISTS (SELECT 1 FROM"
                                    + " journal WHERE stream = 'operation:' || o.id AND is_last = 1)"))
                    .isEmpty();
            assertThat(column(
                            connection,
                            "SELECT o.id FROM operations o WHERE targets <>"
                                    + " (SELECT COUNT(DISTINCT target) FROM executions WHERE operation_id = o.id)"))
                    .isEmpty();
            execute(connection, "ATTACH 'file:" + live + "?mode=ro' AS live");
            assertThat(column(
                            connection,
                            "SELECT stream || ' ' || seq FROM (SELECT * FROM main.journal EXCEPT"
                                    + " SELECT * FROM live.journal)"))
                    .isEmpty();
            assertThat(operations.size()).isGreaterThan(0);
            System.out.println("BackupIT: " + operations.size() + " operations in it, " + before.size()
                    + " acknowledged before, " + submitted.size() + " by now; "
                    + column(connection, "SELECT COUNT(*) FROM journal") + " journal entries, no gap");
        }
    }

    /** Nobody writes any more: what comes back is the same, row for row, in every table. */
    private void requireTheSame(Path live) throws Exception {
        var file = directory.resolve("still.zip");
        command(0, "backup", file.toString(), "--config", config());
        command(0, "backup", "--verify", file.toString());
        var restored = directory.resolve("still");
        command(0, "restore", file.toString(), "--into", restored.toString());
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + restored.resolve("linkops.db"))) {
            execute(connection, "ATTACH 'file:" + live + "?mode=ro' AS live");
            var tables = column(connection, "SELECT name FROM live.sqlite_master WHERE type = 'table'");
            assertThat(tables).contains("journal", "operations", "executions", "users");
            for (var table : tables) {
                for (var sides : List.of(
                        "main.%1$s EXCEPT SELECT * FROM live.%1$s", "live.%1$s EXCEPT SELECT * FROM main.%1$s")) {
                    assertThat(column(
                                    connection, "SELECT COUNT(*) FROM (SELECT * FROM " + sides.formatted(table) + ")"))
                            .as(table)
                            .containsExactly("0");
                }
                assertThat(column(connection, "SELECT COUNT(*) FROM main." + table))
                        .isEqualTo(column(connection, "SELECT COUNT(*) FROM live." + table));
            }
            assertThat(column(connection, "SELECT sql FROM main.sqlite_master ORDER BY name"))
                    .isEqualTo(column(connection, "SELECT sql FROM live.sqlite_master ORDER BY name"));
        }
    }

    /** With its keys it passes doctor, starts, closes what was open, and runs. */
    private void requireUsable(Path restored) throws Exception {
        command(0, "doctor", "--config", restored.toString());
        try (var linkops = LinkOpsProcess.start(directory, "serve", "--config", restored.toString())) {
            var api = linkops.login();
            var links = api.get("/api/links").body();
            assertThat(links).contains("link-004");
            var run = World.await(api, World.run(api, 4, List.of("chatty"), "link-001"));
            assertThat(run.getString("ended_at")).isNotNull();
            assertThat(api.get("/api/operations?status=running").json().getJsonArray("operations"))
                    .isEmpty();
        }
    }

    private static List<String> column(Connection connection, String sql) throws Exception {
        List<String> column = new ArrayList<>();
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                column.add(rows.getString(1));
            }
        }
        return column;
    }

    private static void execute(Connection connection, String sql) throws Exception {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
