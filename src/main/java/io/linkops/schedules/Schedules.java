package io.linkops.schedules;

import io.linkops.bus.Contract;
import io.linkops.bus.Event;
import io.linkops.bus.Reply;
import io.linkops.bus.Request;
import io.linkops.gitsync.GitSync.ScheduledWork;
import io.linkops.orchestrator.Operations;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Operations by the clock. A schedule comes from {@code schedules.yaml} of the repository or was made here; where both
 * have one of the same id, that of the repository is in force. Each of its times starts one operation, or is told as
 * missed with the reason: nothing is made up for silently.
 */
@Contract
public interface Schedules {

    /** Where a schedule comes from. */
    enum Source {
        GIT,
        API
    }

    /**
     * A schedule as it is in force.
     *
     * @param isEnabled false while somebody has switched it off
     * @param isSwitchedBy who did; null if nobody
     * @param nextAt when it is due next; null while it is off
     * @param last what came of its last time; null before
     */
    record Schedule(
            String id,
            ScheduledWork work,
            Source source,
            boolean isEnabled,
            @Nullable String isSwitchedBy,
            @Nullable String createdBy,
            @Nullable Instant nextAt,
            @Nullable Firing last)
            implements Reply {}

    /** What came of a time that was due. */
    enum Outcome {
        /** About to start; found after a crash, it is not known whether it did. */
        STARTING,
        /** An operation was started. */
        STARTED,
        /** It could not be started; the reason says why. */
        REFUSED,
        /** It was not started, and will not be; the reason says why. */
        MISSED
    }

    /**
     * @param times how many times this stands for: more than one where LinkOps was away
     * @param reason a sentence for people; null when it was started
     */
    record Firing(
            String schedule,
            Instant dueAt,
            Outcome outcome,
            int times,
            @Nullable String operationId,
            @Nullable String reason,
            Instant decidedAt) {}

    /** All in force, sorted by id. */
    record FindSchedules() implements Request<All> {}

    record All(List<Schedule> schedules) implements Reply {
        public All {
            schedules = List.copyOf(schedules);
        }
    }

    /** NOT_FOUND if there is none. */
    record FindSchedule(String id) implements Request<Schedule> {}

    /** Makes or changes one of source API; CONFLICT where the repository has one of this id. */
    record Save(String id, ScheduledWork work, String savedBy) implements Request<Schedule> {}

    /** Removes one of source API; CONFLICT for one of the repository. */
    record Remove(String id) implements Request<Done> {}

    record Done() implements Reply {}

    /** Switches a schedule of either source; the times it is off are not told as missed. */
    record Switch(String id, boolean isEnabled, String switchedBy) implements Request<Schedule> {}

    /** Starts it now, besides its times. */
    record RunNow(String id, String startedBy) implements Request<Operations.Queued> {}

    /** The newest first, at most {@code limit} (1–200). */
    record FindFirings(String schedule, int limit) implements Request<Firings> {}

    record Firings(List<Firing> firings) implements Reply {
        public Firings {
            firings = List.copyOf(firings);
        }
    }

    /**
     * The next times of an expression; VALIDATION_FAILED if it is none.
     *
     * @param count 1–50
     */
    record Preview(String cron, String zone, int count) implements Request<Times> {}

    record Times(List<Instant> times) implements Reply {
        public Times {
            times = List.copyOf(times);
        }
    }

    /** A schedule, or what came of it, has changed; ask for it. */
    record ScheduleChanged(String id) implements Event {}

    /** A time was missed or refused. */
    record ScheduleMissed(String id, Instant dueAt, String reason) implements Event {}
}
