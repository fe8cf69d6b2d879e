package io.linkops.world;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/** What tests do with terminals through the API. */
public final class Terminals {
    private static final String PATH = "/api/terminal/workspaces";
    private static final List<String> LAYOUTS = List.of("single", "grid2x1", "grid1x3", "grid2x2");

    private Terminals() {}

    /** A workspace with a pane for each of these links. @return its id */
    public static String workspace(ApiClient api, String... links) throws Exception {
        var created = api.post(PATH, new JsonObject().put("layout", LAYOUTS.get(links.length - 1)));
        assertThat(created.status()).as(created.body()).isEqualTo(201);
        var id = created.json().getString("id");
        var assigned = assign(api, id, links);
        assertThat(assigned.status()).as(assigned.body()).isEqualTo(200);
        return id;
    }

    public static ApiClient.Answer assign(ApiClient api, String workspace, String... links) throws Exception {
        var panes = new JsonArray();
        for (int pane = 0; pane < links.length; pane++) {
            panes.add(new JsonObject().put("pane", pane).put("link", links[pane]));
        }
        return api.put(PATH + "/" + workspace + "/panes", new JsonObject().put("panes", panes));
    }

    /** As {@link #workspace} with every shell open. */
    public static String connected(ApiClient api, String... links) throws Exception {
        var id = workspace(api, links);
        var answer = api.post(path(id) + "/connect-all");
        assertThat(answer.status()).as(answer.body()).isEqualTo(202);
        for (int pane = 0; pane < links.length; pane++) {
            await(api, id, pane, "connected");
        }
        return id;
    }

    public static String path(String workspace) {
        return PATH + "/" + workspace;
    }

    public static JsonObject pane(ApiClient api, String workspace, int pane) throws Exception {
        return api.get(path(workspace)).json().getJsonArray("panes").getJsonObject(pane);
    }

    /** Waits until a pane has this status. */
    public static JsonObject await(ApiClient api, String workspace, int pane, String status) throws Exception {
        Patience.until("pane " + pane + " is " + status, () -> {
            var state = pane(api, workspace, pane);
            if (!status.equals("closed") && state.getString("error") != null) {
                throw new IllegalStateException(state.encode());
            }
            return state.getString("status").equals(status);
        });
        return pane(api, workspace, pane);
    }

    /** Makes the shell quiet: no echo, no prompt. */
    public static void hush(TerminalClient client, int pane) throws Exception {
        client.type(
                pane,
                "PS1= PS2= PROMPT_COMMAND=; bind 'set enable-bracketed-paste off'; stty -echo; unset HISTFILE; echo"
                        + " hu''sh\n");
        client.until(pane, "hush\r\n");
        // what was printed for the line before is over once the next one is answered
        client.type(pane, "echo qui''et\n");
        client.until(pane, "quiet\r\n");
    }
}
