package io.linkops.api;

import io.linkops.gitsync.GitSync.ScheduledWork;
import io.linkops.orchestrator.Operations.OnFailure;
import io.linkops.schedules.Schedules.All;
import io.linkops.schedules.Schedules.Firing;
import io.linkops.schedules.Schedules.Firings;
import io.linkops.schedules.Schedules.Schedule;
import io.linkops.schedules.Schedules.Times;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;

/** Schedules as the API shows them. */
final class ScheduleJson {
    private ScheduleJson() {}

    static JsonObject of(All all) {
        return new JsonObject().put("schedules", Json.list(all.schedules(), ScheduleJson::of));
    }

    static JsonObject of(Schedule schedule) {
        var last = schedule.last();
        return of(schedule.work())
                .put("id", schedule.id())
                .put("source", Texts.word(schedule.source()))
                .put("enabled", schedule.isEnabled())
                .put("switched_by", schedule.isSwitchedBy())
                .put("created_by", schedule.createdBy())
                .put("next_at", Json.time(schedule.nextAt()))
                .put("last", last == null ? null : of(last));
    }

    private static JsonObject of(ScheduledWork work) {
        var flags = new JsonObject();
        work.flags().forEach((script, values) -> flags.put(script, Json.texts(values)));
        return new JsonObject()
                .put("cron", work.cron())
                .put("timezone", work.zone())
                .put("description", work.description())
                .put("scripts", Json.texts(work.scripts()))
                .put("flags", flags)
                .put("targets", Json.texts(work.targets()))
                .put("concurrency", work.concurrency())
                .put("on_failure", Texts.word(work.continuesOnFailure() ? OnFailure.CONTINUE : OnFailure.STOP))
                .put("overlap", work.mayOverlap());
    }

    private static JsonObject of(Firing firing) {
        return new JsonObject()
                .put("due_at", firing.dueAt().toString())
                .put("outcome", Texts.word(firing.outcome()))
                .put("times", firing.times())
                .put("operation_id", firing.operationId())
                .put("reason", firing.reason())
                .put("decided_at", firing.decidedAt().toString());
    }

    static JsonObject of(Firings firings) {
        return new JsonObject().put("firings", Json.list(firings.firings(), ScheduleJson::of));
    }

    static JsonObject of(Times times) {
        return new JsonObject()
                .put(
                        "times",
                        new JsonArray(
                                times.times().stream().map(Instant::toString).toList()));
    }
}
