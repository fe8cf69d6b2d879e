package io.linkops;

import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import io.linkops.config.Settings;
import io.linkops.config.Version;
import io.linkops.logging.Logs;
import io.linkops.supervisor.Supervisor;
import io.linkops.vault.Masking;
import io.linkops.vault.Secret;
import io.vertx.core.Vertx;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs a server until the process is told to end, then stops it in order. */
final class Serving {
    private static final Logger LOG = LoggerFactory.getLogger(Serving.class);
    private static final long START_SECONDS = 120;
    private static final long STOP_SECONDS = 30;
    /** Longer than any grace. */
    private static final long DRAIN_HOURS = 2;

    /** As after a signal that nobody handles. */
    private static final int AT_ONCE = 143;

    private Serving() {}

    /** The command {@code serve}. */
    static int serve(Settings settings, Masking masking, ServerRole role) throws Exception {
        if (role != ServerRole.ALL) {
            throw new Failure(
                    ErrorCode.UNAVAILABLE,
                    "The role " + role + " needs several processes on one event bus, which this version has not; use"
                            + " --role all");
        }
        var environment = System.getenv("LINKOPS_ADMIN_PASSWORD");
        var adminPassword = environment == null || environment.isEmpty() ? null : new Secret(environment);
        return run(
                settings,
                masking,
                adminPassword,
                port -> System.out.println(
                        "LinkOps listens on " + (settings.api().tlsKey() == null ? "http://" : "https://")
                                + settings.api().host() + ":" + port),
                () -> {});
    }

    /**
     * Starts, tells the port, waits for SIGTERM or Ctrl-C.
     *
     * @param atLast what is done when all has stopped
     */
    static int run(
            Settings settings, Masking masking, @Nullable Secret adminPassword, IntConsumer whenReady, Runnable atLast)
            throws Exception {
        var vertx = Vertx.vertx();
        Server server;
        try {
            server = Server.start(
                            vertx,
                            settings,
                            adminPassword,
                            made -> FirstPassword.show(
                                    made, masking, settings.database().path(), System.getenv()))
                    .await(START_SECONDS, TimeUnit.SECONDS);
        } catch (Exception e) {
            vertx.close().await(STOP_SECONDS, TimeUnit.SECONDS);
            atLast.run();
            throw e;
        }
        LOG.info("{} answers on port {}", Version.current().line(), server.port());
        var supervisor = Supervisor.of(System.getenv(), ProcessHandle.current().pid());
        stopWhenTold(vertx, server, supervisor, atLast);
        whenReady.accept(server.port());
        supervisor.watch(server::pulse);
        supervisor.ready(Version.current().line() + " answers on port " + server.port());
        new CountDownLatch(1).await();
        return 0;
    }

    /** The first signal stops it in order, a second one at once. */
    private static void stopWhenTold(Vertx vertx, Server server, Supervisor supervisor, Runnable atLast) {
        var stopping = Thread.ofPlatform().name("linkops-stop").unstarted(() -> {
            supervisor.stopping();
            boolean isInOrder = stop(vertx, server);
            atLast.run();
            Logs.stop();
            // Left alone, the JVM tells 143 after a signal, which a supervisor takes for a failure.
            Runtime.getRuntime().halt(isInOrder ? 0 : 1);
        });
        boolean isHeard = Signals.listen(count -> {
            if (count == 1) {
                stopping.start();
            } else {
                LOG.warn("Told to stop again: ending at once; the next start closes what was open");
                Logs.stop();
                Runtime.getRuntime().halt(AT_ONCE);
            }
        });
        if (!isHeard) {
            Runtime.getRuntime().addShutdownHook(stopping);
        }
    }

    private static boolean stop(Vertx vertx, Server server) {
        LOG.info("{} stops", Version.current().line());
        try {
            server.drain().await(DRAIN_HOURS, TimeUnit.HOURS);
            server.stop().eventually(vertx::close).await(STOP_SECONDS, TimeUnit.SECONDS);
            return true;
        } catch (Exception e) {
            LOG.warn("LinkOps did not stop in order", e);
            return false;
        }
    }
}
