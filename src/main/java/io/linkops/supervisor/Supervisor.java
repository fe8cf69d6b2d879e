package io.linkops.supervisor;

import io.vertx.core.Future;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What started this process, if it wants to be told: systemd with {@code Type=notify}. Without {@code NOTIFY_SOCKET}
 * nobody does, and nothing is sent. Telling never fails what is told of; what cannot be sent is logged.
 */
public final class Supervisor {
    private static final Logger LOG = LoggerFactory.getLogger(Supervisor.class);
    /** Two more tries before systemd loses patience. */
    private static final int BEATS_PER_LIMIT = 3;

    private final @Nullable NotifySocket socket;
    private final @Nullable Duration limit;

    private Supervisor(@Nullable NotifySocket socket, @Nullable Duration limit) {
        this.socket = socket;
        this.limit = limit;
    }

    /**
     * As the environment says.
     *
     * @param pid of this process: a watchdog that is meant for another one is not ours
     */
    public static Supervisor of(Map<String, String> environment, long pid) {
        var path = environment.getOrDefault("NOTIFY_SOCKET", "");
        if (!path.startsWith("/") && !path.startsWith("@")) {
            return new Supervisor(null, null);
        }
        return new Supervisor(new NotifySocket(path), limit(environment, pid));
    }

    private static @Nullable Duration limit(Map<String, String> environment, long pid) {
        var micros = environment.getOrDefault("WATCHDOG_USEC", "");
        var whose = environment.getOrDefault("WATCHDOG_PID", Long.toString(pid));
        boolean isOurs = micros.matches("[1-9][0-9]{0,14}") && whose.equals(Long.toString(pid));
        return isOurs ? Duration.ofNanos(Long.parseLong(micros) * 1000) : null;
    }

    /**
     * Requests are answered from now on.
     *
     * @param status in a few words, for {@code systemctl status}
     */
    public void ready(String status) {
        tell("READY=1\nSTATUS=" + oneLine(status));
    }

    /** The configuration is read again; {@link #ready} follows. */
    public void reloading() {
        tell("RELOADING=1\nMONOTONIC_USEC=" + System.nanoTime() / 1000);
    }

    /** Nothing new is taken from now on. */
    public void stopping() {
        tell("STOPPING=1\nSTATUS=Stopping");
    }

    /**
     * Tells that all is well for as long as it is: if the pulse does not complete in time, systemd hears nothing, and
     * ends and starts the unit once its {@code WatchdogSec} is over. A pulse that fails is an answer, too. Does nothing
     * if no watchdog is wanted.
     *
     * @param pulse asks everything that must answer
     */
    public void watch(Supplier<Future<Void>> pulse) {
        if (limit != null) {
            var beat = limit.dividedBy(BEATS_PER_LIMIT);
            Thread.ofPlatform().daemon().name("linkops-watchdog").start(new Watchdog(pulse, beat, this::alive));
        }
    }

    private void alive() {
        tell("WATCHDOG=1");
    }

    private void tell(String message) {
        if (socket != null) {
            try {
                socket.send(message);
            } catch (IOException | RuntimeException e) {
                LOG.warn("systemd could not be told {}", oneLine(message), e);
            }
        }
    }

    private static String oneLine(String text) {
        return text.replace('\n', ' ');
    }
}
