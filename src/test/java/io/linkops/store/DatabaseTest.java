package io.linkops.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import io.linkops.config.DatabaseConfig;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatabaseTest {
    private static final String INSERT =
            "INSERT INTO journal (stream, seq, at, type, size, data, is_last) VALUES (?, ?, 0, ?, 0, ?, 0)";

    @TempDir
    Path directory;

    private Vertx vertx;
    private Database database;

    @BeforeEach
    void open() throws Exception {
        vertx = Vertx.vertx();
        database = await(Database.open(vertx, config()));
    }

    @AfterEach
    void close() throws Exception {
        await(database.close());
        await(vertx.close());
    }

    private DatabaseConfig config() {
        return new DatabaseConfig(directory.resolve("data/linkops.db"), 2, Duration.ofSeconds(5), 1000);
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    private static Statement row(String stream, long seq) {
        return Statement.of(INSERT, stream, seq, "t", "d");
    }

    private long rowsOnDisk() throws Exception {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("data/linkops.db"));
                var rows = connection.createStatement().executeQuery("SELECT COUNT(*) FROM journal")) {
            return rows.getLong(1);
        }
    }

    @Test
    void whatWasAcknowledgedIsVisibleToAnotherConnectionAtOnce() throws Exception {
        for (int i = 1; i <= 50; i++) {
            await(database.write(row("a", i)));
            assertThat(rowsOnDisk()).isEqualTo(i);
        }
    }

    @Test
    void writesThatWaitTogetherAreAllDone() throws Exception {
        List<Future<Void>> writes = new ArrayList<>();
        for (int i = 1; i <= 900; i++) {
            writes.add(database.write(row("s" + i % 7, i), row("t" + i % 3, i)));
        }
        for (var write : writes) {
            await(write);
        }
        assertThat(rowsOnDisk()).isEqualTo(1800);
    }

    @Test
    void oneBadWriteFailsAloneAndLeavesNothingBehind() throws Exception {
        await(database.write(row("a", 1)));
        var good = database.write(row("a", 2));
        var bad = database.write(row("a", 3), row("a", 1));
        var alsoGood = database.write(row("a", 4));
        await(good);
        await(alsoGood);
        assertThatThrownBy(() -> await(bad)).cause().isInstanceOf(Failure.class);
        assertThat(rowsOnDisk()).isEqualTo(3);
    }

    @Test
    void readsSeeWhatWasWritten() throws Exception {
        await(database.write(row("a", 1)));
        var rows = await(database.read("SELECT stream, seq FROM journal WHERE stream = ?", "a"));
        assertThat(rows).hasSize(1);
        assertThat(rows.getFirst().getString("stream")).isEqualTo("a");
        assertThat(rows.getFirst().getLong("seq")).isEqualTo(1);
    }

    @Test
    void refusesASecondProcessOnTheSameFile() {
        assertThatThrownBy(() -> await(Database.open(vertx, config())))
                .cause()
                .isInstanceOfSatisfying(Failure.class, failure -> {
                    assertThat(failure.code()).isEqualTo(ErrorCode.STORAGE_UNAVAILABLE);
                    assertThat(failure.text()).contains("Another LinkOps uses");
                });
    }

    @Test
    void keepsEverythingOverAReopening() throws Exception {
        await(database.write(row("a", 1)));
        await(database.close());
        database = await(Database.open(vertx, config()));
        assertThat(await(database.read("SELECT * FROM journal"))).hasSize(1);
    }

    @Test
    void refusesADatabaseOfANewerVersion() throws Exception {
        await(database.write(Statement.of("INSERT INTO schema_migrations VALUES (?, ?)", "999_future", 0L)));
        await(database.close());
        assertThatThrownBy(() -> await(Database.open(vertx, config())))
                .cause()
                .hasMessageContaining("newer LinkOps")
                .hasMessageContaining("999_future");
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + config().path())) {
            connection.createStatement().execute("DELETE FROM schema_migrations WHERE name = '999_future'");
        }
        database = await(Database.open(vertx, config()));
    }

    @Test
    void refusesWritesBeyondTheLimitAndRecovers() throws Exception {
        List<Future<Void>> writes = new ArrayList<>();
        for (int i = 1; i <= 3000; i++) {
            writes.add(database.write(row("a", i)));
        }
        long refused = 0;
        for (var write : writes) {
            try {
                await(write);
            } catch (java.util.concurrent.ExecutionException e) {
                assertThat(((Failure) e.getCause()).code()).isEqualTo(ErrorCode.STORAGE_UNAVAILABLE);
                refused++;
            }
        }
        assertThat(refused).isPositive();
        assertThat(rowsOnDisk()).isEqualTo(3000 - refused);
        await(database.write(row("b", 1)));
    }

    @Test
    void holdsNoLockBetweenWrites() throws Exception {
        await(database.write(row("a", 1)));
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + config().path());
                var statement = connection.createStatement()) {
            statement.execute("BEGIN IMMEDIATE");
            statement.execute("ROLLBACK");
        }
    }

    @Test
    void goesOnAfterTheDiskWasFullWithoutWritingAnythingTwice() throws Exception {
        await(database.write(row("a", 1)));
        await(database.write(Statement.of("PRAGMA max_page_count = 1")).otherwiseEmpty());
        var large = Statement.of(INSERT, "a", 2L, "t", "d".repeat(1_000_000));
        assertThatThrownBy(() -> await(database.write(large)))
                .cause()
                .isInstanceOfSatisfying(
                        Failure.class, failure -> assertThat(failure.code()).isEqualTo(ErrorCode.STORAGE_FULL));
        assertThat(rowsOnDisk()).isEqualTo(1);
        await(database.write(Statement.of("PRAGMA max_page_count = 1000000")).otherwiseEmpty());
        await(database.write(large));
        await(database.write(row("a", 3)));
        assertThat(rowsOnDisk()).isEqualTo(3);
    }

    @Test
    void saysWhatToDoWhenTheDirectoryCannotBeWritten() throws Exception {
        var file = Files.writeString(directory.resolve("file"), "");
        var config = new DatabaseConfig(file.resolve("linkops.db"), 1, Duration.ofSeconds(1), 100);
        assertThatThrownBy(() -> await(Database.open(vertx, config)))
                .cause()
                .isInstanceOf(Failure.class)
                .hasMessageContaining("database.path");
    }
}
