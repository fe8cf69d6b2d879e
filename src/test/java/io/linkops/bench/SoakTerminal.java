package io.linkops.bench;

import io.linkops.world.ApiClient;
import io.linkops.world.TerminalClient;
import io.linkops.world.Terminals;
import java.util.concurrent.ThreadLocalRandom;

/** One shell's life: it is opened, prints, floods now and then, idles, loses its socket, is found again, is closed. */
final class SoakTerminal {
    private static final int IDLE_MILLIS = 20_000;
    private static final int FLOOD_BYTES = 400_000;

    private final ApiClient api;
    private final int port;

    SoakTerminal(ApiClient api, int port) {
        this.api = api;
        this.port = port;
    }

    void live(String link) throws Exception {
        var random = ThreadLocalRandom.current();
        var id = Terminals.connected(api, link);
        try {
            var query = (random.nextBoolean() ? "output=binary&" : "") + "acks=true";
            long next = firstSocket(id, query, random.nextInt(4) == 0);
            idle(random.nextInt(IDLE_MILLIS) / 4);
            secondSocket(id, query + "&after=0:" + next, next);
            if (random.nextInt(3) > 0) {
                return;
            }
            idle(random.nextInt(IDLE_MILLIS));
            try (var client = TerminalClient.open(port, api.token(), id, query)) {
                client.type(0, "exit\n");
                Terminals.await(api, id, 0, "closed");
            }
        } finally {
            require(api.delete(Terminals.path(id)), 204);
        }
    }

    /** Ends as when the network is cut. @return the offset up to which it heard */
    private long firstSocket(String id, String query, boolean floods) throws Exception {
        var client = TerminalClient.open(port, api.token(), id, query);
        try {
            Terminals.hush(client, 0);
            client.type(0, "for i in 1 2 3 4 5; do echo line $i; sleep 0.5; done; echo do''ne\n");
            client.until(0, "done\r\n");
            client.keep(4096);
            if (floods) {
                client.type(0, "yes | head -c " + FLOOD_BYTES + "; echo flo''od\n");
                client.until(0, "flood\r\n");
            }
            client.resize(0, 100, 30);
            idle(ThreadLocalRandom.current().nextInt(IDLE_MILLIS));
            return client.next(0);
        } finally {
            client.abort();
        }
    }

    private void secondSocket(String id, String query, long next) throws Exception {
        try (var client = TerminalClient.open(port, api.token(), id, query)) {
            client.type(0, "echo ba''ck\n");
            client.until(0, "back\r\n");
            if (client.first(0) != next) {
                throw new IllegalStateException("went on at " + client.first(0) + " instead of " + next);
            }
            idle(ThreadLocalRandom.current().nextInt(IDLE_MILLIS));
        }
    }

    /** A person who does nothing: there is no condition to wait for. */
    private static void idle(long millis) throws InterruptedException {
        Thread.sleep(millis);
    }

    static void require(ApiClient.Answer answer, int... statuses) {
        for (int status : statuses) {
            if (answer.status() == status) {
                return;
            }
        }
        throw new IllegalStateException("answered " + answer);
    }
}
