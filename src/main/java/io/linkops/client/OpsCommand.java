package io.linkops.client;

import io.vertx.core.json.JsonObject;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What was run. */
@Command(name = "ops", description = "List operations, newest first, or show one.", footer = Exit.FOOTER)
final class OpsCommand implements Callable<Integer> {
    @Parameters(arity = "0..1", paramLabel = "ID", description = "Only this operation, with its executions.")
    private @Nullable String id;

    @Option(
            names = "--status",
            paramLabel = "STATUS",
            description = "queued, running, success, failed, partial, stopped or interrupted.")
    private @Nullable String status;

    @Option(names = "--kind", paramLabel = "KIND", description = "script, verify or preflight.")
    private @Nullable String kind;

    @Option(names = "--user", paramLabel = "NAME", description = "Who started it.")
    private @Nullable String user;

    @Option(names = "--target", paramLabel = "LINK", description = "A link it ran on.")
    private @Nullable String target;

    @Option(names = "--script", paramLabel = "SCRIPT", description = "One of its scripts.")
    private @Nullable String script;

    @Option(
            names = {"-n", "--limit"},
            paramLabel = "N",
            defaultValue = "20",
            description = "At most so many, 1 to 200 (default: ${DEFAULT-VALUE}).")
    private int limit = 20;

    @Mixin
    private ServerOptions server;

    OpsCommand(Seat seat) {
        this.server = new ServerOptions(seat);
    }

    @Override
    public Integer call() throws InterruptedException {
        var one = id;
        return server.speak(false, talk -> one == null ? all(talk) : one(talk, one));
    }

    private int all(Talk talk) throws ServerRefusal, ServerUnreachable, InterruptedException {
        var path = new ListQuery("/api/operations")
                .with("status", status)
                .with("kind", kind)
                .with("user", user)
                .with("target", target)
                .with("script", script)
                .with("limit", limit);
        var answer = talk.server().get(path.toString()).json();
        if (talk.isJson()) {
            talk.screen().json(answer.encode());
            return Exit.SUCCESS;
        }
        var rows = new Columns("ID", "KIND", "STATUS", "SCRIPTS", "LINKS", "BY", "QUEUED", "EXECUTIONS");
        for (var entry : answer.getJsonArray("operations")) {
            var operation = (JsonObject) entry;
            rows.add(
                    Told.cell(operation, "id"),
                    Told.cell(operation, "kind"),
                    Told.cell(operation, "status"),
                    Told.words(operation, "scripts"),
                    Told.cell(operation, "targets"),
                    Told.cell(operation, "started_by"),
                    Told.cell(operation, "queued_at"),
                    Told.counts(operation.getJsonObject("counts")));
        }
        rows.show(talk.screen());
        return Exit.SUCCESS;
    }

    private static int one(Talk talk, String id) throws ServerRefusal, ServerUnreachable, InterruptedException {
        var operation =
                talk.server().get("/api/operations/" + LinkOpsServer.part(id)).json();
        if (talk.isJson()) {
            talk.screen().json(operation.encode());
            return Exit.SUCCESS;
        }
        talk.screen().result(Told.operation(operation));
        var rows = new Columns("TARGET", "SCRIPT", "EXECUTION", "CAME TO");
        for (var entry : operation.getJsonArray("executions")) {
            var execution = (JsonObject) entry;
            rows.add(
                    Told.cell(execution, "target"),
                    Told.cell(execution, "script"),
                    Told.cell(execution, "id"),
                    Told.execution(execution));
        }
        rows.show(talk.screen());
        return Exit.SUCCESS;
    }
}
