package io.linkops.bench;

import io.linkops.world.World;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** What is asked of a running LinkOps; an execution that does not succeed ends the benchmark. */
final class FanOuts {
    private static final long POLL_MILLIS = 25;

    private final Started linkops;
    private final ProcessHandle sshd;
    private final Settings settings;

    FanOuts(Started linkops, ProcessHandle sshd, Settings settings) {
        this.linkops = linkops;
        this.sshd = sshd;
        this.settings = settings;
    }

    /** @return ms */
    double sync() throws Exception {
        long begun = System.nanoTime();
        var answer = linkops.api().post("/api/git/sync");
        if (answer.status() != 200) {
            throw new IllegalStateException("sync answered " + answer);
        }
        return (System.nanoTime() - begun) / 1e6;
    }

    Pass verify() throws Exception {
        var watch = watch();
        var body = new JsonObject().put("targets", new JsonArray().add("*")).put("concurrency", settings.concurrency());
        var answer = linkops.api().post("/api/links/verify", body);
        if (answer.status() != 202) {
            throw new IllegalStateException("verify answered " + answer);
        }
        await(answer.json().getString("operation_id"), settings.links());
        return watch.read("verify", settings.links());
    }

    /** The trivial script on every link. */
    Pass all(String name) throws Exception {
        var watch = watch();
        await(submit("trivial", "*"), settings.links());
        return watch.read(name, settings.links());
    }

    String submit(String script, String... targets) throws Exception {
        return World.run(linkops.api(), settings.concurrency(), List.of(script), targets);
    }

    Stopwatch watch() throws Exception {
        return new Stopwatch(sshd, linkops::cpuMillis);
    }

    /** Asks for the end without following the events, which would cost LinkOps what is not the fan-out's. */
    void await(String operation, int targets) throws Exception {
        while (true) {
            var found = linkops.api()
                    .get("/api/operations?limit=1")
                    .json()
                    .getJsonArray("operations")
                    .getJsonObject(0);
            var status = found.getString("status");
            if (!found.getString("id").equals(operation)) {
                throw new IllegalStateException("somebody else runs " + found);
            }
            if (!status.equals("queued") && !status.equals("running")) {
                requireAll(found, targets);
                return;
            }
            // what is measured is a minute of work at most; the end of it is seen within this
            Thread.sleep(POLL_MILLIS);
        }
    }

    private static void requireAll(JsonObject operation, int targets) {
        if (operation.getJsonObject("counts").getInteger("success") != targets) {
            throw new IllegalStateException(targets + " should have succeeded: " + operation.encodePrettily());
        }
    }

    /** From the POST to the first output in hand, one link, one after the other; ms. */
    List<Double> firstBytes(int times) throws Exception {
        List<Double> found = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            var arrived = new AtomicLong();
            long begun = System.nanoTime();
            var operation = submit("trivial", "link-001");
            linkops.api().events("/api/operations/" + operation + "/events", 0, event -> {
                if (event.type().equals("execution.output")) {
                    arrived.compareAndSet(0, System.nanoTime());
                }
                return false;
            });
            if (arrived.get() == 0) {
                throw new IllegalStateException("operation " + operation + " has no output");
            }
            found.add((arrived.get() - begun) / 1e6);
        }
        return found;
    }
}
