package io.linkops.api;

import static io.linkops.api.Access.OPERATOR;
import static io.linkops.api.Access.VIEWER;

import io.linkops.bus.Bus;
import io.linkops.health.Health;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.InstantSource;

/** Checks of links: doing them now, and what became of those before. */
final class HealthRoutes {
    /** Every stage of every hop with its own time limit. */
    private static final Duration CHECK = Duration.ofMinutes(3);

    private static final Duration CHECKS = Duration.ofMinutes(5);
    private static final Duration DAY = Duration.ofDays(1);

    private final Bus bus;
    private final Scoping scoping;
    private final InstantSource clock;

    HealthRoutes(Bus bus, InstantSource clock) {
        this.bus = bus;
        this.scoping = new Scoping(bus);
        this.clock = clock;
    }

    void register(Routes routes) {
        routes.post("/api/links/check", OPERATOR, this::checkMany)
                .post("/api/links/:id/check", OPERATOR, this::check)
                .get("/api/links/:id/health", VIEWER, this::history);
    }

    private Future<Answer> check(Call call) {
        return call.noBody()
                .compose(nothing -> bus.request(new Health.CheckLink(call.part("id")), CHECK))
                .map(check -> Answer.ok(HealthJson.of(check)));
    }

    private Future<Answer> checkMany(Call call) {
        return call.body(OperationRoutes::targets)
                .compose(selectors -> scoping.targets(call, selectors))
                .compose(targets -> bus.request(new Health.CheckLinks(targets), CHECKS))
                .map(checks -> Answer.ok(HealthJson.of(checks)));
    }

    private Future<Answer> history(Call call) {
        var question = call.query(query -> {
            var to = query.time("to", clock.instant());
            var from = query.time("from", to.minus(DAY));
            if (!from.isBefore(to)) {
                query.problem("from", "must be before to");
            }
            return new Health.FindHistory(call.part("id"), from, to, (int) query.number("points", 1, 1_000, 96));
        });
        return bus.request(question).map(history -> Answer.ok(HealthJson.of(history)));
    }
}
