package io.linkops.api;

import io.linkops.audit.Audit;
import io.linkops.bus.Bus;
import io.linkops.bus.Request;
import io.linkops.config.MetricsAccess;
import io.linkops.figures.FigureBook;
import io.linkops.figures.Figures;
import io.linkops.gitsync.GitSync;
import io.linkops.health.Health;
import io.linkops.journal.Journals;
import io.linkops.orchestrator.Operations;
import io.linkops.retention.Retention;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.List;

/** The figures of all rooms, as Prometheus reads them. A room that does not answer is told as down. */
final class MetricsRoutes {
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final String TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private final Bus bus;
    private final MetricsAccess access;
    private final FigureBook own;

    private record Room(String name, Request<Figures.Page> question) {}

    private static final List<Room> ROOMS = List.of(
            new Room("audit", new Audit.FindFigures()),
            new Room("gitsync", new GitSync.FindFigures()),
            new Room("health", new Health.FindFigures()),
            new Room("journal", new Journals.FindFigures()),
            new Room("orchestrator", new Operations.FindFigures()),
            new Room("retention", new Retention.FindFigures()));

    MetricsRoutes(Bus bus, MetricsAccess access, FigureBook own) {
        this.bus = bus;
        this.access = access;
        this.own = own;
    }

    void register(Routes routes) {
        routes.get("/metrics", access == MetricsAccess.OPEN ? Access.OPEN : Access.VIEWER, this::show);
    }

    private Future<Answer> show(Call call) {
        if (access == MetricsAccess.OFF) {
            throw ApiRouter.notFound(call.path());
        }
        call.query(query -> true);
        var pages = ROOMS.stream().map(this::ask).toList();
        return Future.all(pages).map(all -> Answer.of(200, TYPE, text(pages)));
    }

    /** Empty where nobody answers. */
    private Future<String> ask(Room room) {
        return bus.request(room.question(), PATIENCE).map(Figures.Page::text).otherwise("");
    }

    private Buffer text(List<Future<String>> pages) {
        var text = Buffer.buffer("# HELP linkops_room_up 1 if this room answers.\n# TYPE linkops_room_up gauge\n");
        for (int i = 0; i < ROOMS.size(); i++) {
            text.appendString("linkops_room_up{room=\"" + ROOMS.get(i).name() + "\"} "
                    + (pages.get(i).result().isEmpty() ? 0 : 1) + "\n");
        }
        text.appendString(own.page().text());
        pages.forEach(page -> text.appendString(page.result()));
        return text;
    }
}
