package io.linkops.schedules;

import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import io.linkops.calendar.CronTimes;
import io.linkops.gitsync.GitSync.DeclaredSchedule;
import io.linkops.gitsync.GitSync.ScheduledWork;
import io.linkops.schedules.ScheduleStore.Saved;
import io.linkops.schedules.Schedules.Firing;
import io.linkops.schedules.Schedules.Schedule;
import io.linkops.schedules.Schedules.Source;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What is in force, in memory: schedules of both sources, where each stands, and what came of its last time. */
final class ScheduleBook {
    private final Map<String, Saved> saved = new TreeMap<>();
    private final Map<String, DeclaredSchedule> declared = new TreeMap<>();
    private final Map<String, Mark> marks = new TreeMap<>();
    private final Map<String, Firing> last = new TreeMap<>();

    void load(List<Saved> own, Map<String, Mark> known, Map<String, Firing> newest) {
        own.forEach(this::save);
        marks.putAll(known);
        last.putAll(newest);
    }

    /** From now on the repository declares these. */
    void declare(List<DeclaredSchedule> schedules) {
        declared.clear();
        schedules.forEach(each -> declared.put(each.id(), each));
    }

    boolean isDeclared(String id) {
        return declared.containsKey(id);
    }

    boolean isSaved(String id) {
        return saved.containsKey(id);
    }

    int savedCount() {
        return saved.size();
    }

    void save(Saved schedule) {
        saved.put(schedule.id(), schedule);
    }

    void remove(String id) {
        saved.remove(id);
        marks.remove(id);
    }

    /** By id; where both sources have one, that of the repository. */
    Map<String, ScheduledWork> works() {
        Map<String, ScheduledWork> works = new TreeMap<>();
        saved.forEach((id, each) -> works.put(id, each.work()));
        declared.forEach((id, each) -> works.put(id, each.work()));
        return works;
    }

    /** @throws Failure NOT_FOUND */
    ScheduledWork work(String id) {
        var found = declared.get(id);
        var own = saved.get(id);
        if (found != null) {
            return found.work();
        }
        if (own != null) {
            return own.work();
        }
        throw new Failure(ErrorCode.NOT_FOUND, "There is no schedule " + id, Map.of("schedule", id));
    }

    /** Where a schedule stands; begun now, if it is new or has another expression. */
    Mark mark(String id, ScheduledWork work, Instant now) {
        var known = marks.get(id);
        var expression = work.cron() + " " + work.zone();
        return known == null ? Mark.begun(expression, now) : known.under(expression, now);
    }

    void mark(String id, Mark mark) {
        marks.put(id, mark);
    }

    boolean isMarked(String id, Mark mark) {
        return mark.equals(marks.get(id));
    }

    /** Forgets where those stood that are no more. @return their ids */
    List<String> sweep() {
        var gone = marks.keySet().stream()
                .filter(id -> !saved.containsKey(id) && !declared.containsKey(id))
                .toList();
        gone.forEach(marks::remove);
        return gone;
    }

    @Nullable
    Firing last(String id) {
        return last.get(id);
    }

    List<Firing> newest() {
        return List.copyOf(last.values());
    }

    void told(Firing firing) {
        last.merge(firing.schedule(), firing, (a, b) -> a.dueAt().isAfter(b.dueAt()) ? a : b);
    }

    Schedule shown(String id, Instant now) {
        var work = work(id);
        var mark = mark(id, work, now);
        var own = isDeclared(id) ? null : saved.get(id);
        return new Schedule(
                id,
                work,
                own == null ? Source.GIT : Source.API,
                mark.isEnabled(),
                mark.switchedBy(),
                own == null ? null : own.createdBy(),
                mark.isEnabled() ? times(work).next(now).orElse(null) : null,
                last.get(id));
    }

    static CronTimes times(ScheduledWork work) {
        return CronTimes.of(work.cron(), CronTimes.zone(work.zone()));
    }
}
