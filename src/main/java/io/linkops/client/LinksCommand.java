package io.linkops.client;

import io.vertx.core.json.JsonObject;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The machines of the inventory. */
@Command(name = "links", description = "List the links, or show one.", footer = Exit.FOOTER)
final class LinksCommand implements Callable<Integer> {
    @Parameters(arity = "0..1", paramLabel = "ID", description = "Only this link, with all that is known of it.")
    private @Nullable String id;

    @Option(names = "--tag", paramLabel = "TAG", description = "Links with this tag.")
    private @Nullable String tag;

    @Option(names = "--type", paramLabel = "TYPE", description = "Links of this type.")
    private @Nullable String type;

    @Option(names = "--status", paramLabel = "STATUS", description = "online, offline or unknown.")
    private @Nullable String status;

    @Option(names = "--enrollment", paramLabel = "STATUS", description = "enrolled, refused or unverified.")
    private @Nullable String enrollment;

    @Option(
            names = {"-q", "--search"},
            paramLabel = "TEXT",
            description = "Part of id, host, user or provider.")
    private @Nullable String text;

    @Option(names = "--sort", paramLabel = "COLUMN", description = "Such as host, latency or last_seen (default: id).")
    private @Nullable String sort;

    @Mixin
    private ServerOptions server;

    LinksCommand(Seat seat) {
        this.server = new ServerOptions(seat);
    }

    @Override
    public Integer call() throws InterruptedException {
        var one = id;
        return server.speak(
                false, talk -> one == null ? all(talk) : Document.show(talk, "/api/links/" + LinkOpsServer.part(one)));
    }

    private int all(Talk talk) throws ServerRefusal, ServerUnreachable, InterruptedException {
        var path = new ListQuery("/api/links")
                .with("tag", tag)
                .with("type", type)
                .with("status", status)
                .with("enrollment", enrollment)
                .with("q", text)
                .with("sort", sort);
        var answer = talk.server().get(path.toString()).json();
        if (talk.isJson()) {
            talk.screen().json(answer.encode());
            return Exit.SUCCESS;
        }
        var rows = new Columns("ID", "TYPE", "HOST", "ENROLLMENT", "STATUS", "LATENCY", "TAGS");
        for (var entry : answer.getJsonArray("links")) {
            var link = (JsonObject) entry;
            var health = link.getJsonObject("health");
            var latency = health.getValue("latency_ms");
            rows.add(
                    Told.cell(link, "id"),
                    Told.cell(link, "type"),
                    link.getString("user") + "@" + link.getString("host") + ":" + link.getValue("port"),
                    Told.cell(link.getJsonObject("enrollment"), "status"),
                    Told.cell(health, "status"),
                    latency == null ? "-" : latency + " ms",
                    Told.words(link, "tags"));
        }
        rows.show(talk.screen());
        return Exit.SUCCESS;
    }
}
