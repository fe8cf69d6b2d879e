package io.linkops.api;

import static io.linkops.api.Access.ADMIN;
import static io.linkops.api.Access.OPERATOR;
import static io.linkops.api.Access.VIEWER;

import io.linkops.bus.Bus;
import io.linkops.inventory.Inventory;
import io.linkops.orchestrator.Operations;
import io.vertx.core.Future;
import java.time.Duration;

/** Links: finding, looking, confirming host keys. */
final class LinkRoutes {
    /** One look: some attempts to connect, each with its own time limit. */
    private static final Duration LOOK = Duration.ofMinutes(3);

    private static final int LONGEST_WORD = 200;
    private static final String FINGERPRINT = "SHA256:[A-Za-z0-9+/]{43}=?";

    private enum Direction {
        ASC,
        DESC
    }

    private final Bus bus;

    LinkRoutes(Bus bus) {
        this.bus = bus;
    }

    void register(Routes routes) {
        routes.get("/api/links", VIEWER, this::find)
                .post("/api/links/verify", OPERATOR, this::verifyMany)
                .get("/api/links/:id", VIEWER, this::show)
                .post("/api/links/:id/verify", OPERATOR, this::verify)
                .post("/api/links/:id/host-key", ADMIN, this::confirmHostKey);
    }

    private Future<Answer> find(Call call) {
        return bus.request(call.query(LinkRoutes::criteria)).map(links -> Answer.ok(LinkJson.of(links)));
    }

    private static Inventory.FindLinks criteria(QueryReader query) {
        var status = query.word("status", Inventory.LinkStatus.class);
        var enrollment = query.word("enrollment", Inventory.EnrollmentStatus.class);
        var sort = query.word("sort", Inventory.LinkColumn.class);
        return new Inventory.FindLinks(
                query.text("type", LONGEST_WORD),
                status == null ? null : Texts.word(status),
                enrollment == null ? null : Texts.word(enrollment),
                query.text("tag", LONGEST_WORD),
                query.text("q", LONGEST_WORD),
                sort == null ? null : Texts.word(sort),
                query.word("dir", Direction.class) == Direction.DESC,
                query.flag("retired"));
    }

    private Future<Answer> show(Call call) {
        return bus.request(new Inventory.FindLink(call.part("id"))).map(link -> Answer.ok(LinkJson.of(link)));
    }

    private Future<Answer> verify(Call call) {
        return call.noBody()
                .compose(nothing -> bus.request(new Inventory.Verify(call.part("id")), LOOK))
                .map(enrollment -> Answer.ok(LinkJson.of(enrollment)));
    }

    private Future<Answer> verifyMany(Call call) {
        return call.body(json -> new Operations.VerifyLinks(
                        OperationRoutes.targets(json),
                        OperationRoutes.concurrency(json),
                        RunBody.batches(json),
                        call.principal().username()))
                .compose(bus::request)
                .map(OperationRoutes::queued);
    }

    private Future<Answer> confirmHostKey(Call call) {
        return call.body(json -> {
                    var fingerprint = json.text("fingerprint", 100);
                    if (!fingerprint.matches(FINGERPRINT)) {
                        json.problem("fingerprint", "must be a fingerprint as ssh-keygen -l shows it: SHA256:…");
                    }
                    return new Inventory.ConfirmHostKey(
                            call.part("id"), fingerprint, call.principal().username());
                })
                .compose(bus::request)
                .map(link -> Answer.ok(LinkJson.of(link)));
    }
}
