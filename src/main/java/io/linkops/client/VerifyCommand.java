package io.linkops.client;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Looks whether links are what they claim to be. */
@Command(name = "verify", description = "Look whether links are what they claim to be.", footer = Exit.FOOTER)
final class VerifyCommand implements Callable<Integer> {
    @Parameters(
            arity = "1..*",
            paramLabel = "SELECTOR",
            description = "Links: an id, vm-*, tag:web, type:VM, * for all; !vm-9 leaves one out.")
    private List<String> targets = new ArrayList<>();

    @Mixin
    private BatchOptions batches = new BatchOptions();

    @Mixin
    private FollowOptions following = new FollowOptions();

    @Mixin
    private ServerOptions server;

    VerifyCommand(Seat seat) {
        this.server = new ServerOptions(seat);
    }

    @Override
    public Integer call() throws InterruptedException {
        if (!following.problem().isEmpty()) {
            throw server.misuse(following.problem());
        }
        return server.speak(following.isRaw(), talk -> {
            var body = new JsonObject().put("targets", new JsonArray(targets));
            batches.addTo(body);
            return following.queued(
                    talk, talk.server().post("/api/links/verify", body).json());
        });
    }
}
