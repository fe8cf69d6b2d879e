package io.linkops.api;

import static io.linkops.api.Access.ADMIN;
import static io.linkops.api.Access.OPERATOR;

import io.linkops.accounts.Accounts.Role;
import io.linkops.bus.Bus;
import io.linkops.terminal.Terminals;
import io.linkops.terminal.Terminals.Actor;
import io.linkops.terminal.Terminals.Assignment;
import io.linkops.terminal.Terminals.Layout;
import io.linkops.terminal.Terminals.ShareMode;
import io.linkops.terminal.Terminals.Workspace;
import io.vertx.core.Future;
import java.util.List;

/** Terminals: workspaces, their panes, who may see them; recordings. The sockets are {@link TerminalUpgrade}'s. */
final class TerminalRoutes {
    private static final int LONGEST_ID = 200;
    private static final int LONGEST_NAME = 60;

    private final Bus bus;
    private final TerminalUpgrade upgrade;

    TerminalRoutes(Bus bus, TerminalUpgrade upgrade) {
        this.bus = bus;
        this.upgrade = upgrade;
    }

    void register(Routes routes) {
        routes.post("/api/terminal/workspaces", OPERATOR, this::create)
                .get("/api/terminal/workspaces", OPERATOR, this::list)
                .get("/api/terminal/workspaces/:id", OPERATOR, this::show)
                .put("/api/terminal/workspaces/:id/name", OPERATOR, this::name)
                .put("/api/terminal/workspaces/:id/panes", OPERATOR, this::assign)
                .post("/api/terminal/workspaces/:id/connect-all", OPERATOR, this::connectAll)
                .delete("/api/terminal/workspaces/:id", OPERATOR, this::delete)
                .post("/api/terminal/workspaces/:id/shares", OPERATOR, this::share)
                .delete("/api/terminal/workspaces/:id/shares/:user", OPERATOR, this::unshare)
                .post("/api/terminal/workspaces/:id/take-over", OPERATOR, this::takeOver)
                .socket("/api/terminal/workspaces/:id/ws", OPERATOR, upgrade::open)
                .get("/api/terminal/named", OPERATOR, this::named)
                .delete("/api/terminal/named/:name", OPERATOR, this::forgetNamed)
                .get("/api/terminal/recordings", OPERATOR, this::recordings)
                .get("/api/terminal/recordings/:id", OPERATOR, this::recording)
                .get("/api/terminal/recordings/:id/cast", OPERATOR, this::cast)
                .delete("/api/terminal/recordings/:id", ADMIN, this::deleteRecording);
    }

    static Actor actor(Call call) {
        return new Actor(
                call.principal().username(),
                call.principal().role() == Role.ADMIN,
                Proxies.address(call.request()),
                call.reach().links());
    }

    static String path(String workspace) {
        return "/api/terminal/workspaces/" + Json.inPath(workspace);
    }

    private Future<Answer> create(Call call) {
        return call.body(json -> new Terminals.CreateWorkspace(
                        actor(call),
                        json.word("layout", Layout.class),
                        json.numberOrNull("max_panes", 1, 4),
                        json.textOrNull("name", LONGEST_NAME)))
                .compose(bus::request)
                .map(workspace -> Answer.created(path(workspace.id()), TerminalJson.of(workspace)));
    }

    private Future<Answer> list(Call call) {
        return bus.request(new Terminals.FindWorkspaces(actor(call)))
                .map(workspaces -> Answer.ok(TerminalJson.of(workspaces)));
    }

    private Future<Answer> show(Call call) {
        return bus.request(new Terminals.FindWorkspace(actor(call), call.part("id")))
                .map(TerminalRoutes::shown);
    }

    private Future<Answer> name(Call call) {
        return call.body(json ->
                        new Terminals.NameWorkspace(actor(call), call.part("id"), json.text("name", LONGEST_NAME)))
                .compose(bus::request)
                .map(TerminalRoutes::shown);
    }

    private Future<Answer> named(Call call) {
        return bus.request(new Terminals.FindNamed(actor(call))).map(found -> Answer.ok(TerminalJson.of(found)));
    }

    private Future<Answer> forgetNamed(Call call) {
        return call.noBody()
                .compose(_ -> bus.request(new Terminals.ForgetNamed(actor(call), call.part("name"))))
                .map(_ -> Answer.noContent());
    }

    private Future<Answer> assign(Call call) {
        return call.body(json -> new Terminals.AssignPanes(actor(call), call.part("id"), assignments(json)))
                .compose(order -> bus.request(order, java.time.Duration.ofSeconds(60)))
                .map(TerminalRoutes::shown);
    }

    private static List<Assignment> assignments(JsonReader json) {
        var panes = json.objects("panes", 4, pane -> {
            var number = pane.numberOrNull("pane", 0, 3);
            if (number == null) {
                pane.problem("pane", "is missing");
            }
            return new Assignment(number == null ? 0 : number, pane.textOrNull("link", LONGEST_ID));
        });
        if (panes.isEmpty()) {
            json.problem("panes", "must name at least one pane");
        }
        return panes;
    }

    private Future<Answer> connectAll(Call call) {
        return call.noBody()
                .compose(_ -> bus.request(new Terminals.ConnectAll(actor(call), call.part("id"))))
                .map(workspace -> Answer.json(202, TerminalJson.of(workspace)).with("Location", path(workspace.id())));
    }

    private Future<Answer> delete(Call call) {
        return call.noBody()
                .compose(_ -> bus.request(new Terminals.DeleteWorkspace(actor(call), call.part("id"))))
                .map(_ -> Answer.noContent());
    }

    private Future<Answer> share(Call call) {
        return call.body(json -> new Terminals.Share(
                        actor(call),
                        call.part("id"),
                        json.text("user", AuthRoutes.LONGEST_NAME),
                        json.word("mode", ShareMode.class)))
                .compose(bus::request)
                .map(TerminalRoutes::shown);
    }

    private Future<Answer> unshare(Call call) {
        return call.noBody()
                .compose(_ -> bus.request(new Terminals.Unshare(actor(call), call.part("id"), call.part("user"))))
                .map(TerminalRoutes::shown);
    }

    private Future<Answer> takeOver(Call call) {
        return call.noBody()
                .compose(_ -> bus.request(new Terminals.TakeOver(actor(call), call.part("id"))))
                .map(TerminalRoutes::shown);
    }

    private static Answer shown(Workspace workspace) {
        return Answer.ok(TerminalJson.of(workspace));
    }

    private Future<Answer> recordings(Call call) {
        return bus.request(call.query(query -> new Terminals.FindRecordings(
                        actor(call), query.text("before", LONGEST_ID), (int) query.number("limit", 1, 200, 50))))
                .map(page -> Answer.ok(TerminalJson.of(page)));
    }

    private Future<Answer> recording(Call call) {
        return bus.request(new Terminals.FindRecording(actor(call), call.part("id")))
                .map(recording -> Answer.ok(TerminalJson.of(recording)));
    }

    private Future<Answer> cast(Call call) {
        // the id goes into a header: only one that is known does
        return bus.request(new Terminals.FindRecording(actor(call), call.part("id")))
                .compose(found -> new RecordingDownload(bus, actor(call), found.id()).open());
    }

    private Future<Answer> deleteRecording(Call call) {
        return call.noBody()
                .compose(_ -> bus.request(new Terminals.DeleteRecording(actor(call), call.part("id"))))
                .map(_ -> Answer.noContent());
    }
}
