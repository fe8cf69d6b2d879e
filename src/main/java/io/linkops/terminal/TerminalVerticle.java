package io.linkops.terminal;

import io.linkops.bus.Blocking;
import io.linkops.bus.Bus;
import io.linkops.config.SecurityConfig;
import io.linkops.config.TerminalConfig;
import io.linkops.ssh.SshConnections;
import io.linkops.store.Database;
import io.linkops.terminal.Terminals.Done;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.WorkerExecutor;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Owns workspaces, shells and recordings, on one event loop. Output and input are carried by virtual threads, two for
 * each open shell; connecting has a pool of its own, so that operations never wait behind it.
 */
public final class TerminalVerticle extends VerticleBase {
    private static final Logger LOG = LoggerFactory.getLogger(TerminalVerticle.class);
    private static final long SWEEP_MILLIS = 500;
    private static final long TIDY_MILLIS = Duration.ofHours(1).toMillis();
    private static final int LAST_SECONDS = 10;

    private final Database database;
    private final SshConnections connections;
    private final TerminalConfig config;
    private final SecurityConfig security;
    private final WorkerExecutor pool;
    private final InstantSource clock;
    private final SecureRandom random;
    private final ExecutorService recorder = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("linkops-recorder").factory());
    private @Nullable WorkspaceRoom workspaces;
    private @Nullable Shells shells;

    /** @param pool for connecting and for files; how many connect at once */
    public TerminalVerticle(
            Database database,
            SshConnections connections,
            TerminalConfig config,
            SecurityConfig security,
            WorkerExecutor pool,
            InstantSource clock,
            SecureRandom random) {
        this.database = database;
        this.connections = connections;
        this.config = config;
        this.security = security;
        this.pool = pool;
        this.clock = clock;
        this.random = random;
    }

    @Override
    public Future<?> start() {
        var bus = Bus.of(vertx);
        var ids = new Ids(clock, random);
        var store = new TerminalStore(database);
        var files = new CastFiles(config.recordingsDirectory(), config.recordingMaxBytes(), clock, recorder);
        var opened = new Shells(
                context,
                bus,
                store,
                new ShellOpening(connections, clock),
                pool,
                config.recordings() ? files : null,
                ids,
                clock,
                config.maxShells());
        var rooms = new WorkspaceRoom(
                vertx, bus, config, security, store, new NamedWorkspaceStore(database), opened, ids, clock);
        var archive = new RecordingArchive(
                store,
                files,
                pool,
                config,
                clock,
                recording -> rooms.all().stream()
                        .filter(each -> each.id().equals(recording.workspace()))
                        .findFirst()
                        .map(each -> opened.recording(each, recording.pane(), recording.id()))
                        .orElse(null));
        shells = opened;
        workspaces = rooms;
        return archive.recover().onSuccess(_ -> {
            answer(bus, rooms);
            answer(bus, new AttachmentRoom(config, rooms, opened, ids, clock));
            answer(bus, archive);
            vertx.setPeriodic(SWEEP_MILLIS, _ -> rooms.sweep());
            vertx.setPeriodic(TIDY_MILLIS, _ -> tidy(archive));
            tidy(archive);
        });
    }

    private static void tidy(RecordingArchive archive) {
        archive.tidy().onFailure(cause -> LOG.warn("Old recordings could not be removed", cause));
    }

    private static void answer(Bus bus, WorkspaceRoom rooms) {
        bus.answer(Terminals.CreateWorkspace.class, rooms::create);
        bus.answer(Terminals.FindWorkspaces.class, asked -> now(rooms.list(asked.actor())));
        bus.answer(
                Terminals.FindWorkspace.class,
                asked -> now(rooms.find(asked.actor(), asked.id()).shown()));
        bus.answer(Terminals.NameWorkspace.class, rooms::name);
        bus.answer(Terminals.FindNamed.class, asked -> rooms.named(asked.actor()));
        bus.answer(
                Terminals.ForgetNamed.class,
                order -> rooms.forget(order.actor(), order.name()).map(_ -> new Done()));
        bus.answer(Terminals.AssignPanes.class, rooms::assign);
        bus.answer(Terminals.ConnectAll.class, order -> now(rooms.connectAll(order.actor(), order.id())));
        bus.answer(
                Terminals.DeleteWorkspace.class,
                order -> rooms.delete(order.actor(), order.id()).map(_ -> new Done()));
        bus.answer(Terminals.Share.class, order -> now(rooms.share(order)));
        bus.answer(Terminals.Unshare.class, order -> now(rooms.unshare(order)));
        bus.answer(Terminals.TakeOver.class, order -> now(rooms.takeOver(order.actor(), order.id())));
    }

    private void answer(Bus bus, AttachmentRoom attachments) {
        bus.answer(Terminals.Attach.class, order -> now(attachments.attach(order)));
        bus.answer(Terminals.Detach.class, order -> now(attachments.detach(order.attachment())));
        bus.answer(Terminals.Read.class, attachments::read);
        bus.answer(Terminals.TypeInput.class, order -> now(attachments.type(order)));
        bus.answer(Terminals.ResumeInput.class, order -> now(attachments.resumeInput(order)));
        bus.answer(Terminals.Resize.class, order -> now(attachments.resize(order)));
        bus.answer(Terminals.Connect.class, order -> now(attachments.connect(order)));
        bus.answer(Terminals.Disconnect.class, order -> now(attachments.disconnect(order)));
        vertx.setPeriodic(SWEEP_MILLIS, _ -> attachments.sweep());
    }

    private static void answer(Bus bus, RecordingArchive archive) {
        bus.answer(Terminals.FindRecordings.class, archive::find);
        bus.answer(Terminals.FindRecording.class, asked -> archive.find(asked.actor(), asked.id()));
        bus.answer(Terminals.ReadRecording.class, archive::read);
        bus.answer(Terminals.DeleteRecording.class, archive::delete);
        bus.answer(Terminals.ForgetSessions.class, archive::forget);
    }

    private static <T> Future<T> now(T reply) {
        return Future.succeededFuture(reply);
    }

    /** Every shell is ended and recorded as ended; the program over there gets a hang-up. */
    @Override
    public Future<?> stop() {
        if (workspaces == null || shells == null) {
            recorder.shutdown();
            return Future.succeededFuture();
        }
        var rooms = Objects.requireNonNull(workspaces);
        var closed =
                rooms.all().stream().map(each -> rooms.remove(each, "shutdown")).toList();
        return Future.join(Future.join(closed).otherwiseEmpty(), shells.whenAllEnded())
                .timeout(LAST_SECONDS, TimeUnit.SECONDS)
                .otherwiseEmpty()
                .compose(_ -> Blocking.on(vertx, () -> {
                    recorder.shutdown();
                    return recorder.awaitTermination(LAST_SECONDS, TimeUnit.SECONDS);
                }));
    }
}
