package io.linkops.api;

import static io.linkops.api.Access.ADMIN;

import io.linkops.audit.Audit;
import io.linkops.audit.Audit.Part;
import io.linkops.bus.Bus;
import io.linkops.retention.Retention;
import io.vertx.core.Future;

/** The audit, for admins: pages of it, and all of it as lines that prove themselves. And what retention removed. */
final class AuditRoutes {
    private static final int LONGEST = 300;

    private final Bus bus;

    AuditRoutes(Bus bus) {
        this.bus = bus;
    }

    void register(Routes routes) {
        routes.get("/api/audit", ADMIN, this::find)
                .get("/api/audit/head", ADMIN, this::head)
                .get("/api/audit/export", ADMIN, this::export)
                .get("/api/retention", ADMIN, this::retention);
    }

    private Future<Answer> find(Call call) {
        return bus.request(call.query(query -> {
                    long before = query.number("before", 1, Long.MAX_VALUE, 0);
                    return new Audit.Find(
                            query.text("user", LONGEST),
                            query.text("action", LONGEST),
                            query.text("kind", LONGEST),
                            query.text("resource", LONGEST),
                            query.text("result", LONGEST),
                            query.time("from"),
                            query.time("to"),
                            before == 0 ? null : before,
                            (int) query.number("limit", 1, 200, 50));
                }))
                .map(page -> Answer.ok(AuditJson.of(page)));
    }

    /** Not a look at the rows, and not recorded: so that a page can ask often whether there are new ones. */
    private Future<Answer> head(Call call) {
        call.query(query -> true);
        return bus.request(new Audit.FindHead()).map(head -> Answer.ok(AuditJson.of(head)));
    }

    private Future<Answer> export(Call call) {
        call.query(query -> true);
        return part(0).map(first -> sent -> begin(sent, first));
    }

    private Future<Answer> retention(Call call) {
        call.query(query -> true);
        return bus.request(new Retention.FindStatus()).map(status -> Answer.ok(AuditJson.of(status)));
    }

    private Future<Part> part(long after) {
        return bus.request(new Audit.Export(after));
    }

    private void begin(Call call, Part first) {
        call.request().resume();
        var response = call.response()
                .putHeader("Content-Type", "application/x-ndjson")
                .putHeader("Content-Disposition", "attachment; filename=\"linkops-audit.jsonl\"");
        if (call.isHead()) {
            response.end();
            return;
        }
        response.setChunked(true);
        write(call, first);
    }

    private void write(Call call, Part part) {
        var response = call.response();
        if (response.closed()) {
            return;
        }
        var next = part.next();
        if (next == null) {
            response.end(part.lines());
            return;
        }
        response.write(part.lines())
                .compose(_ -> part(next))
                .onSuccess(more -> write(call, more))
                // Half an export must not look like a whole one.
                .onFailure(_ -> call.request().connection().close());
    }
}
