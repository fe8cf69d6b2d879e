package io.linkops.gitsync;

import io.linkops.bus.Bus;
import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import io.linkops.config.GitConfig;
import io.linkops.gitsync.GitSync.Advance;
import io.linkops.gitsync.GitSync.Diff;
import io.linkops.gitsync.GitSync.Fetch;
import io.linkops.gitsync.GitSync.Fetched;
import io.linkops.gitsync.GitSync.Held;
import io.linkops.gitsync.GitSync.HoldReason;
import io.linkops.gitsync.GitSync.ReadCommit;
import io.linkops.gitsync.GitSync.SyncResult;
import io.linkops.gitsync.SyncHistory.Head;
import io.linkops.inventory.Inventory;
import io.linkops.inventory.Inventory.FindLinks;
import io.linkops.inventory.Inventory.LinkState;
import io.linkops.inventory.Inventory.Replace;
import io.linkops.inventory.Inventory.Replaced;
import io.linkops.store.Database;
import io.linkops.store.Statement;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The steps of one sync, for one event loop and one at a time: fetch, judge, then apply or hold, and keep what came of
 * it. Knows the commit in force and the one that waits.
 */
final class SyncRounds {
    private static final Duration REPLACING = Duration.ofMinutes(5);
    private static final int MOST_LISTED = 1000;
    private static final Logger LOG = LoggerFactory.getLogger(SyncRounds.class);

    private final GitConfig config;
    private final Bus bus;
    private final SyncHistory history;
    private final HeldRows heldRows;
    private final InstantSource clock;
    private final SyncGuard guard;
    private final Map<String, Optional<Inventory.Link>> vouched = new HashMap<>();
    private @Nullable Head head;
    private @Nullable SyncResult lastSync;
    private @Nullable Held held;
    /** What was applied or held before the start is looked at once more: the rules may be others now. */
    private boolean isRead;

    /** Who asked for a sync, and since when it runs. */
    private record Beginning(String by, Instant at) {}

    SyncRounds(GitConfig config, Bus bus, Database database, InstantSource clock) {
        this.config = config;
        this.bus = bus;
        this.history = new SyncHistory(database);
        this.heldRows = new HeldRows(database);
        this.clock = clock;
        this.guard = new SyncGuard(config.maxRetiredPercent());
    }

    /** Takes up what was before the start. */
    Future<?> load() {
        return history.newest(1)
                .compose(newest -> {
                    lastSync = newest.isEmpty() ? null : newest.getFirst();
                    return history.head();
                })
                .compose(found -> {
                    head = found;
                    return heldRows.current();
                })
                .onSuccess(found -> held = found);
    }

    @Nullable
    Head head() {
        return head;
    }

    @Nullable
    SyncResult lastSync() {
        return lastSync;
    }

    @Nullable
    Held held() {
        return held;
    }

    SyncHistory history() {
        return history;
    }

    /** An admin has edited this link: as long as it comes back exactly so, the guard lets it pass. */
    void vouch(String linkId, Inventory.@Nullable Link link) {
        vouched.put(linkId, Optional.ofNullable(link));
    }

    /** One sync. A failed one leaves the last good inventory in force. */
    Future<SyncResult> sync(String startedBy) {
        var begun = new Beginning(startedBy, now());
        return bus.request(new Fetch(inForce(), isRead ? settled() : List.of()), fetching())
                .compose(fetched -> fetched.isNew() ? judge(fetched, begun) : unchanged(fetched, begun))
                .recover(cause -> isHeld(cause) ? Future.failedFuture(cause) : fail(cause, begun));
    }

    private @Nullable String inForce() {
        return head == null ? null : head.commit();
    }

    private List<String> settled() {
        return Stream.of(inForce(), held == null ? null : held.commit())
                .flatMap(Stream::ofNullable)
                .toList();
    }

    private Future<SyncResult> unchanged(Fetched fetched, Beginning begun) {
        if (held != null && fetched.commit().equals(held.commit())) {
            return Future.failedFuture(failure(held));
        }
        return keep(success(begun, false, false, fetched.commit(), null, List.of(), null), null);
    }

