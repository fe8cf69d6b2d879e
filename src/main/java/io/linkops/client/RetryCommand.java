package io.linkops.client;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Runs again what did not succeed. */
@Command(
        name = "retry",
        description = "Run again what did not succeed in an operation, as a new one.",
        footer = Exit.FOOTER)
final class RetryCommand implements Callable<Integer> {
    @Parameters(paramLabel = "ID", description = "The operation.")
    private String id = "";

    @Option(
            names = "--status",
            split = ",",
            paramLabel = "STATUS",
            description = "Only these: failed, timeout, interrupted, lost, skipped, stopped (default: all of them).")
    private List<String> statuses = new ArrayList<>();

    @Option(
            names = {"-t", "--on"},
            split = ",",
            paramLabel = "SELECTOR",
            description = "Only these links of it (default: all).")
    private List<String> targets = new ArrayList<>();

    @Mixin
    private FollowOptions following = new FollowOptions();

    @Mixin
    private ServerOptions server;

    RetryCommand(Seat seat) {
        this.server = new ServerOptions(seat);
    }

    @Override
    public Integer call() throws InterruptedException {
        if (!following.problem().isEmpty()) {
            throw server.misuse(following.problem());
        }
        return server.speak(following.isRaw(), talk -> {
            var body = new JsonObject();
            if (!statuses.isEmpty()) {
                body.put("statuses", new JsonArray(statuses));
            }
            if (!targets.isEmpty()) {
                body.put("targets", new JsonArray(targets));
            }
            var path = "/api/operations/" + LinkOpsServer.part(id) + "/retry";
            return following.queued(talk, talk.server().post(path, body).json());
        });
    }
}
