package io.linkops.bench;

import io.linkops.world.ApiClient;
import io.linkops.world.CutStream;
import io.linkops.world.LinkOpsProcess;
import io.linkops.world.World;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.Closeable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** A steady, moderate load of everything people and machines do with LinkOps. */
final class SoakLoad implements Closeable {
    private static final String VIEWER = "vera";
    private static final String LOCKED = "walter";
    private static final int TARGETS = 20;
    private static final int SHELLS = 8;
    private static final int READERS = 4;
    private static final int MOST_OPERATIONS = 6;

    private static final Map<String, Set<String>> ENDS = Map.of(
            "hello", Set.of("success"),
            "talk", Set.of("success"),
            "lasting", Set.of("success"),
            "dice", Set.of("success", "partial", "failed"),
            "slow", Set.of("failed"),
            "endless", Set.of("stopped"));

    private static final List<String> PATHS = List.of(
            "/api/links",
            "/api/links/link-007/health",
            "/api/operations?limit=20",
            "/api/audit",
            "/api/retention",
            "/api/git/status",
            "/api/git/history",
            "/api/schedules",
            "/api/notifications/deliveries",
            "/api/terminal/recordings",
            "/api/terminal/workspaces",
            "/metrics",
            "/readyz");

    private final World world;
    private final int port;
    private final ApiClient api;
    private final SoakErrors errors;
    private final AtomicInteger commits = new AtomicInteger();
    private final Map<String, LongAdder> done = new ConcurrentSkipListMap<>();
    /** Where the machine is too slow for the load, there is less of it instead of a heap of it. */
    private final Semaphore atOnce = new Semaphore(MOST_OPERATIONS);

    private final List<Thread> people = new ArrayList<>();
    private volatile boolean isOver;

    /** One thing somebody does again and again. */
    private interface Act {
        void act() throws Exception;
    }

    SoakLoad(World world, int port, ApiClient api, SoakErrors errors) {
        this.world = world;
        this.port = port;
        this.api = api;
        this.errors = errors;
    }

    void begin() throws Exception {
        for (var user : List.of(VIEWER, LOCKED)) {
            SoakTerminal.require(api.post("/api/users", user(user).put("role", "viewer")), 201);
        }
        SoakTerminal.require(api.post("/api/notifications/channels", deafChannel()), 201);
        again("order", 4, this::order);
        again("verify", 60, () -> end(World.verify(api, "*"), Set.of("success")));
        again("commit", 55, () -> SoakFleet.change(world, commits.incrementAndGet()));
        again("log-in", 8, this::comeAndGo);
        again("wrong password", 25, this::guess);
        again("table", 3, this::query);
        again("look", 4, () -> SoakTerminal.require(api.get(any(PATHS)), 200));
        again("cut", 420, this::cut);
        for (int i = 0; i < READERS; i++) {
            again("stream", 3, this::listen);
        }
        var terminal = new SoakTerminal(api, port);
        for (int i = 0; i < SHELLS; i++) {
            again("terminal", 2, () -> terminal.live(links(1).getFirst()));
        }
    }

    private static JsonObject user(String name) {
        return new JsonObject().put("username", name).put("password", LinkOpsProcess.PASSWORD);
    }

    /** Nobody listens there. */
    private static JsonObject deafChannel() {
        return new JsonObject()
                .put("name", "deaf")
                .put("kind", "webhook")
                .put("url", "http://127.0.0.1:1/hook")
                .put("events", new JsonArray().add("operation.failed").add("operation.stopped"));
    }

    // ---- what is done --------------------------------------------------------------------------------------------

    /** Does not wait for its end, unless there are too many already. */
    private void order() throws InterruptedException {
        atOnce.acquire();
        Thread.ofVirtual().start(() -> {
            attempt("operation", this::operate);
            atOnce.release();
        });
    }

