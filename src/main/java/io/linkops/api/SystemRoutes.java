package io.linkops.api;

import static io.linkops.api.Access.ADMIN;
import static io.linkops.api.Access.OPEN;

import io.linkops.accounts.Accounts;
import io.linkops.bus.Bus;
import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import io.linkops.bus.Request;
import io.linkops.config.SettingShown;
import io.linkops.config.Version;
import io.linkops.gitsync.GitSync;
import io.linkops.health.Health;
import io.linkops.inventory.Inventory;
import io.linkops.journal.Journals;
import io.linkops.orchestrator.Operations;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** LinkOps about itself: alive, ready, which version, what the API is. */
final class SystemRoutes {
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    /** Anybody may ask whether we are ready, so the rooms are asked no more often than this. */
    private static final Duration FRESH = Duration.ofSeconds(1);

    private final Bus bus;
    private final InstantSource clock;
    private final Buffer openApi;
    private final Stopping stopping;
    private final JsonObject settings;
    private final JsonObject version = version();
    private @Nullable Future<Map<String, String>> rooms;
    private Instant askedAt = Instant.EPOCH;

    SystemRoutes(Bus bus, InstantSource clock, Buffer openApi, Stopping stopping, List<SettingShown> settings) {
        this.bus = bus;
        this.clock = clock;
        this.openApi = openApi;
        this.stopping = stopping;
        this.settings = new JsonObject().put("settings", Json.list(settings, SystemRoutes::json));
    }

    void register(Routes routes) {
        routes.get("/healthz", OPEN, call -> Future.succeededFuture(Answer.ok(new JsonObject().put("status", "ok"))))
                .get("/readyz", OPEN, this::ready)
                .get("/api/version", OPEN, call -> Future.succeededFuture(Answer.ok(version)))
                .get("/api/configuration", ADMIN, this::configuration)
                .get(
                        "/api/openapi.yaml",
                        OPEN,
                        call -> Future.succeededFuture(Answer.of(200, "application/yaml", openApi)));
    }

    private static JsonObject version() {
        var version = Version.current();
        return new JsonObject()
                .put("name", version.name())
                .put("version", version.version())
                .put("java", version.java())
                .put("commit", version.commit());
    }

    private Future<Answer> configuration(Call call) {
        call.query(query -> true);
        return Future.succeededFuture(Answer.ok(settings));
    }

    private static JsonObject json(SettingShown setting) {
        return new JsonObject()
                .put("key", setting.key())
                .put("value", setting.value())
                .put("is_default", setting.isDefault())
                .put("is_secret", setting.isSecret())
                .put("description", setting.meaning());
    }

    private Future<Answer> ready(Call call) {
        if (stopping.isDraining()) {
            throw Stopping.refusal();
        }
        return rooms().map(states -> {
            if (states.values().stream().allMatch("ok"::equals)) {
                return Answer.ok(
                        new JsonObject().put("status", "ready").put("rooms", new JsonObject(Map.copyOf(states))));
            }
            throw new Failure(
                    ErrorCode.UNAVAILABLE, "Not all parts of LinkOps answer; try again soon", Map.of("rooms", states));
        });
    }

    private Future<Map<String, String>> rooms() {
        var known = rooms;
        if (known != null && clock.instant().isBefore(askedAt.plus(FRESH))) {
            return known;
        }
        askedAt = clock.instant();
        Map<String, String> states = new TreeMap<>();
        var asked = Future.join(
                        ask(states, "database", new Journals.TryDatabase()),
                        ask(states, "health", new Health.FindWindows(false)),
                        ask(states, "accounts", new Accounts.FindUsers()),
                        ask(states, "inventory", new Inventory.FindScripts()),
                        ask(states, "gitsync", new GitSync.FindStatus()),
                        ask(states, "orchestrator", Operations.FindOperations.newest(1)))
                .map(all -> states);
        rooms = asked;
        return asked;
    }

    private Future<?> ask(Map<String, String> states, String room, Request<?> question) {
        return bus.request(question, PATIENCE)
                .onSuccess(answer -> states.put(room, "ok"))
                .otherwise(cause -> {
                    states.put(
                            room,
                            cause instanceof Failure failure ? failure.code().name() : "INTERNAL");
                    return null;
                });
    }
}
