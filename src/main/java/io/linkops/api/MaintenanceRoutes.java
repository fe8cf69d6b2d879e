package io.linkops.api;

import static io.linkops.api.Access.OPERATOR;
import static io.linkops.api.Access.VIEWER;

import io.linkops.bus.Bus;
import io.linkops.health.Health;
import io.vertx.core.Future;
import java.time.Instant;

/** Maintenance windows: opening, finding, ending them. */
final class MaintenanceRoutes {
    private static final int LONGEST_REASON = 500;

    private final Bus bus;
    private final Scoping scoping;

    MaintenanceRoutes(Bus bus) {
        this.bus = bus;
        this.scoping = new Scoping(bus);
    }

    void register(Routes routes) {
        routes.get("/api/maintenance", VIEWER, this::find)
                .post("/api/maintenance", OPERATOR, this::open)
                .post("/api/maintenance/:id/end", OPERATOR, this::end);
    }

    private Future<Answer> find(Call call) {
        var question = call.query(query -> new Health.FindWindows(query.flag("past")));
        return bus.request(question)
                .map(windows -> new Health.Windows(windows.windows().stream()
                        .filter(each -> call.reach().hasLinks(each.links()))
                        .toList()))
                .map(windows -> Answer.ok(HealthJson.of(windows)));
    }

    private Future<Answer> open(Call call) {
        return call.body(json -> wish(json, call.principal().username()))
                .compose(wish -> scoping.ask(
                        call,
                        wish.targets(),
                        targets -> new Health.OpenWindow(
                                targets, wish.from(), wish.until(), wish.reason(), wish.createdBy())))
                .map(window -> Answer.created("/api/maintenance", HealthJson.of(window)));
    }

    private static Health.OpenWindow wish(JsonReader json, String createdBy) {
        var until = json.timeOrNull("until");
        if (until == null) {
            json.problem("until", "is missing");
        }
        return new Health.OpenWindow(
                OperationRoutes.targets(json),
                json.timeOrNull("from"),
                until == null ? Instant.EPOCH : until,
                json.text("reason", LONGEST_REASON),
                createdBy);
    }

    private Future<Answer> end(Call call) {
        return call.noBody()
                .compose(nothing -> bus.request(
                        new Health.EndWindow(call.part("id"), call.principal().username())))
                .map(window -> Answer.ok(HealthJson.of(window)));
    }
}
