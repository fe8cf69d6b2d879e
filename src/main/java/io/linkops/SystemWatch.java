package io.linkops;

import io.linkops.audit.Audit;
import io.linkops.audit.Audit.Entry;
import io.linkops.bus.Bus;
import io.linkops.gitsync.GitSync;
import io.linkops.gitsync.GitSync.SyncResult;
import io.linkops.schedules.Schedules;
import io.linkops.schedules.Schedules.Firing;
import io.linkops.schedules.Schedules.Outcome;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records what LinkOps does by itself: syncs that changed, held or began to fail, and what schedules started or missed.
 */
final class SystemWatch extends VerticleBase {
    private static final Logger LOG = LoggerFactory.getLogger(SystemWatch.class);
    private static final int NEWEST = 5;
    private static final int MOST_REMEMBERED = 10_000;

    private final InstantSource clock;
    private final Map<String, String> told = new HashMap<>();
    private Instant begunAt = Instant.MAX;
    private long lastSync;
    private @Nullable String lastError;

    SystemWatch(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public Future<?> start() {
        var bus = Bus.of(vertx);
        begunAt = clock.instant();
        bus.listen(GitSync.SyncChanged.class, change -> {
            if (!change.isSyncing()) {
                bus.request(new GitSync.FindHistory(NEWEST))
                        .onSuccess(found -> found.syncs().reversed().forEach(sync -> look(bus, sync)))
                        .onFailure(cause -> LOG.warn("The audit misses a sync: {}", cause.getMessage()));
            }
        });
        bus.listen(Schedules.ScheduleChanged.class, change -> {
            if (!change.id().equals("*")) {
                bus.request(new Schedules.FindFirings(change.id(), 1))
                        .onSuccess(found -> found.firings().forEach(firing -> look(bus, firing)))
                        .onFailure(cause -> LOG.debug("A schedule is no more", cause));
            }
        });
        return Future.succeededFuture();
    }

    /** One that changed nothing is not told, and one that fails like the one before neither. */
    private void look(Bus bus, SyncResult sync) {
        if (sync.id() <= lastSync || sync.endedAt().isBefore(begunAt)) {
            return;
        }
        lastSync = sync.id();
        var error = sync.errorCode();
        boolean isNews = sync.isChanged() || !Objects.equals(error, lastError);
        lastError = error;
        if (isNews) {
            var details = new TreeMap<>(Map.of("by", sync.startedBy(), "sync", Long.toString(sync.id())));
            put(details, "held", sync.heldCommit());
            put(details, "approved_by", sync.approvedBy());
            var commit = Objects.requireNonNullElse(sync.commit(), "");
            note(bus, Entry.system("git.synced", "git", commit, details, error == null ? Audit.SUCCESS : error));
        }
    }

    private void look(Bus bus, Firing firing) {
        var what = firing.dueAt() + " " + firing.outcome();
        if (firing.outcome() == Outcome.STARTING
                || firing.decidedAt().isBefore(begunAt)
                || what.equals(told.get(firing.schedule()))) {
            return;
        }
        if (told.size() >= MOST_REMEMBERED) {
            told.clear();
        }
        told.put(firing.schedule(), what);
        var details = new TreeMap<>(Map.of("due_at", firing.dueAt().toString()));
        put(details, "operation", firing.operationId());
        put(details, "times", firing.times() > 1 ? Integer.toString(firing.times()) : null);
        var result = firing.outcome() == Outcome.STARTED
                ? Audit.SUCCESS
                : firing.outcome().name().toLowerCase(Locale.ROOT);
        note(bus, Entry.system("schedules.fired", "schedules", firing.schedule(), details, result));
    }

    private static void put(Map<String, String> details, String name, @Nullable String value) {
        if (value != null) {
            details.put(name, value);
        }
    }

    private static void note(Bus bus, Entry entry) {
        bus.request(new Audit.Note(entry, true))
                .onFailure(cause -> LOG.debug("Recorded later: {}", entry.action(), cause));
    }
}
