package io.linkops.bench;

import io.linkops.ssh.Route;
import io.linkops.ssh.RouteLooks;
import io.linkops.ssh.SshConnection;
import io.linkops.ssh.SshConnections;
import io.linkops.ssh.SshSettings;
import io.linkops.world.World;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;

/**
 * How long a round of checks takes: over kept connections, over new ones, and, to compare with, TCP and the banner
 * alone. {@code -Dbenchmark.links=N -Dbenchmark.parallelism=N}.
 */
final class HealthRound {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private HealthRound() {}

    public static void main(String[] arguments) throws Exception {
        int links = Integer.getInteger("benchmark.links", 200);
        int parallelism = Integer.getInteger("benchmark.parallelism", 16);
        try (var world = World.with(World.newDirectory(), 1);
                var pool = Executors.newFixedThreadPool(parallelism);
                var connections = new SshConnections(SshSettings.of(world.sshd().keysDirectory()))) {
            var id = Files.readString(world.clientIdFile("link-001")).strip();
            var path = world.clientIdFile("link-001").toString();
            System.out.printf("%d links, %d at once, client id %s%n", links, parallelism, id);
            List<Route> routes = new ArrayList<>();
            for (int link = 1; link <= links; link++) {
                routes.add(world.sshd().route(link));
            }
            var looks = connections.looks(TIMEOUT);
            round(
                    "TCP and banner",
                    pool::invokeAll,
                    routes.stream().<Callable<Boolean>>map(HealthRound::banner).toList());
            round("new connections", pool::invokeAll, looks(looks, routes, path));
            for (var route : routes) {
                SshConnection borrowed = connections.borrow(route);
                borrowed.close();
            }
            round("kept connections", pool::invokeAll, looks(looks, routes, path));
        }
    }

    @FunctionalInterface
    private interface Crew {
        List<java.util.concurrent.Future<Boolean>> all(List<Callable<Boolean>> jobs) throws InterruptedException;
    }

    private static void round(String name, Crew crew, List<Callable<Boolean>> jobs) throws Exception {
        long begun = System.nanoTime();
        int good = 0;
        for (var done : crew.all(jobs)) {
            good += done.get() ? 1 : 0;
        }
        double millis = (System.nanoTime() - begun) / 1e6;
        System.out.printf("%-18s %8.0f ms, %d of %d good%n", name, millis, good, jobs.size());
    }

    private static List<Callable<Boolean>> looks(RouteLooks looks, List<Route> routes, String path) {
        return routes.stream()
                .<Callable<Boolean>>map(route -> () ->
                        looks.look(route, path, UUID.randomUUID().toString()).clientId() != null)
                .toList();
    }

    private static Callable<Boolean> banner(Route route) {
        return () -> {
            try (var socket = new Socket()) {
                socket.connect(
                        new InetSocketAddress(
                                route.destination().host(), route.destination().port()),
                        (int) TIMEOUT.toMillis());
                return socket.getInputStream().read() == 'S';
            } catch (IOException e) {
                return false;
            }
        };
    }
}
