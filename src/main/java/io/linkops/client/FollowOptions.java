package io.linkops.client;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import picocli.CommandLine.Option;

/** How an operation that was just started is watched. */
final class FollowOptions {
    @Option(
            names = {"-d", "--detach"},
            description = "Print the operation's id and go; see it with 'linkops logs -f ID'.")
    private boolean isDetached;

    @Option(names = "--wait", description = "Wait for the end without showing output.")
    private boolean isWaiting;

    @Option(names = "--group", description = "At the end, the output of links that came to the same, once.")
    private boolean isGrouped;

    @Option(names = "--raw", description = "Let the terminal obey what hosts print; only for hosts you trust.")
    private boolean isRaw;

    @Option(
            names = "--reconnect",
            paramLabel = "SECONDS",
            defaultValue = "120",
            description = "How long to go on trying when the server is away (default: ${DEFAULT-VALUE}).")
    private int patience = 120;

    boolean isRaw() {
        return isRaw;
    }

    /** What is wrong with these together; empty if nothing. */
    String problem() {
        if (isDetached && (isWaiting || isGrouped)) {
            return "--detach goes at once; --wait and --group stay to the end.";
        }
        return patience < 0 ? "--reconnect is " + patience + ", expected 0 or more." : "";
    }

    /** Follows what was queued, as the options say. @return the exit code */
    int queued(Talk talk, JsonObject queued) throws ServerRefusal, ServerUnreachable, InterruptedException {
        var id = queued.getString("operation_id", "");
        if (!isDetached) {
            return follow(talk, id);
        }
        if (talk.isJson()) {
            talk.screen().json(queued.encode());
        } else {
            talk.screen().result(id);
        }
        return Exit.SUCCESS;
    }

    /** To its end. @return 0 if it came to a success */
    int follow(Talk talk, String id) throws ServerRefusal, ServerUnreachable, InterruptedException {
        var showsOutput = !isWaiting && !isGrouped;
        try (var _ = new Leaving(id, talk.screen());
                var report = new LiveReport(talk.screen(), showsOutput)) {
            new OperationTail(talk.server(), Duration.ofSeconds(patience), report).follow(id, event -> {
                if (!talk.isJson()) {
                    report.accept(event);
                } else if (showsOutput) {
                    talk.screen()
                            .json(new JsonObject()
                                    .put("id", event.id())
                                    .put("event", event.type())
                                    .put("data", event.data())
                                    .encode());
                }
            });
        }
        return ended(talk, id);
    }

    private int ended(Talk talk, String id) throws ServerRefusal, ServerUnreachable, InterruptedException {
        var operation =
                talk.server().get("/api/operations/" + LinkOpsServer.part(id)).json();
        if (isGrouped) {
            new GroupedOutput(talk).show(id, "");
        }
        if (talk.isJson()) {
            talk.screen()
                    .json(new JsonObject()
                            .put("event", "result")
                            .put("data", operation)
                            .encode());
        } else {
            talk.screen().note(Told.operation(operation));
        }
        return "success".equals(operation.getString("status")) ? Exit.SUCCESS : Exit.FAILED;
    }
}
