package io.linkops.notifications;

import io.linkops.bus.Bus;
import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import io.linkops.orchestrator.Operations.FindOperations;
import io.linkops.orchestrator.Operations.FindSummary;
import io.linkops.orchestrator.Operations.Status;
import io.linkops.orchestrator.Operations.Summary;
import io.linkops.store.Statement;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tells each end of an operation once. Ids sort by the time operations were made, not by that of their ends: all up to
 * the cursor have ended and were told of, and of the newer ones those that were told of are remembered one by one.
 */
final class OperationWatch {
    static final String SOURCE = "operations";
    private static final int PAGE = 200;
    /** More than these are looked for by walking all that is newer than the cursor. */
    private static final int MOST_SINGLE = 20;

    private static final Duration WALKING = Duration.ofMinutes(10);

    private static final Comparator<Summary> BY_END = Comparator.comparing(
                    (Summary operation) -> operation.endedAt() == null ? Instant.MAX : operation.endedAt())
            .thenComparing(Summary::id);

    private final Bus bus;
    private final ProgressStore progress;
    private final Outbox outbox;
    private final InstantSource clock;
    private final Set<String> told = new HashSet<>();
    private Set<String> changed = new HashSet<>();
    private String cursor = "";
    private Instant nextWalk = Instant.EPOCH;

    OperationWatch(Bus bus, ProgressStore progress, Outbox outbox, InstantSource clock) {
        this.bus = bus;
        this.progress = progress;
        this.outbox = outbox;
        this.clock = clock;
    }

    void changed(String id) {
        if (isNew(id)) {
            changed.add(id);
        }
    }

    /** Tells what ended while nobody listened; the very first time, nothing is news. */
    Future<Void> start() {
        return progress.cursor(SOURCE).compose(found -> {
            if (found.isEmpty()) {
                return begin();
            }
            cursor = found.get();
            return progress.operations().compose(ids -> {
                told.addAll(ids);
                return walk();
            });
        });
    }

    private Future<Void> begin() {
        return open(Status.RUNNING)
                .compose(running -> open(Status.QUEUED).map(queued -> {
                    queued.addAll(running);
                    return queued;
                }))
                .compose(open -> page(null).compose(newest -> {
                    var first = open.stream().min(Comparator.naturalOrder());
                    cursor = first.map(OperationWatch::before)
                            .orElse(newest.isEmpty() ? "" : newest.getFirst().id());
                    return newer(null, new ArrayList<>());
                }))
                .compose(this::passOver);
    }

    /** Those that have ended are no news, whatever is still open beside them. */
    private Future<Void> passOver(List<Summary> newer) {
        List<Statement> statements = new ArrayList<>(List.of(ProgressStore.cursor(SOURCE, cursor)));
        for (var operation : newer) {
            if (operation.status().isFinal()) {
                statements.add(ProgressStore.operation(operation.id()));
                told.add(operation.id());
            }
        }
        return outbox.add(List.of(), statements);
    }

    private Future<Set<String>> open(Status status) {
        return bus.request(new FindOperations(status, null, null, null, null, null, null, null, PAGE))
                .map(page -> {
                    Set<String> ids = new HashSet<>();
                    page.operations().forEach(operation -> ids.add(operation.id()));
                    return ids;
                });
    }

    /** A text that sorts just before this id and after all that sort before it. */
    private static String before(String id) {
        return id.substring(0, id.length() - 1);
    }

    /** Tells of those that changed and have ended; now and then of all, should a bell have been lost. */
    Future<Void> look() {
        if (!clock.instant().isBefore(nextWalk)) {
            changed = new HashSet<>();
            return walk();
        }
        var asked = changed;
        changed = new HashSet<>();
        return page(null)
                .compose(newest -> {
                    var missing = new HashSet<>(asked);
                    newest.forEach(operation -> missing.remove(operation.id()));
                    missing.removeIf(id -> !isNew(id));
                    return missing.size() > MOST_SINGLE
                            ? walk()
                            : each(new ArrayList<>(missing), 0, new ArrayList<>(newest))
                                    .compose(this::tell);
                })
                .onFailure(_ -> changed.addAll(asked));
    }

    private Future<List<Summary>> each(List<String> ids, int from, List<Summary> found) {
        if (from == ids.size()) {
            return Future.succeededFuture(found);
        }
        return bus.request(new FindSummary(ids.get(from)))
                .map(found::add)
                .recover(cause -> cause instanceof Failure failure && failure.code() == ErrorCode.OPERATION_NOT_FOUND
                        ? Future.succeededFuture(false)
                        : Future.failedFuture(cause))
                .compose(_ -> each(ids, from + 1, found));
    }

    /** Looks at all that is newer than the cursor, tells of it, and moves the cursor up to the first open one. */
    Future<Void> walk() {
        return newer(null, new ArrayList<>())
                .compose(all -> tell(all).compose(_ -> advance(all)))
                .onSuccess(_ -> nextWalk = clock.instant().plus(WALKING));
    }

    private Future<List<Summary>> newer(@Nullable String before, List<Summary> found) {
        return page(before).compose(page -> {
            page.stream()
                    .filter(operation -> operation.id().compareTo(cursor) > 0)
                    .forEach(found::add);
            var isOver = page.size() < PAGE || page.getLast().id().compareTo(cursor) <= 0;
            return isOver ? Future.succeededFuture(found) : newer(page.getLast().id(), found);
        });
    }

    private Future<List<Summary>> page(@Nullable String before) {
        return bus.request(new FindOperations(null, null, null, null, null, null, null, before, PAGE))
                .map(page -> page.operations());
    }

    private Future<Void> tell(List<Summary> operations) {
        var ended = operations.stream()
                .filter(operation -> operation.status().isFinal() && isNew(operation.id()))
                .sorted(BY_END)
                .distinct()
                .toList();
        if (ended.isEmpty()) {
            return Future.succeededFuture();
        }
        var notices = ended.stream()
                .map(operation -> Wording.of(operation, clock.instant()))
                .toList();
        var statements = ended.stream()
                .map(operation -> ProgressStore.operation(operation.id()))
                .toList();
        return outbox.add(notices, statements).onSuccess(_ -> ended.forEach(operation -> told.add(operation.id())));
    }

    private Future<Void> advance(List<Summary> all) {
        var firstOpen = all.stream()
                .filter(operation -> !operation.status().isFinal())
                .map(Summary::id)
                .min(Comparator.naturalOrder());
        var last = all.stream()
                .map(Summary::id)
                .filter(id -> firstOpen.isEmpty() || id.compareTo(firstOpen.get()) < 0)
                .max(Comparator.naturalOrder());
        if (last.isEmpty()) {
            return Future.succeededFuture();
        }
        List<Statement> statements =
                List.of(ProgressStore.cursor(SOURCE, last.get()), ProgressStore.forgetOperations(last.get()));
        return outbox.add(List.of(), statements).onSuccess(_ -> {
            cursor = last.get();
            told.removeIf(id -> id.compareTo(cursor) <= 0);
        });
    }

    private boolean isNew(String id) {
        return id.compareTo(cursor) > 0 && !told.contains(id);
    }
}
