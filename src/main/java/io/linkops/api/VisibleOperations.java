package io.linkops.api;

import io.linkops.bus.Bus;
import io.linkops.inventory.Inventory.Reach;
import io.linkops.orchestrator.Operations.FindOperations;
import io.linkops.orchestrator.Operations.FindVisible;
import io.linkops.orchestrator.Operations.Page;
import io.linkops.orchestrator.Operations.Summary;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Operations as far as somebody's scope reaches. Where most are out of it, so many are looked at and no more: a page
 * can then be short, even empty, and not the last.
 */
final class VisibleOperations {
    private static final int MOST_LOOKS = 10;
    private static final int LOOK = 200;

    private final Bus bus;
    private final Reach reach;

    VisibleOperations(Bus bus, Reach reach) {
        this.bus = bus;
        this.reach = reach;
    }

    Future<Page> page(FindOperations question) {
        return reach.equals(Reach.ALL)
                ? bus.request(question)
                : look(question, new ArrayList<>(), question.before(), 1);
    }

    private Future<Page> look(FindOperations question, List<Summary> found, @Nullable String before, int times) {
        return bus.request(from(question, before))
                .compose(looked -> visible(looked.operations()).compose(visible -> {
                    for (var summary : visible) {
                        if (found.size() == question.limit()) {
                            return Future.succeededFuture(
                                    new Page(found, found.getLast().id()));
                        }
                        found.add(summary);
                    }
                    var next = looked.next();
                    return next == null || times == MOST_LOOKS
                            ? Future.succeededFuture(new Page(found, next))
                            : look(question, found, next, times + 1);
                }));
    }

    /** Those of these that are within reach, in their order. */
    Future<List<Summary>> visible(List<Summary> some) {
        if (reach.equals(Reach.ALL)) {
            return Future.succeededFuture(some);
        }
        return bus.request(new FindVisible(some.stream().map(Summary::id).toList(), reach))
                .map(visible -> some.stream()
                        .filter(each -> visible.ids().contains(each.id()))
                        .toList());
    }

    private static FindOperations from(FindOperations question, @Nullable String before) {
        return new FindOperations(
                question.status(),
                question.kind(),
                question.from(),
                question.to(),
                question.user(),
                question.target(),
                question.script(),
                before,
                LOOK);
    }
}
