package io.linkops.api;

import static io.linkops.api.Access.ADMIN;
import static io.linkops.api.Access.OPERATOR;
import static io.linkops.api.Access.VIEWER;

import io.linkops.bus.Bus;
import io.linkops.gitsync.GitSync;
import io.linkops.gitsync.GitSync.Change;
import io.linkops.inventory.Inventory;
import io.linkops.orchestrator.Operations;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Duration;

/** Links: finding, looking, confirming host keys. */
final class LinkRoutes {
    /** One look: some attempts to connect, each with its own time limit. */
    private static final Duration LOOK = Duration.ofMinutes(3);

    /** A push that may lose some races, and the sync after it. */
    private static final Duration WRITE = Duration.ofMinutes(5);

    private static final int LONGEST_WORD = 200;
    private static final String FINGERPRINT = "SHA256:[A-Za-z0-9+/]{43}=?";

    private enum Direction {
        ASC,
        DESC
    }

    private final Bus bus;
    private final Scoping scoping;

    LinkRoutes(Bus bus) {
        this.bus = bus;
        this.scoping = new Scoping(bus);
    }

    void register(Routes routes) {
        routes.get("/api/links", VIEWER, this::find)
                .post("/api/links/verify", OPERATOR, this::verifyMany)
                .post("/api/links", ADMIN, this::add)
                .get("/api/links/:id", VIEWER, this::show)
                .put("/api/links/:id", ADMIN, this::change)
                .delete("/api/links/:id", ADMIN, this::remove)
                .post("/api/links/:id/verify", OPERATOR, this::verify)
                .post("/api/links/:id/enroll", ADMIN, this::enroll)
                .post("/api/links/:id/host-key", ADMIN, this::confirmHostKey);
    }

    private Future<Answer> find(Call call) {
        return bus.request(call.query(LinkRoutes::criteria))
                .map(links -> new Inventory.Links(links.links().stream()
                        .filter(each -> call.reach().hasLink(each.link().id()))
                        .toList()))
                .map(links -> Answer.ok(LinkJson.of(links)));
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

    private Future<Answer> add(Call call) {
        return call.body(json -> LinkBody.read(json, json.text("id", LONGEST_WORD), Change.ADDED, call.principal()))
                .compose(this::write)
                .map(json -> Answer.created("/api/links/" + Json.inPath(json.getString("id")), json));
    }

    private Future<Answer> change(Call call) {
        return call.body(json -> LinkBody.read(json, call.part("id"), Change.CHANGED, call.principal()))
                .compose(this::write)
                .map(Answer::ok);
    }

    /** What a commit needs to be told comes in the query: a DELETE has no body. */
    private Future<Answer> remove(Call call) {
        var edit = call.query(query -> new GitSync.WriteLink(
                call.part("id"),
                Change.REMOVED,
                null,
                LinkBody.message(query.text("message", LinkBody.LONGEST_MESSAGE)),
                query.text("base_commit", LONGEST_WORD),
                call.principal().username()));
        return call.noBody().compose(nothing -> write(edit)).map(Answer::ok);
    }

    /** The link as it is in force now, and the commit that says so. */
    private Future<JsonObject> write(GitSync.WriteLink edit) {
        return bus.request(edit, WRITE)
                .compose(written -> bus.request(new Inventory.FindLink(edit.linkId()))
                        .map(link -> new JsonObject()
                                .put("id", edit.linkId())
                                .put("commit", written.commit())
                                .put("sync_id", written.sync().id())
                                .put("link", LinkJson.of(link))));
    }

    private Future<Answer> verify(Call call) {
        return call.noBody()
                .compose(nothing -> bus.request(new Inventory.Verify(call.part("id")), LOOK))
                .map(enrollment -> Answer.ok(LinkJson.of(enrollment)));
    }

    private Future<Answer> enroll(Call call) {
        return call.optionalBody(json -> Boolean.TRUE.equals(json.flagOrNull("replace")), false)
                .compose(isReplacing -> bus.request(
                        new Inventory.Enroll(
                                call.part("id"), isReplacing, call.principal().username()),
                        LOOK))
                .map(enrolling -> Answer.ok(LinkJson.of(enrolling)));
    }

    private Future<Answer> verifyMany(Call call) {
        return call.body(json -> new Operations.VerifyLinks(
                        OperationRoutes.targets(json),
                        OperationRoutes.concurrency(json),
                        RunBody.batches(json),
                        call.principal().username()))
                .compose(wish -> scoping.ask(
                        call,
                        wish.targets(),
                        targets -> new Operations.VerifyLinks(
                                targets, wish.concurrency(), wish.batch(), wish.startedBy())))
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
