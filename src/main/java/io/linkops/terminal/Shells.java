package io.linkops.terminal;

import io.linkops.bus.Blocking;
import io.linkops.bus.Bus;
import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import io.linkops.inventory.Inventory;
import io.linkops.ssh.Exit;
import io.linkops.ssh.SshException;
import io.linkops.terminal.ShellOpening.Opened;
import io.linkops.terminal.Terminals.Actor;
import io.linkops.terminal.Terminals.InputReady;
import io.linkops.terminal.Terminals.PaneChanged;
import io.linkops.terminal.Terminals.PaneStatus;
import io.linkops.terminal.Terminals.Recording;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.WorkerExecutor;
import java.io.IOException;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens and ends the shells of panes, tells of it and keeps the record; on the verticle's event loop. */
final class Shells {
    private static final Logger LOG = LoggerFactory.getLogger(Shells.class);
    /** The disk may be slow to take the end of a recording. */
    private static final long LAST_LINES_SECONDS = 10;

    private final Context context;
    private final Bus bus;
    private final TerminalStore store;
    private final ShellOpening opening;
    private final WorkerExecutor pool;
    private final @Nullable CastFiles files;
    private final Ids ids;
    private final InstantSource clock;
    private final int most;
    private final TypingFirst typing = new TypingFirst(System::nanoTime);

    /** Shells that are open or about to be, by id. */
    private final Map<String, Promise<Void>> open = new HashMap<>();
    /** Those of them that are open. */
    private final Set<String> begun = new HashSet<>();

    /** @param files null when shells are not recorded */
    Shells(
            Context context,
            Bus bus,
            TerminalStore store,
            ShellOpening opening,
            WorkerExecutor pool,
            @Nullable CastFiles files,
            Ids ids,
            InstantSource clock,
            int most) {
        this.context = context;
        this.bus = bus;
        this.store = store;
        this.opening = opening;
        this.pool = pool;
        this.files = files;
        this.ids = ids;
        this.clock = clock;
        this.most = most;
    }

    /** Completes when all that were open have ended and are recorded as ended. */
    Future<Void> whenAllEnded() {
        return Future.join(open.entrySet().stream()
                        .filter(each -> begun.contains(each.getKey()))
                        .map(each -> each.getValue().future())
                        .toList())
                .mapEmpty();
    }

    @Nullable
    CastRecording recording(ActiveWorkspace workspace, int number, String id) {
        var session = workspace.pane(number).session();
        return session != null && session.id().equals(id) ? session.recording() : null;
    }

    /** @throws Failure CONFLICT without a link or with a shell open; RATE_LIMITED when too many are open */
    void connect(ActiveWorkspace workspace, ActivePane pane, Actor actor) {
        var link = pane.link();
        if (link == null || pane.isOpen()) {
            throw new Failure(
                    ErrorCode.CONFLICT,
                    link == null
                            ? "Pane " + pane.number() + " has no link; assign one first"
                            : "Pane " + pane.number() + " has a shell open on " + link);
        }
        if (open.size() >= most) {
            throw new Failure(
                    ErrorCode.RATE_LIMITED,
                    "All " + most + " shells are in use; close one, or raise terminal.max_shells",
                    Map.of("max_shells", most));
        }
        var id = ids.shell();
        open.put(id, Promise.promise());
        pane.connecting(id);
        workspace.look(clock.instant());
        tell(workspace, pane);
        bus.request(new Inventory.Resolve(List.of(link)))
                .map(targets -> targets.targets().getFirst())
                .compose(target -> Blocking.on(pool, () -> opening.open(target, id, pane.size())))
                .onSuccess(opened -> opened(workspace, pane, id, link, actor, opened))
                .onFailure(cause -> {
                    var text = cause instanceof Failure failure ? failure.text() : "An internal error; see the log";
                    LOG.warn("No shell on {} for {}: {}", link, actor.username(), text, cause);
                    refuse(workspace, pane, id, word(cause), text);
                });
    }

    private static String word(Throwable cause) {
        return cause instanceof Failure failure ? failure.code().name().toLowerCase(Locale.ROOT) : "internal";
    }

    private void opened(
            ActiveWorkspace workspace, ActivePane pane, String id, String link, Actor actor, Opened opened) {
        var seen = opened.seen();
        if (seen != null) {
            bus.request(seen).onFailure(cause -> LOG.warn("What was seen of {} is not recorded", link, cause));
        }
        var shell = opened.shell();
        var connection = opened.connection();
        if (shell == null || connection == null) {
            LOG.warn("No shell on {} for {}: {}", link, actor.username(), reason(opened));
            refuse(workspace, pane, id, reason(opened), sentence(opened));
            return;
        }
        Runnable giveUp = () -> Thread.startVirtualThread(() -> {
            shell.close();
            connection.close();
        });
        if (!pane.isConnecting(id)) {
            giveUp.run();
            done(id);
            return;
        }
        Blocking.on(pool, () -> begin(id, actor.username() + "@" + link, pane))
                .compose(recording -> {
                    var session = new PaneSession(
                            id,
                            shell,
                            connection,
                            pane.ring(),
                            recording.orNull(),
                            typing.pane(),
                            listener(workspace, pane, id));
                    return store.insert(
                                    new Recording(
                                            id,
                                            workspace.id(),
                                            pane.number(),
                                            link,
                                            actor.username(),
                                            workspace.owner(),
                                            actor.remoteAddress(),
                                            clock.instant(),
                                            null,
                                            null,
                                            null,
                                            0,
                                            0,
                                            null),
                                    recording.orNull() != null)
                            .map(session)
                            .recover(cause -> forget(recording.orNull(), cause));
                })
                .onSuccess(session -> begun(workspace, pane, id, session, giveUp))
                .onFailure(cause -> {
                    LOG.warn("The shell {} on {} is not recorded in the database and was closed", id, link, cause);
                    giveUp.run();
                    refuse(workspace, pane, id, word(cause), "The database took no record of it; try again");
                });
    }

