package io.linkops.client;

import io.vertx.core.json.JsonObject;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Fetches the repository and makes it the inventory. */
@Command(name = "sync", description = "Fetch the repository and make it the inventory.", footer = Exit.FOOTER)
final class SyncCommand implements Callable<Integer> {
    @Mixin
    private ServerOptions server;

    SyncCommand(Seat seat) {
        this.server = new ServerOptions(seat);
    }

    @Override
    public Integer call() throws InterruptedException {
        return server.speak(false, SyncCommand::sync);
    }

    private static int sync(Talk talk) throws ServerRefusal, ServerUnreachable, InterruptedException {
        var sync = talk.server().post("/api/git/sync", new JsonObject()).json();
        if (talk.isJson()) {
            talk.screen().json(sync.encode());
            return Exit.SUCCESS;
        }
        talk.screen()
                .result("commit " + sync.getString("commit")
                        + (sync.getBoolean("changed", false) ? "" : ", unchanged"));
        var diff = sync.getJsonObject("diff");
        if (diff != null) {
            for (var what : new String[] {"added", "changed", "retired"}) {
                if (!diff.getJsonArray(what).isEmpty()) {
                    talk.screen().result(what + ": " + Told.words(diff, what));
                }
            }
        }
        sync.getJsonArray("warnings").forEach(warning -> talk.screen().note("warning: " + warning));
        return Exit.SUCCESS;
    }
}
