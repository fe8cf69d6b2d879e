package io.linkops.bench;

import io.linkops.world.ApiClient;
import io.linkops.world.LinkOpsProcess;
import io.linkops.world.TerminalClient;
import io.linkops.world.Terminals;
import io.linkops.world.World;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Measures terminals on a real sshd, LinkOps being a process of its own: how soon an echo comes, alone and beside a
 * flood, how soon Ctrl-C ends a flood, how much output a second gets through, and what many shells cost.
 */
final class TerminalBenchmark {
    private static final int ECHOES = 500;
    private static final int INTERRUPTS = 20;
    private static final int BULK_MEGABYTES = 200;
    private static final long PATIENCE_NANOS = 60_000_000_000L;

    private final World world;
    private final LinkOpsProcess linkops;
    private final ApiClient api;
    private final int port;

    private TerminalBenchmark(World world, LinkOpsProcess linkops) throws Exception {
        this.world = world;
        this.linkops = linkops;
        this.port = linkops.awaitPort();
        this.api = linkops.login();
    }

    public static void main(String[] arguments) throws Exception {
        int workspaces = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 100;
        try (var world = World.with(World.newDirectory(), 4)) {
            world.script("nothing", "#!/bin/bash", "true").commit();
            try (var linkops = world.serve(Map.of(
                    "terminal.max_workspaces_per_user", 1000,
                    "terminal.max_workspaces", 1000,
                    "terminal.max_sockets_per_user", 1000))) {
                var benchmark = new TerminalBenchmark(world, linkops);
                World.enroll(benchmark.api);
                System.out.println(ProcFs.machine() + "; load average " + ProcFs.loadAverage());
                benchmark.one("output=binary&acks=true");
                benchmark.one("");
                benchmark.many(workspaces);
            }
        }
        System.exit(0);
    }

    private void one(String query) throws Exception {
        System.out.println("--- " + (query.isEmpty() ? "JSON, no acknowledgements" : query));
        var id = Terminals.connected(api, "link-001", "link-002", "link-003", "link-004");
        try (var client = TerminalClient.open(port, api.token(), id, query)) {
            for (int pane = 0; pane < 4; pane++) {
                Terminals.hush(client, pane);
            }
            client.keep(4096);
            client.type(1, "stty raw -echo; echo ra''w; cat\n");
            client.until(1, "raw");
            echoes(client, 100);
            System.out.println("echo, idle              " + percentiles(echoes(client, ECHOES)));
            System.out.println("LinkOps                 " + footprint());
            client.type(0, "yes\n");
            client.until(0, "y\r\ny\r\n");
            echoes(client, 100);
            System.out.println("echo beside a flood     " + percentiles(echoes(client, ECHOES)));
            System.out.println("LinkOps in the flood    " + footprint());
            client.type(0, "\u0003");
            System.out.println("Ctrl-C ends a flood     " + percentiles(interrupts(client)));
            System.out.printf("bulk                    %.1f MB/s%n", bulk(client));
            System.out.println("LinkOps                 " + footprint());
        }
        api.delete(Terminals.path(id));
    }

    private static long[] echoes(TerminalClient client, int count) {
        var nanos = new long[count];
        for (int i = 0; i < count; i++) {
            long before = client.next(1);
            long begun = System.nanoTime();
            client.type(1, "x");
            spin(() -> client.next(1) > before);
            nanos[i] = System.nanoTime() - begun;
            LockSupport.parkNanos(2_000_000);
        }
        return nanos;
    }

    /** From the key to the shell's answer, which comes after the last line of the flood. */
    private static long[] interrupts(TerminalClient client) {
        client.type(0, "PS1=\n");
        var nanos = new long[INTERRUPTS];
        for (int i = 0; i < INTERRUPTS; i++) {
            var prompt = "READY" + i + ">";
            client.type(0, "PS1='REA''DY" + i + ">'; yes\n");
            long before = client.next(0);
            spin(() -> client.next(0) > before + 2_000_000);
            long begun = System.nanoTime();
            client.type(0, "\u0003");
            spin(() -> client.heard(0).contains(prompt));
            nanos[i] = System.nanoTime() - begun;
        }
        client.type(0, "PS1=\n");
        return nanos;
    }