    private void operate() throws Exception {
        var script = any(List.copyOf(ENDS.keySet()));
        var id = World.run(api, TARGETS, List.of(script), links(TARGETS).toArray(String[]::new));
        if (script.equals("endless")) {
            Thread.sleep(3000);
            SoakTerminal.require(api.post("/api/operations/" + id + "/stop"), 202);
        }
        if (ThreadLocalRandom.current().nextBoolean()) {
            try (var reader = CutStream.open(port, api.token(), "/api/operations/" + id + "/events", 0)) {
                reader.read(2000);
            }
        }
        var status = end(id, ENDS.get(script));
        if (script.equals("dice") && !status.equals("success")) {
            var retried = api.post("/api/operations/" + id + "/retry", new JsonObject());
            SoakTerminal.require(retried, 202);
            end(retried.json().getString("operation_id"), ENDS.get(script));
            count("retry");
        }
    }

    private String end(String operation, Set<String> expected) throws Exception {
        var status = World.await(api, operation).getString("status");
        if (!expected.contains(status)) {
            throw new IllegalStateException(operation + " came to " + status + " instead of " + expected);
        }
        return status;
    }

    private void comeAndGo() throws Exception {
        var viewer = ApiClient.login(port, VIEWER, LinkOpsProcess.PASSWORD);
        SoakTerminal.require(viewer.get("/api/auth/me"), 200);
        SoakTerminal.require(viewer.get("/api/users"), 403);
        SoakTerminal.require(viewer.post("/api/auth/logout"), 204);
        SoakTerminal.require(viewer.get("/api/auth/me"), 401);
    }

    private void guess() throws Exception {
        var random = ThreadLocalRandom.current();
        var name = random.nextBoolean() ? LOCKED : "stranger-" + random.nextInt(1_000_000);
        var answer = ApiClient.anonymous(port)
                .post("/api/auth/login", user(name).put("password", "not the password " + random.nextInt()));
        SoakTerminal.require(answer, 401, 403, 429);
    }

    private void query() throws Exception {
        var tables = api.get("/api/tables").json().getJsonArray("tables");
        var table = tables.getJsonObject(ThreadLocalRandom.current().nextInt(tables.size()));
        var body = new JsonObject().put("table", table.getString("name")).put("page", new JsonObject().put("size", 20));
        var first = api.post("/api/tables/query", body);
        SoakTerminal.require(first, 200);
        var cursor = first.json().getJsonObject("page").getString("next_cursor");
        if (cursor != null) {
            body.getJsonObject("page").put("cursor", cursor);
            SoakTerminal.require(api.post("/api/tables/query", body), 200);
        }
    }

    private void listen() throws Exception {
        try (var reader = CutStream.open(port, api.token(), "/api/events", 0)) {
            reader.read(ThreadLocalRandom.current().nextInt(20_000));
        }
    }

    private void cut() throws Exception {
        if (commits.get() > 1) {
            errors.cut();
            world.sshd().cutConnections();
        }
    }

    // ---- how it is done ------------------------------------------------------------------------------------------

    private void again(String what, int pauseSeconds, Act act) {
        people.add(Thread.ofVirtual().start(() -> {
            while (!isOver) {
                attempt(what, act);
                try {
                    // the pace of the load, about as given
                    Thread.sleep(ThreadLocalRandom.current().nextLong(pauseSeconds * 700L, pauseSeconds * 1300L));
                } catch (InterruptedException e) {
                    return;
                }
            }
        }));
    }

    private void attempt(String what, Act act) {
        try {
            act.act();
            count(what);
        } catch (Exception | AssertionError e) {
            if (!isOver) {
                errors.add(what, e);
            }
        }
    }

    private void count(String what) {
        done.computeIfAbsent(what, _ -> new LongAdder()).increment();
    }

    private static <T> T any(List<T> list) {
        return list.get(ThreadLocalRandom.current().nextInt(list.size()));
    }

    private List<String> links(int count) {
        var links = new ArrayList<>(world.ids().subList(0, SoakFleet.STEADY));
        Collections.shuffle(links, ThreadLocalRandom.current());
        return links.subList(0, count);
    }

    long operations() {
        return done.getOrDefault("operation", new LongAdder()).sum();
    }

    /** How often each thing was done. */
    String summary() {
        return done.toString();
    }

    @Override
    public void close() {
        isOver = true;
        people.forEach(Thread::interrupt);
        try {
            for (var person : people) {
                person.join(TimeUnit.SECONDS.toMillis(5));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
