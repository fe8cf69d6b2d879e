package io.linkops.api;

import static io.linkops.api.Access.VIEWER;

import io.linkops.bus.Bus;
import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import io.linkops.gitsync.GitSync;
import io.linkops.inventory.Inventory;
import io.vertx.core.Future;
import java.util.Map;

/** The catalog of scripts. */
final class ScriptRoutes {
    private final Bus bus;

    ScriptRoutes(Bus bus) {
        this.bus = bus;
    }

    void register(Routes routes) {
        routes.get("/api/scripts", VIEWER, this::list).get("/api/scripts/:id", VIEWER, this::show);
    }

    private Future<Answer> list(Call call) {
        call.query(query -> true);
        return bus.request(new Inventory.FindScripts())
                .map(all -> new Inventory.Scripts(
                        all.commit(),
                        all.scripts().stream()
                                .filter(each -> call.reach().hasScript(each.id()))
                                .toList()))
                .map(scripts -> Answer.ok(ScriptJson.of(scripts)));
    }

    private Future<Answer> show(Call call) {
        return bus.request(new Inventory.FindScripts()).compose(scripts -> withSource(scripts, call.part("id")));
    }

    private Future<Answer> withSource(Inventory.Scripts scripts, String id) {
        var commit = scripts.commit();
        for (var script : scripts.scripts()) {
            if (script.id().equals(id) && commit != null) {
                return bus.request(new GitSync.ReadFile(commit, script.path()))
                        .map(content -> Answer.ok(ScriptJson.of(script, commit, content)));
            }
        }
        return Future.failedFuture(new Failure(
                ErrorCode.SCRIPT_NOT_FOUND,
                "There is no script " + Call.shortened(id) + "; GET /api/scripts lists all there are",
                Map.of("script", Call.shortened(id))));
    }
}
