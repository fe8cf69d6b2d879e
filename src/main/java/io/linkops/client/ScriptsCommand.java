package io.linkops.client;

import io.vertx.core.json.JsonObject;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** The catalog. */
@Command(name = "scripts", description = "List the scripts, or show one with its source.", footer = Exit.FOOTER)
final class ScriptsCommand implements Callable<Integer> {
    @Parameters(arity = "0..1", paramLabel = "ID", description = "Only this script, with its source.")
    private @Nullable String id;

    @Mixin
    private ServerOptions server;

    ScriptsCommand(Seat seat) {
        this.server = new ServerOptions(seat);
    }

    @Override
    public Integer call() throws InterruptedException {
        var one = id;
        return server.speak(
                false,
                talk -> one == null ? all(talk) : Document.show(talk, "/api/scripts/" + LinkOpsServer.part(one)));
    }

    private static int all(Talk talk) throws ServerRefusal, ServerUnreachable, InterruptedException {
        var answer = talk.server().get("/api/scripts").json();
        if (talk.isJson()) {
            talk.screen().json(answer.encode());
            return Exit.SUCCESS;
        }
        var rows = new Columns("ID", "NAME", "DESCRIPTION", "TAGS");
        for (var entry : answer.getJsonArray("scripts")) {
            var script = (JsonObject) entry;
            rows.add(
                    Told.cell(script, "id"),
                    Told.cell(script, "name"),
                    Told.cell(script, "description"),
                    Told.words(script, "tags"));
        }
        rows.show(talk.screen());
        return Exit.SUCCESS;
    }
}
