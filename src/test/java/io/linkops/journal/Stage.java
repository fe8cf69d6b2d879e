package io.linkops.journal;

import io.linkops.bus.Bus;
import io.linkops.bus.MessageTypes;
import io.linkops.config.DatabaseConfig;
import io.linkops.journal.Journals.Entry;
import io.linkops.store.Database;
import io.linkops.store.Statement;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A journal on a real file. */
final class Stage implements AutoCloseable {
    final Vertx vertx = Vertx.vertx();
    final Bus bus;
    final Database database;
    final Journal journal;
    private final Path directory;

    Stage() throws Exception {
        directory = Files.createTempDirectory("linkops-journal");
        Bus.install(vertx, MessageTypes.declaredIn(Journals.class));
        bus = Bus.of(vertx);
        var config = new DatabaseConfig(directory.resolve("linkops.db"), 2, Duration.ofSeconds(5), 10_000);
        database = await(Database.open(vertx, config));
        journal = new Journal(database, bus, InstantSource.system());
        await(vertx.deployVerticle(new JournalVerticle(database)));
    }

    static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    Future<Void> append(String stream, List<String> texts, List<Statement> records) {
        var events = texts.stream()
                .map(text -> new Journal.Event("t", null, text, false))
                .toList();
        return journal.append(stream, events, records);
    }

    Future<List<Entry>> read(String stream, long after, int limit) {
        return bus.request(new Journals.Read(stream, after, limit)).map(Journals.Page::entries);
    }

    List<Entry> all(String stream, int limit) throws Exception {
        List<Entry> all = new ArrayList<>();
        while (true) {
            var page = await(read(stream, all.isEmpty() ? 0 : all.getLast().seq(), limit));
            if (page.isEmpty()) {
                return all;
            }
            all.addAll(page);
        }
    }

    @Override
    public void close() {
        try {
            await(database.close());
            await(vertx.close());
            try (var files = Files.walk(directory)) {
                for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (Exception e) {
            throw new IllegalStateException("the stage did not close", e);
        }
    }
}