    private static double bulk(TerminalClient client) {
        long begun = System.nanoTime();
        client.type(0, "head -c " + BULK_MEGABYTES + "000000 /dev/zero | tr '\\0' x; echo bu''lk\n");
        spin(() -> client.heard(0).contains("bulk"));
        return BULK_MEGABYTES * 1e9 / (System.nanoTime() - begun);
    }

    private void many(int workspaces) throws Exception {
        System.out.println("--- " + workspaces + " workspaces of 4 panes, a socket each");
        System.out.println("before                  " + footprint());
        var ids = new ArrayList<String>();
        List<TerminalClient> clients = new ArrayList<>();
        long begun = System.nanoTime();
        for (int i = 0; i < workspaces; i++) {
            var id = Terminals.workspace(api, "link-001", "link-002", "link-003", "link-004");
            api.post(Terminals.path(id) + "/connect-all");
            ids.add(id);
            clients.add(TerminalClient.open(port, api.token(), id, "output=binary&acks=true"));
        }
        for (var client : clients) {
            client.broadcast(List.of(0, 1, 2, 3), "echo the''re\n");
        }
        for (int i = 0; i < workspaces; i++) {
            for (int pane = 0; pane < 4; pane++) {
                Terminals.await(api, ids.get(i), pane, "connected");
            }
            clients.get(i).broadcast(List.of(0, 1, 2, 3), "echo the''re\n");
        }
        for (var client : clients) {
            for (int pane = 0; pane < 4; pane++) {
                client.until(pane, "there");
            }
        }
        System.out.printf(
                "all open after          %.1f s, %d shells over there%n",
                (System.nanoTime() - begun) / 1e9, world.sshd().shells());
        System.out.println("all open                " + footprint());
        var nanos = new long[workspaces];
        for (int i = 0; i < workspaces; i++) {
            var client = clients.get(i);
            long before = client.next(i % 4);
            long sent = System.nanoTime();
            client.type(i % 4, "\n");
            int pane = i % 4;
            spin(() -> client.next(pane) > before);
            nanos[i] = System.nanoTime() - sent;
        }
        System.out.println("echo among them         " + percentiles(nanos));
        for (int i = 0; i < workspaces; i++) {
            clients.get(i).abort();
            api.delete(Terminals.path(ids.get(i)));
        }
        spin(() -> world.sshd().shells() == 0);
        System.out.println("all closed              " + footprint());
    }

    private static void spin(BooleanSupplier isSo) {
        long begun = System.nanoTime();
        while (!isSo.getAsBoolean()) {
            if (System.nanoTime() - begun > PATIENCE_NANOS) {
                throw new IllegalStateException("never happened");
            }
            LockSupport.parkNanos(50_000);
        }
    }

    private static String percentiles(long[] nanos) {
        Arrays.sort(nanos);
        return "p50 %.2f ms, p99 %.2f ms, most %.2f ms (%d)"
                .formatted(
                        nanos[nanos.length / 2] / 1e6,
                        nanos[nanos.length * 99 / 100] / 1e6,
                        nanos[nanos.length - 1] / 1e6,
                        nanos.length);
    }

    private String footprint() throws IOException {
        var status = Files.readAllLines(Path.of("/proc/" + linkops.pid() + "/status"));
        return value(status, "VmRSS:") + " resident, " + value(status, "Threads:") + " threads";
    }

    private static String value(List<String> status, String name) {
        return status.stream()
                .filter(line -> line.startsWith(name))
                .map(line -> line.substring(name.length()).strip())
                .findFirst()
                .orElse("?");
    }
}
