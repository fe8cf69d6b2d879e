package io.linkops;

import io.linkops.accounts.Accounts;
import io.linkops.accounts.AccountsVerticle;
import io.linkops.api.ApiVerticle;
import io.linkops.audit.Audit;
import io.linkops.audit.AuditVerticle;
import io.linkops.bus.Blocking;
import io.linkops.bus.Bus;
import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import io.linkops.bus.MessageTypes;
import io.linkops.config.Settings;
import io.linkops.config.SshConfig;
import io.linkops.figures.Figures;
import io.linkops.gitsync.GitSync;
import io.linkops.gitsync.GitSyncVerticle;
import io.linkops.gitsync.RepositoryVerticle;
import io.linkops.health.Health;
import io.linkops.health.HealthVerticle;
import io.linkops.inventory.EnrollmentVerticle;
import io.linkops.inventory.Inventory;
import io.linkops.inventory.InventoryVerticle;
import io.linkops.journal.JournalVerticle;
import io.linkops.journal.Journals;
import io.linkops.notifications.Notifications;
import io.linkops.notifications.NotificationsVerticle;
import io.linkops.oidc.SingleSignOn;
import io.linkops.oidc.SingleSignOnVerticle;
import io.linkops.orchestrator.Operations;
import io.linkops.orchestrator.OrchestratorVerticle;
import io.linkops.orchestrator.Runners;
import io.linkops.orchestrator.ScriptRunnerVerticle;
import io.linkops.retention.Retention;
import io.linkops.retention.RetentionVerticle;
import io.linkops.schedules.Schedules;
import io.linkops.schedules.SchedulesVerticle;
import io.linkops.secrets.AtRest;
import io.linkops.secrets.DataKeys;
import io.linkops.secrets.Secrets;
import io.linkops.secrets.SecretsVerticle;
import io.linkops.secrets.StoredSecrets;
import io.linkops.ssh.SshConnections;
import io.linkops.ssh.SshSettings;
import io.linkops.store.Database;
import io.linkops.tables.Tables;
import io.linkops.tables.TablesVerticle;
import io.linkops.terminal.TerminalVerticle;
import io.linkops.terminal.Terminals;
import io.linkops.vault.Secret;
import io.linkops.vault.SecretFiles;
import io.vertx.core.Deployable;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.ThreadingModel;
import io.vertx.core.Vertx;
import java.net.BindException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** LinkOps itself: every verticle with what it is given, started from the ground up and stopped from the roof down. */
public final class Server {
    /** Every message there is. */
    static final MessageTypes MESSAGES = MessageTypes.declaredIn(
            Figures.class,
            Journals.class,
            Audit.class,
            Accounts.class,
            SingleSignOn.class,
            Inventory.class,
            GitSync.class,
            Operations.class,
            Runners.class,
            Schedules.class,
            Tables.class,
            Terminals.class,
            Health.class,
            Notifications.class,
            Secrets.class,
            Retention.class);

    private static final Logger LOG = LoggerFactory.getLogger(Server.class);
    private static final int API_INSTANCES = 2;
    private static final int VERIFICATIONS = 20;
    private static final int GIT_THREADS = 2;
    private static final int TERMINALS_CONNECTING = 16;
    /** A first clone may take its time before the blocked-thread check speaks up. */
    private static final long GIT_LIMIT = 30;

    /** Beyond what the drain itself waits for. */
    private static final Duration DRAIN_SPARE = Duration.ofSeconds(20);

    private static final Duration VERIFY_TIMEOUT = Duration.ofSeconds(30);
    /** Below sshd's default MaxSessions of 10: one is left for ending what runs. */
    private static final int CHANNELS_PER_CONNECTION = 8;

    private final Vertx vertx;
    private final Settings settings;
    private final InstantSource clock = InstantSource.system();
    private final SshConnections connections;
    private final Deque<String> deployed = new ArrayDeque<>();
    private final AtomicInteger port = new AtomicInteger();
    private @Nullable Database database;
    private @Nullable Pulse pulse;

    private Server(Vertx vertx, Settings settings) {
        this.vertx = vertx;
        this.settings = settings;
        this.connections = new SshConnections(ssh(settings.ssh()));
    }

