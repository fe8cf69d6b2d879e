package io.linkops.api;

import static io.linkops.api.Access.OPERATOR;
import static io.linkops.api.Access.VIEWER;

import io.linkops.bus.Bus;
import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import io.linkops.gitsync.GitSync;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;

/** The repository: its state, its history, and a sync now. */
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
                .post("/api/git/sync", OPERATOR, this::sync);
    }

    private Future<Answer> status(Call call) {
        call.query(query -> true);
        return bus.request(new GitSync.FindStatus()).map(status -> Answer.ok(GitJson.of(status)));
    }

    private Future<Answer> history(Call call) {
        var limit = (int) (long) call.query(query -> query.number("limit", 1, 200, 20));
        return bus.request(new GitSync.FindHistory(limit)).map(history -> Answer.ok(GitJson.of(history)));
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
