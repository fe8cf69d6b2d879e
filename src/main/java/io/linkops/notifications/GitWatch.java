package io.linkops.notifications;

import io.linkops.bus.Bus;
import io.linkops.gitsync.GitSync.FindHistory;
import io.linkops.gitsync.GitSync.SyncResult;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Tells the first failed sync of each streak, and the good one that ends it. */
final class GitWatch {
    static final String SOURCE = "git";
    private static final int PAGE = 200;
    private static final String FAILING = "failing";

    private final Bus bus;
    private final ProgressStore progress;
    private final Outbox outbox;
    private long last;
    private boolean isFailing;

    GitWatch(Bus bus, ProgressStore progress, Outbox outbox) {
        this.bus = bus;
        this.progress = progress;
        this.outbox = outbox;
    }

    /** Tells what happened while nobody listened; the very first time, only whether it fails now is looked at. */
    Future<Void> start() {
        return progress.cursor(SOURCE).compose(found -> {
            found.ifPresent(position -> {
                var parts = position.split(" ", -1);
                last = Long.parseLong(parts[0]);
                isFailing = FAILING.equals(parts[1]);
            });
            return look(found.isPresent());
        });
    }

    Future<Void> look() {
        return look(true);
    }

    private Future<Void> look(boolean isNews) {
        return bus.request(new FindHistory(PAGE)).compose(history -> {
            var syncs = history.syncs().stream()
                    .filter(sync -> sync.id() > last)
                    .sorted(Comparator.comparingLong(SyncResult::id))
                    .toList();
            if (syncs.isEmpty() && isNews) {
                return Future.succeededFuture();
            }
            List<Notice> notices = new ArrayList<>();
            var failing = isFailing;
            for (var sync : syncs) {
                if (sync.isSuccess() == failing && isNews) {
                    notices.add(Wording.of(sync));
                }
                failing = !sync.isSuccess();
            }
            var position = syncs.isEmpty() ? last : syncs.getLast().id();
            var isFailingNow = failing;
            var cursor = ProgressStore.cursor(SOURCE, position + " " + (failing ? FAILING : "good"));
            return outbox.add(notices, List.of(cursor)).onSuccess(_ -> {
                last = position;
                isFailing = isFailingNow;
            });
        });
    }
}