    /**
     * Starts everything; when it completes, requests are answered.
     *
     * @param adminPassword for the first start; null to make one
     * @param onMadePassword hears the made one, to show it once
     * @return fails with a sentence for people when something is in the way; nothing is left running then
     */
    public static Future<Server> start(
            Vertx vertx, Settings settings, @Nullable Secret adminPassword, Consumer<Secret> onMadePassword) {
        var server = new Server(vertx, settings);
        Bus.install(vertx, MESSAGES);
        return server.deploy(adminPassword, onMadePassword)
                .map(server)
                .recover(cause -> server.stop().transform(_ -> Future.failedFuture(cause)));
    }

    /** The TCP port that answers. */
    public int port() {
        return port.get();
    }

    /** Completes once every event loop and the database have answered. */
    Future<Void> pulse() {
        return pulse == null ? Future.succeededFuture() : pulse.beat();
    }

    private Future<Void> deploy(@Nullable Secret adminPassword, Consumer<Secret> onMadePassword) {
        return Database.open(vertx, settings.database()).compose(opened -> {
            database = opened;
            return DataKeys.open(
                            vertx, opened, StoredSecrets.masterKey(settings.database(), settings.security()), clock)
                    .compose(keys -> deploy(opened, keys, adminPassword, onMadePassword));
        });
    }

    private Future<Void> deploy(
            Database opened, DataKeys keys, @Nullable Secret adminPassword, Consumer<Secret> onMadePassword) {
        return one(new JournalVerticle(opened))
                .compose(_ -> one(new SecretsVerticle(opened, keys, clock)))
                .compose(_ -> one(audit(opened)))
                .compose(_ -> one(accounts(opened, adminPassword, onMadePassword)))
                .compose(_ -> one(new SingleSignOnVerticle(settings.oidc(), clock, new SecureRandom())))
                .compose(_ -> one(new InventoryVerticle(opened, clock)))
                .compose(_ -> enrollment())
                .compose(_ -> worker(
                        new ScriptRunnerVerticle(connections, settings.operations(), secrets(), clock),
                        "linkops-runner",
                        4))
                .compose(_ -> one(new OrchestratorVerticle(opened, settings.operations(), settings.security(), clock)))
                .compose(_ -> one(new SystemWatch(clock)))
                .compose(_ -> terminals(opened))
                .compose(_ -> repository())
                .compose(_ -> one(new GitSyncVerticle(settings.git(), opened, clock)))
                .compose(_ -> one(new SchedulesVerticle(opened, settings.schedules(), clock)))
                .compose(_ -> one(new TablesVerticle(opened, keys.of(DataKeys.CURSORS), clock, new SecureRandom())))
                .compose(_ -> health(opened))
                .compose(_ -> one(notifications(opened, keys)))
                .compose(_ -> one(new RetentionVerticle(opened, settings.retention(), clock)))
                .compose(_ -> AtRest.clean(opened, clock))
                .compose(_ -> one(new AdminSocketVerticle(settings.database().path())))
                .compose(_ -> pulse(opened))
                .compose(_ -> api());
    }

    private Future<Void> pulse(Database opened) {
        var made = new Pulse(opened);
        pulse = made;
        return made.deploy(vertx).map(this::remember).mapEmpty();
    }

    private SecretFiles secrets() {
        return new SecretFiles(settings.security().secretsDirectory(), System.getenv());
    }

    private AuditVerticle audit(Database opened) {
        var directory = directory(settings.database().path());
        return new AuditVerticle(opened, settings.audit(), directory, clock, new SecureRandom());
    }

    private AccountsVerticle accounts(
            Database opened, @Nullable Secret adminPassword, Consumer<Secret> onMadePassword) {
        return new AccountsVerticle(
                opened,
                settings.api(),
                settings.security(),
                directory(settings.database().path()),
                adminPassword,
                onMadePassword,
                clock,
                new SecureRandom());
    }

    private NotificationsVerticle notifications(Database opened, DataKeys keys) {
        return new NotificationsVerticle(
                opened,
                keys.of(DataKeys.CHANNELS),
                settings.notifications(),
                clock,
                new SecureRandom(),
                () -> UUID.randomUUID().toString());
    }

