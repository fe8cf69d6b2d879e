package io.linkops.terminal;

import io.linkops.bus.Blocking;
import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import io.linkops.config.TerminalConfig;
import io.linkops.store.Statement;
import io.linkops.terminal.Terminals.Actor;
import io.linkops.terminal.Terminals.DeleteRecording;
import io.linkops.terminal.Terminals.Done;
import io.linkops.terminal.Terminals.FindRecordings;
import io.linkops.terminal.Terminals.ReadRecording;
import io.linkops.terminal.Terminals.Recording;
import io.linkops.terminal.Terminals.RecordingPart;
import io.linkops.terminal.Terminals.Recordings;
import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Recordings that are there: who may see them, what is in them, when they go. */
final class RecordingArchive {
    private static final Logger LOG = LoggerFactory.getLogger(RecordingArchive.class);
    private static final int MAX_LIMIT = 200;

    private final TerminalStore store;
    private final CastFiles files;
    private final WorkerExecutor pool;
    private final TerminalConfig config;
    private final InstantSource clock;
    /** The recording of a shell that is open; null otherwise. */
    private final Function<Recording, @Nullable CastRecording> running;

    RecordingArchive(
            TerminalStore store,
            CastFiles files,
            WorkerExecutor pool,
            TerminalConfig config,
            InstantSource clock,
            Function<Recording, @Nullable CastRecording> running) {
        this.store = store;
        this.files = files;
        this.pool = pool;
        this.config = config;
        this.clock = clock;
        this.running = running;
    }

    Future<Recordings> find(FindRecordings question) {
        int limit = question.limit();
        if (limit < 1 || limit > MAX_LIMIT) {
            throw new Failure(ErrorCode.VALIDATION_FAILED, "limit must be between 1 and " + MAX_LIMIT);
        }
        var actor = question.actor();
        return store.recordings(actor.isAdmin() ? null : actor.username(), question.before(), limit + 1)
                .map(found -> {
                    var page = found.stream().limit(limit).toList();
                    return new Recordings(
                            page.stream()
                                    .filter(each -> actor.reaches(each.link()))
                                    .toList(),
                            found.size() > limit ? page.getLast().id() : null);
                });
    }

    Future<Recording> find(Actor actor, String id) {
        return store.recording(id)
                .map(found -> found.filter(recording -> actor.reaches(recording.link()))
                        .filter(recording -> actor.isAdmin()
                                || recording.username().equals(actor.username())
                                || recording.owner().equals(actor.username()))
                        .orElseThrow(() -> new Failure(
                                ErrorCode.RECORDING_NOT_FOUND,
                                "There is no recording " + id,
                                Map.of("recording", id))));
    }

    Future<RecordingPart> read(ReadRecording question) {
        return find(question.actor(), question.id()).compose(recording -> {
            var open = running.apply(recording);
            long until = open == null ? Long.MAX_VALUE : open.written();
            return Blocking.on(pool, () -> files.read(recording.id(), question.from(), until))
                    .map(RecordingPart::new)
                    .recover(cause ->
                            Future.failedFuture(cause instanceof NoSuchFileException ? gone(recording.id()) : cause));
        });
    }

    private static Failure gone(String id) {
        return new Failure(
                ErrorCode.RECORDING_NOT_FOUND,
                "The file of recording " + id + " is not in terminal.recordings_directory any more");
    }

    Future<Done> delete(DeleteRecording order) {
        if (!order.actor().isAdmin()) {
            throw new Failure(ErrorCode.FORBIDDEN, "Only an admin deletes recordings");
        }
        return find(order.actor(), order.id())
                .compose(recording -> {
                    if (recording.closedAt() == null) {
                        throw new Failure(
                                ErrorCode.CONFLICT, "The shell of this recording is still open; close it first");
                    }
                    LOG.info("{} deletes recording {}", order.actor().username(), order.id());
                    return remove(order.id());
                })
                .map(_ -> new Done());
    }

    /** First the file: a row without a file is found and said to be gone, a file without a row would stay for ever. */
    private Future<Void> remove(String id) {
        return Blocking.on(pool, () -> {
                    files.delete(id);
                    return true;
                })
                .compose(_ -> store.forgetRecording(id));
    }

    /** What is too old or too much goes. */
    Future<Void> tidy() {
        return store.kept().compose(kept -> {
            var victims = RetentionPlan.victims(
                    kept, config.recordingsKeepDays(), config.recordingsMaxBytes(), clock.instant());
            Future<Void> done = Future.succeededFuture();
            for (var id : victims) {
                LOG.info("Recording {} goes: too old, or too much", id);
                done = done.compose(_ -> remove(id));
            }
            return done;
        });
    }

    /** Who opened what, once its recording is gone. */
    Future<Terminals.ForgottenSessions> forget(Terminals.ForgetSessions order) {
        return store.forget(order.endedBefore(), order.limit()).map(Terminals.ForgottenSessions::new);
    }

    /** After a crash: recordings end with a whole line, and nothing is open. */
    Future<Void> recover() {
        return store.openRecordings()
                .compose(ids -> Blocking.on(pool, () -> repaired(ids)))
                .compose(sizes -> store.closeAll(sizes, clock.instant()));
    }

    private List<Statement> repaired(List<String> ids) {
        return ids.stream().map(id -> TerminalStore.size(id, repaired(id))).toList();
    }

    private long repaired(String id) {
        try {
            return files.repair(id);
        } catch (IOException e) {
            LOG.warn("The recording {} could not be looked at after the last end of LinkOps: {}", id, e.toString());
            return 0;
        }
    }
}
