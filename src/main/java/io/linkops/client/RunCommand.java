package io.linkops.client;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Runs scripts on links and shows what they print. */
@Command(
        name = "run",
        description = "Run scripts on links, with their output as it comes.",
        footer = Exit.FOOTER + "%nCtrl-C leaves; the operation goes on. 'linkops stop ID' ends it.")
final class RunCommand implements Callable<Integer> {
    /** More links than this are confirmed. */
    static final int MANY = 10;

    @Parameters(arity = "1..*", paramLabel = "SCRIPT", description = "Ids of scripts, run in this order on each link.")
    private List<String> scripts = new ArrayList<>();

    @Option(
            names = {"-t", "--on"},
            required = true,
            split = ",",
            paramLabel = "SELECTOR",
            description = "Links: an id, vm-*, tag:web, type:VM, * for all; !vm-9 leaves one out. Can be repeated.")
    private List<String> targets = new ArrayList<>();

    @Option(
            names = "--set",
            paramLabel = "NAME=VALUE",
            description = "A parameter of the script; with several scripts SCRIPT:NAME=VALUE. Can be repeated.")
    private List<String> parameters = new ArrayList<>();

    @Option(
            names = "--arg",
            paramLabel = "TEXT",
            description = "An argument for the script; with several scripts SCRIPT:TEXT. Can be repeated.")
    private List<String> arguments = new ArrayList<>();

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            description = "How long each script may take, such as 90s or 10m.")
    private @Nullable String timeout;

    @Option(
            names = "--on-failure",
            paramLabel = "WHAT",
            description = "What becomes of a link's other scripts when one failed there: stop (default) or continue.")
    private @Nullable OnFailure onFailure;

    @Option(names = "--dry-run", description = "Only say what it would do; nothing is connected to.")
    private boolean isDryRun;

    @Option(
            names = {"-y", "--yes"},
            description = "Do not ask before it runs on more than " + MANY + " links.")
    private boolean isSure;

    @Mixin
    private BatchOptions batches = new BatchOptions();

    @Mixin
    private FollowOptions following = new FollowOptions();

    @Mixin
    private ServerOptions server;

    RunCommand(Seat seat) {
        this.server = new ServerOptions(seat);
    }

    /** What to do with the rest of a link's scripts. */
    enum OnFailure {
        STOP,
        CONTINUE
    }

    @Override
    public Integer call() throws InterruptedException {
        if (!following.problem().isEmpty()) {
            throw server.misuse(following.problem());
        }
        return server.speak(following.isRaw(), talk -> {
            var body = body();
            if (isDryRun) {
                return rehearse(talk, body);
            }
            if (!isSure && !isConfirmed(talk, body)) {
                talk.screen().note("linkops: nothing was run");
                return Exit.MISUSED;
            }
            return following.queued(
                    talk, talk.server().post("/api/operations/run", body).json());
        });
    }

    private JsonObject body() {
        var body = new JsonObject().put("scripts", new JsonArray(scripts)).put("targets", new JsonArray(targets));
        var byScript = new ByScript(scripts);
        if (!parameters.isEmpty()) {
            body.put("parameters", byScript.values("--set", parameters));
        }
        if (!arguments.isEmpty()) {
            body.put("flags", byScript.lists("--arg", arguments));
        }
        if (timeout != null) {
            var seconds = Times.seconds("--timeout", timeout);
            var each = new JsonObject();
            scripts.forEach(script -> each.put(script, seconds));
            body.put("timeouts", each);
        }
        if (onFailure != null) {
            body.put("on_failure", onFailure.name().toLowerCase(Locale.ROOT));
        }
        batches.addTo(body);
        return body;
    }

    private int rehearse(Talk talk, JsonObject body) throws ServerRefusal, ServerUnreachable, InterruptedException {
        var found = rehearsal(talk, body);
        if (talk.isJson()) {
            talk.screen().json(found.encode());
        } else {
            var rows = new Columns("TARGET", "BATCH", "ROUTE", "WOULD REFUSE");
            for (var entry : found.getJsonArray("targets")) {
                var target = (JsonObject) entry;
                rows.add(
                        Told.cell(target, "target"),
                        Told.cell(target, "batch"),
                        Told.words(target, "route"),
                        Told.cell(target, "error"));
            }
            rows.show(talk.screen());
            talk.screen().note(found.getBoolean("would_run", false) ? "It would run." : "It would not run.");
        }
        return found.getBoolean("would_run", false) ? Exit.SUCCESS : Exit.FAILED;
    }

    private static JsonObject rehearsal(Talk talk, JsonObject body)
            throws ServerRefusal, ServerUnreachable, InterruptedException {
        return talk.server()
                .post("/api/operations/run", body.copy().put("dry_run", true))
                .json();
    }

    private boolean isConfirmed(Talk talk, JsonObject body)
            throws ServerRefusal, ServerUnreachable, InterruptedException {
        int links = rehearsal(talk, body).getJsonArray("targets").size();
        if (links <= MANY) {
            return true;
        }
        if (!server.seat().isTerminal()) {
            throw server.misuse("This would run on " + links + " links: say --yes if that is meant.");
        }
        talk.screen().note("Run " + String.join(", ", scripts) + " on " + links + " links? Type yes:");
        return "yes".equalsIgnoreCase(server.seat().answers().get());
    }
}
