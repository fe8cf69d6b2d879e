package io.linkops.world;

import io.linkops.world.ApiClient.Event;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;

/** An operation that runs while LinkOps is killed and started again and its connections are cut, at random moments. */
public final class Torment {
    private final World world;
    private final Random random;
    private final Cut cut;
    private final Duration pause;
    private LinkOpsProcess linkops;
    private int kills;
    private int cuts;

    /** Cuts every connection to the links. */
    public interface Cut {
        void cut() throws Exception;
    }

    /** What came of it, as LinkOps shows it at the end. */
    public record Result(JsonObject operation, List<Event> events, int kills, int cuts) {
        public JsonObject execution() {
            return operation.getJsonArray("executions").getJsonObject(0);
        }

        public byte[] output(String stream) {
            return ApiClient.output(events, execution().getString("id"), stream);
        }
    }

    /** @param pause at most so long nothing happens */
    public Torment(World world, LinkOpsProcess linkops, Random random, Duration pause, Cut cut) {
        this.world = world;
        this.linkops = linkops;
        this.random = random;
        this.pause = pause;
        this.cut = cut;
    }

    public Result untilTheEnd(String operationId) throws Exception {
        while (true) {
            var api = linkops.login();
            var end = Instant.now().plusMillis(random.nextLong(pause.toMillis()));
            while (Instant.now().isBefore(end)) {
                var operation = api.get("/api/operations/" + operationId).json();
                if (operation.getString("ended_at") != null) {
                    return new Result(operation, api.events(operationId), kills, cuts);
                }
                Thread.sleep(50);
            }
            if (random.nextInt(5) < 2) {
                kills++;
                linkops.kill();
                linkops = world.serve();
            } else {
                cuts++;
                cut.cut();
            }
        }
    }

    /** The LinkOps that came last. */
    public LinkOpsProcess linkops() {
        return linkops;
    }

    /** Closes the LinkOps that came last. */
    public void close() throws IOException {
        linkops.close();
    }
}
