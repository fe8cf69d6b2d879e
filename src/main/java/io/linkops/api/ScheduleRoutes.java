package io.linkops.api;

import static io.linkops.api.Access.OPERATOR;
import static io.linkops.api.Access.VIEWER;

import io.linkops.bus.Bus;
import io.linkops.gitsync.GitSync.ScheduledWork;
import io.linkops.inventory.Inventory;
import io.linkops.orchestrator.Operations.OnFailure;
import io.linkops.schedules.Schedules;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

/** Schedules: those there are, what came of their times, changing them, starting one now. */
final class ScheduleRoutes {
    private static final Duration STARTING = Duration.ofMinutes(2);
    private static final int MOST_SCRIPTS = 100;
    private static final int MOST_FLAGS = 1_000;
    private static final int LONGEST_FLAG = 1_048_576;
    private static final int LONGEST_ID = 200;
    private static final int LONGEST_TEXT = 2_000;

    private final Bus bus;
    private final Scoping scoping;

    ScheduleRoutes(Bus bus) {
        this.bus = bus;
        this.scoping = new Scoping(bus);
    }

    void register(Routes routes) {
        routes.get("/api/schedules", VIEWER, this::list)
                .get("/api/schedules/preview", VIEWER, this::preview)
                .get("/api/schedules/:id", VIEWER, this::show)
                .get("/api/schedules/:id/firings", VIEWER, this::firings)
                .put("/api/schedules/:id", OPERATOR, this::save)
                .delete("/api/schedules/:id", OPERATOR, this::remove)
                .post("/api/schedules/:id/enabled", OPERATOR, this::turn)
                .post("/api/schedules/:id/run", OPERATOR, this::run);
    }

    private Future<Answer> list(Call call) {
        call.query(query -> true);
        return bus.request(new Schedules.FindSchedules())
                .compose(all -> within(all.schedules(), call.reach()))
                .map(all -> Answer.ok(ScheduleJson.of(all)));
    }

    private Future<Schedules.All> within(List<Schedules.Schedule> all, Inventory.Reach reach) {
        var answers = all.stream().map(each -> scoping.isWithin(each, reach)).toList();
        return Future.all(answers)
                .map(known -> new Schedules.All(IntStream.range(0, all.size())
                        .filter(i -> known.<Boolean>resultAt(i))
                        .mapToObj(all::get)
                        .toList()));
    }

    private Future<Answer> show(Call call) {
        return bus.request(new Schedules.FindSchedule(call.part("id")))
                .map(schedule -> Answer.ok(ScheduleJson.of(schedule)));
    }

    private Future<Answer> firings(Call call) {
        var limit = (int) (long) call.query(query -> query.number("limit", 1, 200, 50));
        return bus.request(new Schedules.FindFirings(call.part("id"), limit))
                .map(firings -> Answer.ok(ScheduleJson.of(firings)));
    }

    private Future<Answer> preview(Call call) {
        var preview = call.query(query -> new Schedules.Preview(
                Objects.requireNonNullElse(query.text("cron", LONGEST_ID), ""),
                Objects.requireNonNullElse(query.text("timezone", LONGEST_ID), "UTC"),
                (int) query.number("count", 1, 50, 5)));
        return bus.request(preview).map(times -> Answer.ok(ScheduleJson.of(times)));
    }

    private Future<Answer> save(Call call) {
        return call.body(json -> new Schedules.Save(
                        call.part("id"), work(json), call.principal().username()))
                .compose(wish -> {
                    Scoping.requireScripts(call.reach(), wish.work().scripts());
                    return scoping.ask(
                            call,
                            wish.work().targets(),
                            targets -> new Schedules.Save(wish.id(), on(wish.work(), targets), wish.savedBy()));
                })
                .map(schedule -> Answer.ok(ScheduleJson.of(schedule)));
    }

    /** What somebody with a scope saves stays with the links that were in it: tags may come to others. */
    private static ScheduledWork on(ScheduledWork work, List<String> targets) {
        return new ScheduledWork(
                work.cron(),
                work.zone(),
                work.description(),
                work.scripts(),
                work.flags(),
                targets,
                work.concurrency(),
                work.continuesOnFailure(),
                work.mayOverlap());
    }

    private static ScheduledWork work(JsonReader json) {
        var scripts = json.texts("scripts", MOST_SCRIPTS, LONGEST_ID);
        var flags = json.textLists("flags", MOST_SCRIPTS, MOST_FLAGS, LONGEST_FLAG);
        flags.keySet().stream()
                .filter(script -> !scripts.contains(script))
                .forEach(script -> json.problem("flags." + script, "is not one of the schedule's scripts"));
        return new ScheduledWork(
                json.text("cron", LONGEST_ID),
                Objects.requireNonNullElse(json.textOrNull("timezone", LONGEST_ID), "UTC"),
                json.textOrNull("description", LONGEST_TEXT),
                scripts,
                flags,
                OperationRoutes.targets(json),
                OperationRoutes.concurrency(json),
                json.wordOrNull("on_failure", OnFailure.class) == OnFailure.CONTINUE,
                Objects.requireNonNullElse(json.flagOrNull("overlap"), false));
    }

    private Future<Answer> remove(Call call) {
        return call.noBody()
                .compose(nothing -> bus.request(new Schedules.Remove(call.part("id"))))
                .map(done -> Answer.noContent());
    }

    private Future<Answer> turn(Call call) {
        return call.body(json -> {
                    var isEnabled = json.flagOrNull("enabled");
                    if (isEnabled == null) {
                        json.problem("enabled", "is missing");
                    }
                    return new Schedules.Switch(
                            call.part("id"),
                            Objects.requireNonNullElse(isEnabled, false),
                            call.principal().username());
                })
                .compose(bus::request)
                .map(schedule -> Answer.ok(ScheduleJson.of(schedule)));
    }

    private Future<Answer> run(Call call) {
        return call.noBody()
                .compose(nothing -> bus.request(
                        new Schedules.RunNow(call.part("id"), call.principal().username()), STARTING))
                .map(OperationRoutes::queued);
    }
}