    private Future<Void> api() {
        var instances = ApiVerticle.instances(
                settings.api(),
                settings.terminal(),
                settings.shown(),
                clock,
                () -> UUID.randomUUID().toString(),
                port::set);
        var options = new DeploymentOptions().setInstances(API_INSTANCES);
        return vertx.deployVerticle(instances, options)
                .recover(cause -> Future.failedFuture(cause instanceof BindException ? unbound(cause) : cause))
                .map(this::remember)
                .mapEmpty();
    }

    private Failure unbound(Throwable cause) {
        return new Failure(
                ErrorCode.UNAVAILABLE,
                "Cannot listen on " + settings.api().host() + ":"
                        + settings.api().port() + " (" + cause.getMessage()
                        + "); stop what listens there, or set api.host and api.port");
    }

    private Future<Void> repository() {
        var pool = vertx.createSharedWorkerExecutor("linkops-git", GIT_THREADS, GIT_LIMIT, TimeUnit.MINUTES);
        return one(new RepositoryVerticle(settings.git(), settings.ssh().knownHostsPath(), pool, clock));
    }

    private Future<Void> enrollment() {
        var pool = vertx.createSharedWorkerExecutor("linkops-verify", VERIFICATIONS);
        return one(new EnrollmentVerticle(connections, pool, VERIFY_TIMEOUT, VERIFICATIONS, clock, UUID::randomUUID));
    }

    private Future<Void> terminals(Database opened) {
        var pool = vertx.createSharedWorkerExecutor("linkops-terminal", TERMINALS_CONNECTING, 5, TimeUnit.MINUTES);
        return one(new TerminalVerticle(
                opened, connections, settings.terminal(), settings.security(), pool, clock, new SecureRandom()));
    }

    private Future<Void> health(Database opened) {
        var config = settings.health();
        var pool = vertx.createSharedWorkerExecutor("linkops-health", config.parallelism());
        var looks = connections.looks(config.checkTimeout());
        return one(new HealthVerticle(opened, config, looks, pool, clock, UUID::randomUUID));
    }

    private static SshSettings ssh(SshConfig config) {
        return new SshSettings(
                config.keysDirectory(),
                config.defaultKey(),
                config.knownHostsPath(),
                config.connectionTimeout(),
                config.maxRetries(),
                config.retryDelay(),
                config.keepaliveInterval(),
                config.idleTimeout(),
                config.maxConnections(),
                CHANNELS_PER_CONNECTION);
    }

    private static Path directory(Path file) {
        var parent = file.toAbsolutePath().getParent();
        return parent == null ? file.toAbsolutePath() : parent;
    }

    /**
     * Takes no more work, lets what runs finish within {@code operations.shutdown_grace} and ends the rest; requests
     * are answered meanwhile. {@link #stop} comes after it.
     */
    public Future<Void> drain() {
        var grace = settings.operations().shutdownGrace();
        var patience = grace.plus(settings.operations().killGrace()).plus(DRAIN_SPARE);
        return Bus.of(vertx)
                .request(new Operations.Drain(grace), patience)
                .onSuccess(drained -> LOG.info(
                        "Nothing runs here any more; {} durable executions go on at their links", drained.goingOn()))
                .onFailure(cause -> LOG.warn("What runs could not be waited for", cause))
                .<Void>mapEmpty()
                .otherwiseEmpty();
    }

    /** From the roof down; what cannot be stopped is told and left. */
    public Future<Void> stop() {
        Future<Void> done = Future.succeededFuture();
        for (var id = deployed.poll(); id != null; id = deployed.poll()) {
            var last = id;
            done = done.compose(_ -> vertx.undeploy(last).recover(cause -> {
                LOG.warn("A part of LinkOps did not stop", cause);
                return Future.succeededFuture();
            }));
        }
        return done.compose(_ -> Blocking.on(vertx, () -> {
                    connections.close();
                    return true;
                }))
                .compose(_ -> database == null ? Future.succeededFuture() : database.close());
    }

    private String remember(String deployment) {
        deployed.push(deployment);
        return deployment;
    }

    private Future<Void> one(Deployable verticle) {
        return vertx.deployVerticle(verticle).map(this::remember).mapEmpty();
    }

    private Future<Void> worker(Deployable verticle, String pool, int threads) {
        var options = new DeploymentOptions()
                .setThreadingModel(ThreadingModel.WORKER)
                .setWorkerPoolName(pool)
                .setWorkerPoolSize(threads);
        return vertx.deployVerticle(verticle, options).map(this::remember).mapEmpty();
    }
}
