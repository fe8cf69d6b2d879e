package io.linkops.api;

import static io.linkops.api.Access.ADMIN;
import static io.linkops.api.Access.OPEN;
import static io.linkops.api.Access.OPERATOR;
import static io.linkops.api.Access.VIEWER;

import io.linkops.bus.Bus;
import io.linkops.bus.Bytes;
import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import io.linkops.gitsync.GitSync;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** The repository: its state, its history, a sync now, what is held, and what the Git host tells. */
final class GitRoutes {
    /** A first fetch of a large repository, with its retries. */
    private static final Duration SYNC = Duration.ofMinutes(5);

    private final Bus bus;

    GitRoutes(Bus bus) {
        this.bus = bus;
    }

    void register(Routes routes) {
        routes.get("/api/git/status", VIEWER, this::status)
                .get("/api/git/history", VIEWER, this::history)
                .get("/api/git/history/:id", VIEWER, this::oneSync)
                .post("/api/git/sync", OPERATOR, this::sync)
                .post("/api/git/held/:commit/approve", ADMIN, this::approve)
                .post("/api/git/held/:commit/reject", ADMIN, this::reject)
                .post("/api/git/webhook", OPEN, this::hook);
    }

    private Future<Answer> status(Call call) {
        call.query(query -> true);
        return bus.request(new GitSync.FindStatus())
                .map(status -> Answer.ok(GitJson.of(status, call.principal().isScoped())));
    }

    private Future<Answer> history(Call call) {
        var limit = (int) (long) call.query(query -> query.number("limit", 1, 200, 20));
        return bus.request(new GitSync.FindHistory(limit)).map(history -> Answer.ok(GitJson.of(history)));
    }

    private Future<Answer> oneSync(Call call) {
        call.query(query -> true);
        var id = call.part("id");
        if (!id.matches("[0-9]{1,18}")) {
            throw ApiRouter.notFound(call.path());
        }
        return bus.request(new GitSync.FindSync(Long.parseLong(id))).map(sync -> Answer.ok(GitJson.of(sync)));
    }

    private Future<Answer> approve(Call call) {
        return call.noBody()
                .compose(nothing -> bus.request(
                        new GitSync.ApproveHeld(
                                call.part("commit"), call.principal().username()),
                        SYNC))
                .map(GitRoutes::result);
    }

    private Future<Answer> reject(Call call) {
        return call.noBody()
                .compose(nothing -> bus.request(
                        new GitSync.RejectHeld(
                                call.part("commit"), call.principal().username()),
                        SYNC))
                .map(held -> Answer.ok(GitJson.of(held)));
    }

    /** The signature is over the bytes as they came. */
    private Future<Answer> hook(Call call) {
        var headers = new TreeMap<String, String>();
        for (var header : call.request().headers()) {
            var name = header.getKey().toLowerCase(Locale.ROOT);
            if (name.startsWith("x-git") || name.startsWith("x-hub") || name.startsWith("x-forgejo")) {
                // Two of one name are none: a proxy may look at the one and LinkOps at the other.
                headers.merge(name, header.getValue(), (a, b) -> "");
            }
        }
        var address = Proxies.address(call.request());
        return call.bytes()
                .compose(body -> bus.request(new GitSync.Hook(address, headers, Bytes.of(body.getBytes()))))
                .map(GitRoutes::heard);
    }

    private static Answer heard(GitSync.HookAnswer answer) {
        return switch (answer.outcome()) {
            case PING -> Answer.ok(new JsonObject().put("ping", true));
            case STARTED -> Answer.json(202, new JsonObject().put("started", true));
            case IGNORED -> Answer.json(202, new JsonObject().put("ignored", answer.why()));
        };
    }

    private Future<Answer> sync(Call call) {
        return call.noBody()
                .compose(
                        nothing -> bus.request(new GitSync.Sync(call.principal().username()), SYNC))
                .map(GitRoutes::result);
    }

    private static Answer result(GitSync.SyncResult sync) {
        if (!sync.isSuccess()) {
            throw new Failure(
                    codeOf(sync),
                    Objects.requireNonNullElse(sync.error(), "The sync failed; the log says why"),
                    Map.of("sync", GitJson.of(sync).getMap()));
        }
        return Answer.ok(GitJson.of(sync));
    }

    private static ErrorCode codeOf(GitSync.SyncResult sync) {
        for (var code : ErrorCode.values()) {
            if (code.name().equals(sync.errorCode())) {
                return code;
            }
        }
        return ErrorCode.GIT_FAILED;
    }
}
