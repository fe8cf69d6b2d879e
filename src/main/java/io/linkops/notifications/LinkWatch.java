package io.linkops.notifications;

import io.linkops.bus.Bus;
import io.linkops.inventory.Inventory.FindLinks;
import io.linkops.inventory.Inventory.LinkStatus;
import io.linkops.store.Statement;
import io.vertx.core.Future;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Tells each change of a link's status once. All links are looked at together: the inventory has them in memory. */
final class LinkWatch {
    static final String SOURCE = "links";
    private static final FindLinks ALL = new FindLinks(null, null, null, null, null, null, false, true);

    private final Bus bus;
    private final ProgressStore progress;
    private final Outbox outbox;
    private final InstantSource clock;
    private final Map<String, LinkStatus> known = new HashMap<>();

    LinkWatch(Bus bus, ProgressStore progress, Outbox outbox, InstantSource clock) {
        this.bus = bus;
        this.progress = progress;
        this.outbox = outbox;
        this.clock = clock;
    }

    /** Tells what changed while nobody listened; the very first time, nothing is news. */
    Future<Void> start() {
        return progress.cursor(SOURCE)
                .compose(found -> progress.links().compose(links -> {
                    known.putAll(links);
                    return look(found.isPresent());
                }));
    }

    Future<Void> look() {
        return look(true);
    }

    private Future<Void> look(boolean isNews) {
        return bus.request(ALL).compose(links -> {
            var plan = LinkPlan.of(known, links.links());
            List<Statement> statements = new ArrayList<>();
            plan.seen().forEach((id, status) -> statements.add(ProgressStore.link(id, status)));
            plan.gone().forEach(id -> statements.add(ProgressStore.forgetLink(id)));
            if (!isNews) {
                statements.add(ProgressStore.cursor(SOURCE, "begun"));
            }
            if (statements.isEmpty()) {
                return Future.succeededFuture();
            }
            var notices = plan.news().stream()
                    .filter(_ -> isNews)
                    .map(link -> Wording.of(link, clock.instant()))
                    .toList();
            return outbox.add(notices, statements).onSuccess(_ -> {
                known.putAll(plan.seen());
                plan.gone().forEach(known::remove);
            });
        });
    }
}