    private Future<SyncResult> judge(Fetched fetched, Beginning begun) {
        return known().compose(known -> {
            var reasons = isGuarded(fetched) ? guard.judge(known, fetched.links(), vouched) : List.<HoldReason>of();
            var diff = diff(known, fetched);
            if (reasons.isEmpty() || head == null) {
                return apply(fetched, diff, begun, null);
            }
            return heldRows.approver(fetched.commit(), head.commit())
                    .compose(approver -> approver == null
                            ? hold(fetched, diff, reasons, begun)
                            : apply(fetched, diff, begun, approver));
        });
    }

    private Future<List<LinkState>> known() {
        return bus.request(new FindLinks(null, null, null, null, null, null, false, true))
                .map(Inventory.Links::links);
    }

    /** Neither the first sync nor the commit that is in force already. */
    private boolean isGuarded(Fetched fetched) {
        return head != null && !head.commit().equals(fetched.commit());
    }

    private Diff diff(List<LinkState> known, Fetched fetched) {
        var before = known.stream()
                .filter(state -> !state.isRetired())
                .map(LinkState::link)
                .toList();
        var links = FieldDiff.links(before, fetched.links());
        var advance = fetched.advance() == null
                ? new Advance(false, List.of(), List.of(), 0, List.of(), 0)
                : fetched.advance();
        return new Diff(
                inForce(),
                fetched.commit(),
                advance.isRewritten(),
                cut(links),
                links.size() - cut(links).size(),
                cut(advance.scripts()),
                advance.scripts().size() - cut(advance.scripts()).size(),
                advance.commits(),
                advance.moreCommits(),
                advance.files(),
                advance.moreFiles());
    }

    private static <T> List<T> cut(List<T> list) {
        return list.size() <= MOST_LISTED ? list : list.subList(0, MOST_LISTED);
    }

    private Future<SyncResult> apply(Fetched fetched, Diff diff, Beginning begun, @Nullable String approvedBy) {
        var isOther = head == null || !head.commit().equals(fetched.commit());
        return bus.request(new Replace(fetched.commit(), fetched.links(), fetched.scripts()), REPLACING)
                .compose(replaced -> {
                    head = new Head(fetched.commit(), fetched.message(), fetched.time());
                    held = null;
                    isRead = true;
                    vouched.clear();
                    var isChanged = isOther || !isEmpty(replaced);
                    LOG.info(
                            "Synced {} at commit {}{}: {} added, {} changed, {} retired",
                            RepositoryVerticle.shownUrl(config),
                            fetched.commit(),
                            diff.isRewritten() ? " (the branch's history was rewritten)" : "",
                            replaced.added().size(),
                            replaced.changed().size(),
                            replaced.retired().size());
                    var result = success(
                            begun,
                            isChanged,
                            diff.isRewritten(),
                            fetched.commit(),
                            isChanged ? replaced : null,
                            fetched.warnings(),
                            approvedBy);
                    return keep(result, isChanged ? diff : null);
                });
    }

    private static boolean isEmpty(Replaced replaced) {
        return replaced.added().isEmpty()
                && replaced.changed().isEmpty()
                && replaced.retired().isEmpty();
    }

    /** Nothing of it is applied. What is held already is not told again. */
    private Future<SyncResult> hold(Fetched fetched, Diff diff, List<HoldReason> reasons, Beginning begun) {
        isRead = true;
        if (held != null
                && held.commit().equals(fetched.commit())
                && held.base().equals(diff.before())
                && held.reasons().equals(reasons)) {
            return Future.failedFuture(failure(held));
        }
        var holding = new Held(
                fetched.commit(),
                String.valueOf(diff.before()),
                nextId(),
                fetched.message(),
                fetched.time(),
                reasons,
                now(),
                null,
                null);
        var failure = failure(holding);
        LOG.warn("{}", failure.text());
        var result = new SyncResult(
                holding.syncId(),
                begun.by(),
                begun.at(),
                now(),
                false,
                false,
                diff.isRewritten(),
                inForce(),
                fetched.commit(),
                null,
                null,
                fetched.warnings(),
                failure.text(),
                failure.code().name());
        return history.add(result, head, diff, HeldRows.hold(holding)).compose(_ -> {
            held = holding;
            lastSync = result;
            return Future.failedFuture(failure);
        });
    }

