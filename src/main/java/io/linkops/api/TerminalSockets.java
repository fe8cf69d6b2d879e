package io.linkops.api;

import io.linkops.bus.Bus;
import io.linkops.terminal.Terminals.Told;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The terminal sockets of one verticle instance, so that each hears what is told of its workspace. */
final class TerminalSockets {
    /**
     * How sockets keep time.
     *
     * @param ping how often a sign of life is asked for
     * @param idle how long nothing may come or go
     */
    record Pace(Duration ping, Duration idle) {}

    private final Pace pace;
    private final Map<String, List<TerminalSocket>> byWorkspace = new HashMap<>();

    TerminalSockets(Pace pace) {
        this.pace = pace;
    }

    void listen(Bus bus) {
        bus.listen(Told.class, this::told);
    }

    Pace pace() {
        return pace;
    }

    void add(String workspace, TerminalSocket socket) {
        byWorkspace.merge(workspace, List.of(socket), TerminalSockets::joined);
    }

    void remove(String workspace, TerminalSocket socket) {
        byWorkspace.computeIfPresent(workspace, (any, all) -> {
            var left = all.stream().filter(other -> other != socket).toList();
            return left.isEmpty() ? null : left;
        });
    }

    /** With a proper close frame, for a stop of LinkOps. */
    Future<Void> closeAll() {
        var all = byWorkspace.values().stream().flatMap(List::stream).toList();
        return Future.join(all.stream()
                        .map(socket -> socket.close(TerminalSocket.End.GOING_AWAY))
                        .toList())
                .mapEmpty();
    }

    private void told(Told event) {
        byWorkspace.getOrDefault(event.workspace(), List.of()).forEach(socket -> socket.told(event));
    }

    private static List<TerminalSocket> joined(List<TerminalSocket> some, List<TerminalSocket> more) {
        return java.util.stream.Stream.concat(some.stream(), more.stream()).toList();
    }
}
