package io.linkops.client;

import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What an operation printed. */
@Command(
        name = "logs",
        description = "Show what an operation printed; with -f from its beginning to its end, as it comes.",
        footer = Exit.FOOTER)
final class LogsCommand implements Callable<Integer> {
    @Parameters(paramLabel = "ID", description = "The operation.")
    private String id = "";

    @Option(
            names = {"-f", "--follow"},
            description = "Stay until it is over; the exit code is the operation's.")
    private boolean isFollowing;

    @Option(names = "--target", paramLabel = "LINK", description = "Only these links; not with -f. Can be repeated.")
    private List<String> targets = new ArrayList<>();

    @Option(names = "--script", paramLabel = "SCRIPT", description = "Only this script; not with -f.")
    private @Nullable String script;

    @Option(names = "--group", description = "The output of links that came to the same, once.")
    private boolean isGrouped;

    @Option(names = "--raw", description = "Let the terminal obey what hosts print; only for hosts you trust.")
    private boolean isRaw;

    @Mixin
    private ServerOptions server;

    LogsCommand(Seat seat) {
        this.server = new ServerOptions(seat);
    }

    @Override
    public Integer call() throws InterruptedException {
        if (isFollowing && (!targets.isEmpty() || script != null || isGrouped)) {
            throw server.misuse("-f shows all of it; --target, --script and --group are for what is over.");
        }
        return server.speak(isRaw, talk -> isFollowing ? new FollowOptions().follow(talk, id) : show(talk));
    }

    private int show(Talk talk) throws ServerRefusal, ServerUnreachable, InterruptedException {
        if (isGrouped) {
            new GroupedOutput(talk).show(id, script == null ? "" : script);
            return Exit.SUCCESS;
        }
        var operation =
                talk.server().get("/api/operations/" + LinkOpsServer.part(id)).json();
        if (talk.isJson()) {
            talk.screen().json(operation.encode());
            return Exit.SUCCESS;
        }
        boolean namesScripts = operation.getJsonArray("scripts").size() > 1;
        for (var entry : operation.getJsonArray("executions")) {
            var execution = (JsonObject) entry;
            if (isWanted(execution)) {
                var name = execution.getString("target") + (namesScripts ? " " + execution.getString("script") : "");
                GroupedOutput.output(talk, id, execution.getString("id"), name);
            }
        }
        talk.screen().note(Told.operation(operation));
        return Exit.SUCCESS;
    }

    private boolean isWanted(JsonObject execution) {
        return (targets.isEmpty() || targets.contains(execution.getString("target")))
                && (script == null || script.equals(execution.getString("script")));
    }
}
