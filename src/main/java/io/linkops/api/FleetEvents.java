package io.linkops.api;

import io.linkops.accounts.Accounts.Principal;
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
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gathers what changed in the fleet for a moment, asks for the state of it once, and tells all open browsers. When too
 * much has piled up they are told to fetch the inventory again.
 */
final class FleetEvents {
    private static final Logger LOG = LoggerFactory.getLogger(FleetEvents.class);
    private static final int MOST = 500;
    /** So many of the newest operations come with one question. */
    private static final int NEWEST = 50;

    private final Vertx vertx;
    private final Bus bus;
    private final StreamPace pace;
    private final Set<Browser> browsers = new LinkedHashSet<>();
    private final Scoping scoping;
    private Set<String> links = new HashSet<>();
    private Set<String> operations = new HashSet<>();
    private boolean isInventoryChanged;
    private boolean isGitChanged;
    private boolean isBusy;
    private @Nullable String commit;

    /** Who reads, and how to tell them. */
    record Browser(Principal principal, Consumer<Buffer> tell) {}

    /**
     * Something to tell.
     *
     * @param link the link it is about, if it is about one
     * @param operation the operation it is about, if it is about one
     * @param toScoped what those with a scope are told of it, if it is within
     */
    private record News(@Nullable String link, @Nullable String operation, Buffer frame, Buffer toScoped) {}

    FleetEvents(Vertx vertx, Bus bus, StreamPace pace) {
        this.vertx = vertx;
        this.bus = bus;
        this.scoping = new Scoping(bus);
        this.pace = pace;
        bus.listen(Inventory.LinkChanged.class, event -> gather(() -> addLink(event.linkId())));
        bus.listen(Inventory.InventoryChanged.class, event -> {
            commit = event.commit();
            gather(() -> isInventoryChanged = true);
        });
        bus.listen(GitSync.SyncChanged.class, event -> gather(() -> isGitChanged = true));
        bus.listen(Operations.OperationChanged.class, event -> gather(() -> addOperation(event.operationId())));
    }

    void add(Browser browser) {
        browsers.add(browser);
    }

    void remove(Browser browser) {
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
        List<News> news = new ArrayList<>();
        List<Future<?>> questions = new ArrayList<>();
        if (isInventoryChanged) {
            news.add(about(null, null, "inventory", new JsonObject().put("commit", commit)));
        } else {
            links.forEach(id -> questions.add(bus.request(new Inventory.FindLink(id))
                    .onSuccess(link -> news.add(about(id, null, "link", LinkJson.of(link))))));
        }
        if (isGitChanged) {
            questions.add(bus.request(new GitSync.FindStatus())
                    .onSuccess(status -> news.add(new News(
                            null, null, frame("git", GitJson.of(status)), frame("git", GitJson.of(status, true))))));
        }
        if (!operations.isEmpty()) {
            questions.add(summaries(operations, news));
        }
        links = new HashSet<>();
        operations = new HashSet<>();
        isInventoryChanged = false;
        isGitChanged = false;
        Future.join(questions).onComplete(all -> told(news));
    }

    private Future<?> summaries(Set<String> ids, List<News> news) {
        return bus.request(Operations.FindOperations.newest(NEWEST)).compose(newest -> {
            var others = new HashSet<>(ids);
            for (var summary : newest.operations()) {
                if (others.remove(summary.id())) {
                    news.add(about(null, summary.id(), "operation", OperationJson.of(summary)));
                }
            }
            return Future.join(others.stream().map(id -> summary(id, news)).toList());
        });
    }

    private Future<?> summary(String id, List<News> news) {
        return bus.request(new Operations.FindSummary(id))
                .onSuccess(summary -> news.add(about(null, id, "operation", OperationJson.of(summary))));
    }

    private static News about(@Nullable String link, @Nullable String operation, String event, JsonObject json) {
        var frame = frame(event, json);
        return new News(link, operation, frame, frame);
    }

    private static Buffer frame(String event, JsonObject json) {
        var frame = Buffer.buffer();
        SseFrame.append(frame, event, json);
        return frame;
    }

    /** Those with a scope hear only of what is in it, as it reaches now. */
    private void tellScoped(Browser browser, List<News> news) {
        var operations = news.stream()
                .map(News::operation)
                .filter(Objects::nonNull)
                .distinct()
                .toList();
        scoping.reach(browser.principal())
                .compose(reach -> bus.request(new Operations.FindVisible(operations, reach))
                        .map(visible -> joined(news.stream()
                                .filter(each -> each.link() == null || reach.hasLink(each.link()))
                                .filter(each -> each.operation() == null
                                        || visible.ids().contains(each.operation()))
                                .map(News::toScoped))))
                .onSuccess(frames -> {
                    if (frames.length() > 0 && browsers.contains(browser)) {
                        browser.tell().accept(frames);
                    }
                })
                .onFailure(cause -> LOG.warn(
                        "{} was not told of news: it is not known whether they may hear of it",
                        browser.principal().username(),
                        cause));
    }

    private static Buffer joined(Stream<Buffer> frames) {
        var all = Buffer.buffer();
        frames.forEach(all::appendBuffer);
        return all;
    }

    private void told(List<News> news) {
        isBusy = false;
        if (!news.isEmpty()) {
            var frames = joined(news.stream().map(News::frame));
            for (var browser : List.copyOf(browsers)) {
                if (browser.principal().isScoped()) {
                    tellScoped(browser, List.copyOf(news));
                } else {
                    browser.tell().accept(frames);
                }
            }
        }
        if (isInventoryChanged || isGitChanged || !links.isEmpty() || !operations.isEmpty()) {
            tellSoon();
        }
    }
}
