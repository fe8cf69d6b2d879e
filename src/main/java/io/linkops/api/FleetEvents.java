package io.linkops.api;

import io.linkops.bus.Bus;
import io.linkops.gitsync.GitSync;
import io.linkops.inventory.Inventory;
import io.linkops.orchestrator.Operations;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Gathers what changed in the fleet for a moment, asks for the state of it once, and tells all open browsers. When too
 * much has piled up they are told to fetch the inventory again.
 */
final class FleetEvents {
    private static final int MOST = 500;
    /** So many of the newest operations come with one question. */
    private static final int NEWEST = 50;

    private final Vertx vertx;
    private final Bus bus;
    private final StreamPace pace;
    private final Set<Consumer<Buffer>> browsers = new LinkedHashSet<>();
    private Set<String> links = new HashSet<>();
    private Set<String> operations = new HashSet<>();
    private boolean isInventoryChanged;
    private boolean isGitChanged;
    private boolean isBusy;
    private @Nullable String commit;

    FleetEvents(Vertx vertx, Bus bus, StreamPace pace) {
        this.vertx = vertx;
        this.bus = bus;
        this.pace = pace;
        bus.listen(Inventory.LinkChanged.class, event -> gather(() -> addLink(event.linkId())));
        bus.listen(Inventory.InventoryChanged.class, event -> {
            commit = event.commit();
            gather(() -> isInventoryChanged = true);
        });
        bus.listen(GitSync.SyncChanged.class, event -> gather(() -> isGitChanged = true));
        bus.listen(Operations.OperationChanged.class, event -> gather(() -> addOperation(event.operationId())));
    }

    void add(Consumer<Buffer> browser) {
        browsers.add(browser);
    }

    void remove(Consumer<Buffer> browser) {
        browsers.remove(browser);
    }

    boolean isEmpty() {
        return browsers.isEmpty();
    }

    private void gather(Runnable change) {
        if (!browsers.isEmpty()) {
            change.run();
            tellSoon();
        }
    }

    private void addLink(String id) {
        if (links.size() < MOST) {
            links.add(id);
        } else {
            isInventoryChanged = true;
        }
    }

    /** More than so many operations in a moment: the page that shows them fetches them again. */
    private void addOperation(String id) {
        if (operations.size() < MOST) {
            operations.add(id);
        } else {
            isInventoryChanged = true;
        }
    }

    private void tellSoon() {
        if (!isBusy) {
            isBusy = true;
            vertx.setTimer(pace.coalesce().toMillis(), tick -> tell());
        }
    }

    private void tell() {
        var frames = Buffer.buffer();
        List<Future<?>> questions = new ArrayList<>();
        if (isInventoryChanged) {
            SseFrame.append(frames, "inventory", new JsonObject().put("commit", commit));
        } else {
            links.forEach(id -> questions.add(bus.request(new Inventory.FindLink(id))
                    .onSuccess(link -> SseFrame.append(frames, "link", LinkJson.of(link)))));
        }
        if (isGitChanged) {
            questions.add(bus.request(new GitSync.FindStatus())
                    .onSuccess(status -> SseFrame.append(frames, "git", GitJson.of(status))));
        }
        if (!operations.isEmpty()) {
            questions.add(summaries(operations, frames));
        }
        links = new HashSet<>();
        operations = new HashSet<>();
        isInventoryChanged = false;
        isGitChanged = false;
        Future.join(questions).onComplete(all -> told(frames));
    }

    private Future<?> summaries(Set<String> ids, Buffer frames) {
        return bus.request(Operations.FindOperations.newest(NEWEST)).compose(newest -> {
            var others = new HashSet<>(ids);
            for (var summary : newest.operations()) {
                if (others.remove(summary.id())) {
                    SseFrame.append(frames, "operation", OperationJson.of(summary));
                }
            }
            return Future.join(others.stream().map(id -> summary(id, frames)).toList());
        });
    }

    private Future<?> summary(String id, Buffer frames) {
        return bus.request(new Operations.FindSummary(id))
                .onSuccess(summary -> SseFrame.append(frames, "operation", OperationJson.of(summary)));
    }

    private void told(Buffer frames) {
        isBusy = false;
        if (frames.length() > 0) {
            List.copyOf(browsers).forEach(browser -> browser.accept(frames));
        }
        if (isInventoryChanged || isGitChanged || !links.isEmpty() || !operations.isEmpty()) {
            tellSoon();
        }
    }
}
