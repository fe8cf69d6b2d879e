package io.linkops.supervisor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What systemd hears, on a real datagram socket. */
class SupervisorTest {
    private static final long PID = 4711;

    @TempDir
    private static Path directory;

    @Test
    void tellsThatItIsReadyAndThatItStops() throws Throwable {
        var path = directory.resolve("notify").toString();
        try (var systemd = new NotifyReceiver(path)) {
            var supervisor = Supervisor.of(Map.of("NOTIFY_SOCKET", path), PID);
            supervisor.ready("two\nlines");
            assertThat(systemd.next()).isEqualTo("READY=1\nSTATUS=two lines");
            supervisor.reloading();
            assertThat(systemd.next()).matches("RELOADING=1\nMONOTONIC_USEC=[0-9]+");
            supervisor.stopping();
            assertThat(systemd.next()).startsWith("STOPPING=1\n");
        }
    }

    @Test
    void speaksToSocketsThatAreInNoFileSystem() throws Throwable {
        var path = "@linkops-" + UUID.randomUUID();
        try (var systemd = new NotifyReceiver(path)) {
            Supervisor.of(Map.of("NOTIFY_SOCKET", path), PID).ready("here");
            assertThat(systemd.next()).isEqualTo("READY=1\nSTATUS=here");
        }
    }

    @Test
    void saysWhyNobodyListens() {
        var nowhere = directory.resolve("nobody").toString();
        assertThatThrownBy(() -> new NotifySocket(nowhere).send("READY=1"))
                .isInstanceOf(IOException.class)
                .hasMessage("sendto to " + nowhere + " failed with errno 2");
        // and the server goes on
        Supervisor.of(Map.of("NOTIFY_SOCKET", nowhere), PID).ready("here");
    }

    @Test
    void tellsNobodyIfNobodyAsked() {
        Supervisor.of(Map.of(), PID).ready("here");
        Supervisor.of(Map.of("NOTIFY_SOCKET", "vsock:2:1234"), PID).stopping();
    }

    @Test
    void givesAPulseAsLongAsAllAnswers() throws Throwable {
        var path = directory.resolve("watchdog").toString();
        var answer = new AtomicReference<Future<Void>>(Future.succeededFuture());
        try (var systemd = new NotifyReceiver(path)) {
            var supervisor = Supervisor.of(Map.of("NOTIFY_SOCKET", path, "WATCHDOG_USEC", "90000"), PID);
            supervisor.watch(answer::get);
            assertThat(systemd.next()).isEqualTo("WATCHDOG=1");
            answer.set(Future.failedFuture("the disk is full"));
            assertThat(systemd.next()).isEqualTo("WATCHDOG=1");
        }
    }

    @Test
    void isSilentWhileSomethingHangs() throws Throwable {
        var path = directory.resolve("hung").toString();
        try (var systemd = new NotifyReceiver(path)) {
            var first = new AtomicReference<>(true);
            var supervisor = Supervisor.of(Map.of("NOTIFY_SOCKET", path, "WATCHDOG_USEC", "60000"), PID);
            supervisor.watch(() -> {
                if (first.getAndSet(false)) {
                    return Promise.<Void>promise().future();
                }
                supervisor.ready("asked again");
                return Future.succeededFuture();
            });
            // the first question was never answered: nothing is heard before the second one is asked
            assertThat(systemd.next()).startsWith("READY=1");
            assertThat(systemd.next()).isEqualTo("WATCHDOG=1");
        }
    }

    @Test
    void watchesNothingForAnotherProcess() throws Throwable {
        var path = directory.resolve("other").toString();
        try (var systemd = new NotifyReceiver(path)) {
            var environment = Map.of("NOTIFY_SOCKET", path, "WATCHDOG_USEC", "1000", "WATCHDOG_PID", "1");
            var supervisor = Supervisor.of(environment, PID);
            supervisor.watch(() -> {
                throw new AssertionError("not ours");
            });
            supervisor.ready("here");
            assertThat(systemd.next()).startsWith("READY=1");
        }
    }
}
