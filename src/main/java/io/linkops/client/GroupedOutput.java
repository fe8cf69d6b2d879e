package io.linkops.client;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.stream.Collectors;

/** The output of an operation, once for all links that came to the same. */
final class GroupedOutput {
    private final Talk talk;

    GroupedOutput(Talk talk) {
        this.talk = talk;
    }

    /** @param script only this one; empty for all */
    void show(String id, String script) throws ServerRefusal, ServerUnreachable, InterruptedException {
        var path = "/api/operations/" + LinkOpsServer.part(id) + "/groups";
        var groups = talk.server()
                .get(script.isEmpty() ? path : path + "?script=" + LinkOpsServer.part(script))
                .json()
                .getJsonArray("groups");
        for (var entry : groups) {
            var group = (JsonObject) entry;
            if (talk.isJson()) {
                talk.screen()
                        .json(new JsonObject()
                                .put("event", "group")
                                .put("data", group)
                                .encode());
            } else {
                head(group);
                output(talk, id, group.getString("sample"), "");
            }
        }
    }

    private void head(JsonObject group) {
        var exit = group.getInteger("exit_code");
        int count = group.getInteger("count", 0);
        var names = group.getJsonArray("targets");
        talk.screen()
                .result("== " + count + (count == 1 ? " link: " : " links: ") + group.getString("status")
                        + (exit == null ? "" : ", exit code " + exit) + " ==");
        talk.screen()
                .result("   " + names.stream().map(String::valueOf).collect(Collectors.joining(" "))
                        + (count > names.size() ? " and " + (count - names.size()) + " more" : ""));
    }

    /** All that one execution printed, each line with this name before it. */
    static void output(Talk talk, String id, String execution, String name)
            throws ServerRefusal, ServerUnreachable, InterruptedException {
        var path = "/api/operations/" + LinkOpsServer.part(id) + "/executions/" + LinkOpsServer.part(execution)
                + "/output";
        var lines = new Lines(line -> talk.screen().output(name, false, line));
        try (var bytes = talk.server().stream(path)) {
            var piece = bytes.readNBytes(64 * 1024);
            while (piece.length > 0) {
                lines.add(piece);
                piece = bytes.readNBytes(64 * 1024);
            }
            lines.end();
        } catch (IOException e) {
            throw new ServerUnreachable("The connection broke in the middle of the output: " + e.getMessage(), e);
        }
    }
}