    /** What whoever asks for a sync is told while something is held. */
    static Failure failure(Held held) {
        return new Failure(
                ErrorCode.SYNC_HELD,
                "Commit " + held.commit() + " is held and nothing of it is applied: "
                        + held.reasons().stream()
                                .limit(10)
                                .map(HoldReason::text)
                                .collect(Collectors.joining("; "))
                        + (held.reasons().size() > 10 ? "; …" : "") + ". Look at its diff (GET /api/git/history/"
                        + held.syncId()
                        + "), then approve or reject it as admin (POST /api/git/held/" + held.commit()
                        + "/approve)",
                Map.of("commit", held.commit(), "sync_id", held.syncId()));
    }

    private static boolean isHeld(Throwable cause) {
        return cause instanceof Failure failure && failure.code() == ErrorCode.SYNC_HELD;
    }

    /** Exactly what was seen: the reasons are looked at once more. */
    Future<SyncResult> approve(String commit, String approvedBy) {
        var begun = new Beginning(approvedBy, now());
        return waiting(commit)
                .compose(waiting -> bus.request(new ReadCommit(commit, waiting.base()), REPLACING)
                        .compose(fetched -> known().compose(known -> {
                            var reasons = guard.judge(known, fetched.links(), vouched);
                            var diff = diff(known, fetched);
                            if (!reasons.isEmpty() && !reasons.equals(waiting.reasons())) {
                                return hold(fetched, diff, reasons, begun)
                                        .recover(_ -> Future.failedFuture(new Failure(
                                                ErrorCode.CONFLICT,
                                                "What commit " + commit
                                                        + " would change is no longer what was seen;"
                                                        + " look at it once more")));
                            }
                            return heldRows.approve(waiting, approvedBy, now())
                                    .compose(_ -> apply(fetched, diff, begun, approvedBy));
                        })));
    }

    Future<Held> reject(String commit, String rejectedBy) {
        return waiting(commit).compose(waiting -> {
            var rejected = new Held(
                    waiting.commit(),
                    waiting.base(),
                    waiting.syncId(),
                    waiting.message(),
                    waiting.time(),
                    waiting.reasons(),
                    waiting.heldAt(),
                    rejectedBy,
                    now());
            return heldRows.reject(rejected).map(_ -> {
                held = rejected;
                return rejected;
            });
        });
    }

    private Future<Held> waiting(String commit) {
        if (held == null) {
            return Future.failedFuture(new Failure(ErrorCode.CONFLICT, "No commit is held"));
        }
        return held.commit().equals(commit)
                ? Future.succeededFuture(held)
                : Future.failedFuture(new Failure(
                        ErrorCode.CONFLICT,
                        "Commit " + Texts.shown(commit) + " is not held, but " + held.commit()
                                + " is; look at what that one would change"));
    }

    private SyncResult success(
            Beginning begun,
            boolean isChanged,
            boolean isRewritten,
            String commit,
            @Nullable Replaced diff,
            List<String> warnings,
            @Nullable String approvedBy) {
        return new SyncResult(
                nextId(),
                begun.by(),
                begun.at(),
                now(),
                true,
                isChanged,
                isRewritten,
                commit,
                null,
                approvedBy,
                diff,
                warnings,
                null,
                null);
    }

    /** It is kept and then told: whoever asked gets the failure itself. */
    private Future<SyncResult> fail(Throwable cause, Beginning begun) {
        var failure = cause instanceof Failure known
                ? known
                : new Failure(ErrorCode.INTERNAL, "An internal error; the log has the details");
        if (failure != cause) {
            LOG.error("The sync of {} failed unexpectedly", RepositoryVerticle.shownUrl(config), cause);
        }
        var result = new SyncResult(
                nextId(),
                begun.by(),
                begun.at(),
                now(),
                false,
                false,
                false,
                inForce(),
                null,
                null,
                null,
                List.of(),
                failure.text(),
                failure.code().name());
        lastSync = result;
        return history.add(result, head, null, List.of()).transform(_ -> Future.failedFuture(failure));
    }

    /** After a success nothing waits any more. */
    private Future<SyncResult> keep(SyncResult result, @Nullable Diff diff) {
        lastSync = result;
        held = null;
        List<Statement> others = List.of(HeldRows.overtaken());
        return history.add(result, head, diff, others).map(_ -> result);
    }

    private long nextId() {
        return lastSync == null ? 1 : lastSync.id() + 1;
    }

    /** All tries with their pauses. */
    private Duration fetching() {
        return FetchLimit.LONGEST
                .plus(config.retryDelay())
                .multipliedBy(config.retries() + 1L)
                .plusMinutes(1);
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