    /** A recording, or none: without room for it people still need the shell. */
    private record Started(@Nullable CastRecording orNull) {}

    private Started begin(String id, String title, ActivePane pane) {
        try {
            return new Started(
                    files == null
                            ? null
                            : files.begin(
                                    id, title, pane.size().cols(), pane.size().rows()));
        } catch (IOException e) {
            LOG.warn("The shell {} is not recorded: {}. Look at terminal.recordings_directory", id, e.toString());
            return new Started(null);
        }
    }

    /** A recording of what never was. */
    private <T> Future<T> forget(@Nullable CastRecording recording, Throwable cause) {
        if (recording != null && files != null) {
            var own = files;
            return Future.fromCompletionStage(recording.close(), context)
                    .transform(_ -> Blocking.on(pool, () -> {
                        own.delete(recording.id());
                        return true;
                    }))
                    .onFailure(fault -> LOG.warn("The empty recording {} stays", recording.id(), fault))
                    .transform(_ -> Future.failedFuture(cause));
        }
        return Future.failedFuture(cause);
    }

    private void begun(ActiveWorkspace workspace, ActivePane pane, String id, PaneSession session, Runnable giveUp) {
        if (!pane.isConnecting(id)) {
            giveUp.run();
            finish(session, id, "disconnected", null).onComplete(_ -> done(id));
            return;
        }
        begun.add(id);
        pane.connected(session);
        session.start();
        // it may have been given another size while it was being opened
        session.resize(pane.size());
        LOG.info("Shell {} opened on {}", id, pane.link());
        tell(workspace, pane);
    }

    private PaneSession.Listener listener(ActiveWorkspace workspace, ActivePane pane, String id) {
        var isTold = new AtomicBoolean();
        return new PaneSession.Listener() {
            @Override
            public void arrived() {
                if (isTold.compareAndSet(false, true)) {
                    context.runOnContext(_ -> {
                        isTold.set(false);
                        pane.arrived();
                    });
                }
            }

            @Override
            public void inputSent() {
                context.runOnContext(_ -> pane.whenRoomAgain()
                        .forEach(attachment -> bus.publish(new InputReady(workspace.id(), attachment, pane.number()))));
            }

            @Override
            public void ended(@Nullable Exit exit) {
                context.runOnContext(_ -> Shells.this.ended(workspace, pane, id, exit));
            }
        };
    }

    private void ended(ActiveWorkspace workspace, ActivePane pane, String id, @Nullable Exit exit) {
        var session = pane.session();
        if (session == null || !session.id().equals(id)) {
            return;
        }
        var asked = pane.ending();
        var reason = asked != null ? asked : exit != null ? "exited" : "lost";
        var code = exit == null || asked != null ? null : exit.code();
        if (asked != null) {
            pane.ring().clear();
        }
        LOG.info("Shell {} on {} ended: {}", id, pane.link(), reason);
        finish(session, id, reason, code).onComplete(_ -> {
            pane.closed(reason, reason.equals("lost") ? "The connection to " + pane.link() + " was lost" : null, code);
            workspace.look(clock.instant());
            pane.arrived();
            tell(workspace, pane);
            done(id);
        });
    }

    /** The record of its end; whatever goes wrong with it is told and left. */
    private Future<Void> finish(PaneSession session, String id, String reason, @Nullable Integer code) {
        var recording = session.recording();
        Future<Long> size = recording == null
                ? Future.succeededFuture()
                : Future.fromCompletionStage(
                        recording
                                .close()
                                .copy()
                                .completeOnTimeout(
                                        recording.written(), LAST_LINES_SECONDS, java.util.concurrent.TimeUnit.SECONDS),
                        context);
        return size.compose(bytes -> store.closeShell(
                        id, reason, code, session.bytesIn(), session.bytesOut(), bytes, clock.instant()))
                .recover(cause -> {
                    LOG.warn("The end of shell {} is not recorded", id, cause);
                    return Future.succeededFuture();
                });
    }

    private void refuse(ActiveWorkspace workspace, ActivePane pane, String id, String reason, String sentence) {
        if (pane.isConnecting(id)) {
            pane.closed(reason, sentence, null);
            workspace.look(clock.instant());
            tell(workspace, pane);
        }
        done(id);
    }

    private void done(String id) {
        begun.remove(id);
        var promise = open.remove(id);
        if (promise != null) {
            promise.complete();
        }
    }

    void tell(ActiveWorkspace workspace, ActivePane pane) {
        bus.publish(new PaneChanged(workspace.id(), pane.shown()));
    }

    private static String reason(Opened opened) {
        var failure = opened.failure();
        var seen = opened.seen();
        return failure != null
                ? failure.reason().name().toLowerCase(Locale.ROOT)
                : Objects.requireNonNullElse(
                        seen == null ? null : seen.enrollment().reason(), "refused");
    }

    private static String sentence(Opened opened) {
        SshException failure = opened.failure();
        var seen = opened.seen();
        var error = failure != null
                ? failure.text()
                : seen == null ? null : seen.enrollment().error();
        return error == null ? "The link did not open a shell; verify it" : error;
    }

    /** Whether this pane is doing something. */
    static boolean isIdle(ActivePane pane) {
        return pane.link() != null && pane.status() == PaneStatus.CLOSED;
    }
}
