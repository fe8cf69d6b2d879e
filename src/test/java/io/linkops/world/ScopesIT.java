package io.linkops.world;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.linkops.accounts.Accounts;
import io.linkops.accounts.Accounts.Role;
import io.linkops.accounts.Accounts.Scope;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.WebSocketHandshakeException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Outside of somebody's scope nothing exists (decision 15). Of four links two are in the scope {@code tag:web}:
 * link-001 and link-004.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ScopesIT {
    private static final String WORDS = "a password that is long";
    private static final List<String> INSIDE = List.of("link-001", "link-004");

    @TempDir
    private static Path directory;

    private World world;
    private LinkOpsHere linkops;
    private ApiClient admin;
    /** Operator, within tag:web. */
    private ApiClient wanda;
    /** Operator, within the script hello. */
    private ApiClient sam;

    private String outside;
    private String inside;

    @BeforeAll
    void makeWorld() throws Exception {
        world = World.with(directory, 4);
        world.script("hello", "#!/bin/bash", "echo hello $LINKOPS_LINK")
                .script("goodbye", "#!/bin/bash", "echo goodbye")
                .commit();
        linkops = LinkOpsHere.start(world, Map.of());
        admin = linkops.api();
        World.enroll(admin);
        outside = done("hello", "link-002");
        inside = done("hello", "tag:web");
        wanda = user("wanda", Role.OPERATOR, new Scope(List.of("tag:web"), List.of()));
        sam = user("sam", Role.OPERATOR, new Scope(List.of(), List.of("hello")));
    }

    @AfterAll
    void end() throws Exception {
        linkops.close();
        world.close();
    }

    private ApiClient user(String name, Role role, Scope scope) throws Exception {
        linkops.ask(new Accounts.CreateUser(name, WORDS, role, scope));
        return ApiClient.login(linkops.port(), name, WORDS);
    }

    private String done(String script, String... targets) throws Exception {
        var id = World.run(admin, 4, List.of(script), targets);
        World.await(admin, id);
        return id;
    }

    private static JsonObject body(String script, String... targets) {
        return new JsonObject()
                .put("scripts", new JsonArray().add(script))
                .put("targets", new JsonArray(List.of(targets)));
    }

    private static List<String> ids(JsonArray array, String field) {
        return array.stream()
                .map(JsonObject.class::cast)
                .map(json -> json.getString(field))
                .toList();
    }

    private static void requireMissing(ApiClient.Answer answer, String code) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(404);
        assertThat(answer.errorCode()).isEqualTo(code);
    }

    // ---- acting --------------------------------------------------------------------------------------------------

    @Test
    void everythingMeansEverythingInTheScope() throws Exception {
        var operation = World.await(wanda, World.run(wanda, 4, List.of("hello"), "*"));
        assertThat(operation.getString("status")).isEqualTo("success");
        assertThat(World.executions(operation).map(each -> each.getString("target")))
                .containsExactlyElementsOf(INSIDE);
        var verified = World.await(wanda, World.verify(wanda, "*"));
        assertThat(World.executions(verified).map(each -> each.getString("target")))
                .containsExactlyElementsOf(INSIDE);
    }

    @Test
    void aLinkOutOfTheScopeIsNotThereAndIsNotSuggested() throws Exception {
        for (var path :
                List.of("/api/operations/run", "/api/operations/preflight", "/api/links/verify", "/api/links/check")) {
            var targets = new JsonObject()
                    .put("targets", new JsonArray().add("link-001").add("link-002"));
            var answer =
                    wanda.post(path, path.contains("operations") ? body("hello", "link-001", "link-002") : targets);
            requireMissing(answer, "LINK_NOT_FOUND");
            assertThat(answer.body()).doesNotContain("link-003");
        }
        requireMissing(
                wanda.post("/api/operations/run", body("hello", "link-002").put("dry_run", true)), "LINK_NOT_FOUND");
        requireMissing(wanda.post("/api/operations/run", body("hello", "tag:db")), "LINK_NOT_FOUND");
    }

    @Test
    void everythingAboutOneLinkIsRefusedAsIfItWereNotThere() throws Exception {
        var key = new JsonObject().put("fingerprint", "SHA256:" + "A".repeat(43));
        var boss = user("scoped-admin", Role.ADMIN, new Scope(List.of("tag:web"), List.of()));
        for (var link : List.of("link-002", "no-such-link")) {
            requireMissing(wanda.get("/api/links/" + link), "LINK_NOT_FOUND");
            requireMissing(wanda.get("/api/links/" + link + "/health"), "LINK_NOT_FOUND");
            requireMissing(wanda.post("/api/links/" + link + "/verify"), "LINK_NOT_FOUND");
            requireMissing(wanda.post("/api/links/" + link + "/check"), "LINK_NOT_FOUND");
            requireMissing(boss.post("/api/links/" + link + "/enroll"), "LINK_NOT_FOUND");
            requireMissing(boss.post("/api/links/" + link + "/host-key", key), "LINK_NOT_FOUND");
        }
        assertThat(wanda.post("/api/links/link-001/verify").status()).isEqualTo(200);
        assertThat(wanda.get("/api/links/link-001").status()).isEqualTo(200);
    }

    @Test
    void aScopeOfScriptsHoldsForRunsAndTheCatalog() throws Exception {
        assertThat(ids(sam.get("/api/scripts").json().getJsonArray("scripts"), "id"))
                .containsExactly("hello");
        requireMissing(sam.get("/api/scripts/goodbye"), "SCRIPT_NOT_FOUND");
        requireMissing(sam.post("/api/operations/run", body("goodbye", "*")), "SCRIPT_NOT_FOUND");
        requireMissing(sam.post("/api/operations/preflight", body("goodbye", "*")), "SCRIPT_NOT_FOUND");
        var other = done("goodbye", "link-001");
        requireMissing(sam.get("/api/operations/" + other), "OPERATION_NOT_FOUND");
        assertThat(World.await(sam, World.run(sam, 4, List.of("hello"), "*")).getString("status"))
                .isEqualTo("success");
        // a shell runs anything
        assertThat(sam.post("/api/terminal/workspaces", new JsonObject().put("layout", "single"))
                        .status())
                .isEqualTo(403);
    }

    @Test
    void whatIsAboutTheWholeFleetIsClosedToAScopedAdmin() throws Exception {
        var chief = user("chief", Role.ADMIN, new Scope(List.of("tag:web"), List.of()));
        assertThat(Stream.of("/api/users", "/api/notifications/channels", "/api/git/history", "/api/git/history/1")
                        .map(path -> get(chief, path)))
                .containsOnly(403);
        assertThat(chief.post("/api/git/sync").status()).isEqualTo(403);
        assertThat(chief.delete("/api/links/link-001").status()).isEqualTo(403);
        var wider = new JsonObject().put("unscoped", true);
        assertThat(chief.put("/api/users/chief", wider).status()).isEqualTo(403);
        assertThat(chief.get("/api/tokens?all=true").status()).isEqualTo(403);
    }

    private static int get(ApiClient api, String path) {
        try {
            return api.get(path).status();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    // ---- reading -------------------------------------------------------------------------------------------------

    @Test
    void listsAndTablesShowOnlyWhatIsInTheScope() throws Exception {
        assertThat(ids(wanda.get("/api/links").json().getJsonArray("links"), "id"))
                .containsExactlyElementsOf(INSIDE);
        var operations = ids(wanda.get("/api/operations").json().getJsonArray("operations"), "id");
        assertThat(operations).contains(inside).doesNotContain(outside);
        assertThat(rows("tbl_links")).containsExactlyElementsOf(INSIDE);
        assertThat(rows("tbl_operations_history")).contains(inside).doesNotContain(outside);
        assertThat(rows("tbl_recent_activity")).contains(inside).doesNotContain(outside);
        assertThat(rows("tbl_link_health", "link")).containsExactlyElementsOf(INSIDE);
        for (var table : List.of("tbl_infrastructure", "tbl_terminal_sessions", "tbl_terminal_panes")) {
            var answer = wanda.post("/api/tables/query", new JsonObject().put("table", table));
            assertThat(answer.status()).as(answer.body()).isEqualTo(403);
        }
        assertThat(wanda.get("/api/git/status").body()).doesNotContain("link-002");
    }

    private List<String> rows(String table) throws Exception {
        return rows(table, "id");
    }

    /** All of them, page by page: neither rows nor cursors may show what is out of the scope. */
    private List<String> rows(String table, String key) throws Exception {
        var rows = new java.util.ArrayList<String>();
        var place = new JsonObject().put("size", 1);
        do {
            var page = wanda.post(
                            "/api/tables/query",
                            new JsonObject().put("table", table).put("page", place))
                    .json();
            rows.addAll(ids(page.getJsonArray("rows"), key));
            place.put("cursor", page.getJsonObject("page").getString("next_cursor"));
        } while (place.getString("cursor") != null);
        return rows;
    }

    @Test
    void theStreamOfTheFleetTellsOnlyOfWhatIsInTheScope() throws Exception {
        var heard = new Thread[1];
        var events = new java.util.concurrent.LinkedBlockingQueue<ApiClient.Event>();
        heard[0] = Thread.ofVirtual().start(() -> {
            try {
                wanda.events("/api/events", 0, event -> {
                    events.add(event);
                    return event.type().equals("operation")
                            && event.data().getString("status").equals("success");
                });
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        Patience.until("the stream is open", () -> !events.isEmpty());
        var hidden = done("hello", "link-002", "link-001");
        World.await(admin, World.verify(admin, "link-003"));
        var shown = done("hello", "link-004");
        heard[0].join(Duration.ofSeconds(30));
        assertThat(events.stream().map(event -> event.data().encode()))
                .noneMatch(text -> text.contains(hidden) || text.contains("link-003") || text.contains("link-002"))
                .anyMatch(text -> text.contains(shown));
    }

    // ---- ids of others -------------------------------------------------------------------------------------------

    @Test
    void theIdOfAnOperationOutOfTheScopeOpensNothing() throws Exception {
        var mixed = done("hello", "link-001", "link-002");
        for (var id : List.of(outside, mixed, "no-such-operation")) {
            var path = "/api/operations/" + id;
            var execution = id.startsWith("no") ? "x" : execution(id);
            requireMissing(wanda.get(path), "OPERATION_NOT_FOUND");
            requireMissing(wanda.get(path + "/groups"), "OPERATION_NOT_FOUND");
            requireMissing(wanda.get(path + "/events"), "OPERATION_NOT_FOUND");
            requireMissing(wanda.get(path + "/executions/" + execution + "/output"), "OPERATION_NOT_FOUND");
            for (var act : List.of("stop", "pause", "resume")) {
                requireMissing(wanda.post(path + "/" + act), "OPERATION_NOT_FOUND");
            }
            requireMissing(
                    wanda.post(path + "/retry", new JsonObject().put("targets", new JsonArray().add("link-001"))),
                    "OPERATION_NOT_FOUND");
        }
        // an execution of another operation, behind an id that is visible
        assertThat(wanda.get("/api/operations/" + inside + "/executions/" + execution(outside) + "/output")
                        .body())
                .doesNotContain("hello");
        assertThat(wanda.get("/api/operations/" + inside + "/executions/" + execution(inside) + "/output")
                        .body())
                .contains("hello");
    }

    private String execution(String operation) throws Exception {
        var shown = admin.get("/api/operations/" + operation).json();
        return World.executions(shown).findFirst().orElseThrow().getString("id");
    }

    @Test
    void theTicketOfAnOperationOutOfTheScopeOpensNothing() throws Exception {
        var resource = "/api/operations/" + outside + "/events";
        var ticket = wanda.post("/api/auth/ticket", new JsonObject().put("resource", resource))
                .json()
                .getString("ticket");
        requireMissing(ApiClient.anonymous(linkops.port()).get(resource + "?ticket=" + ticket), "OPERATION_NOT_FOUND");
    }

    @Test
    void aWorkspaceWithALinkOutOfTheScopeIsNotThere() throws Exception {
        var own = Terminals.workspace(wanda, "link-001");
        requireMissing(Terminals.assign(wanda, own, "link-002"), "LINK_NOT_FOUND");
        var shared = Terminals.workspace(admin, "link-001", "link-002");
        var share = new JsonObject().put("user", "wanda").put("mode", "control");
        assertThat(admin.post(Terminals.path(shared) + "/shares", share).status())
                .isEqualTo(200);
        for (var path : List.of("", "/ws")) {
            requireMissing(wanda.get(Terminals.path(shared) + path), "WORKSPACE_NOT_FOUND", path);
        }
        requireMissing(wanda.post(Terminals.path(shared) + "/take-over"), "WORKSPACE_NOT_FOUND");
        requireMissing(wanda.post(Terminals.path(shared) + "/connect-all"), "WORKSPACE_NOT_FOUND");
        requireMissing(wanda.delete(Terminals.path(shared)), "WORKSPACE_NOT_FOUND");
        assertThat(wanda.get("/api/terminal/workspaces").body()).doesNotContain(shared);
        assertThatThrownBy(() -> TerminalClient.open(linkops.port(), wanda.token(), shared, ""))
                .hasCauseInstanceOf(WebSocketHandshakeException.class);
    }

    private static void requireMissing(ApiClient.Answer answer, String code, String path) {
        // without an upgrade the socket is refused before it is looked for
        assertThat(answer.status()).as(answer.body()).isIn(path.equals("/ws") ? List.of(404, 426) : List.of(404));
        assertThat(answer.body()).containsAnyOf(code, "UPGRADE_REQUIRED");
    }

    @Test
    void aSocketEndsWhenAPaneGetsALinkOutOfTheScope() throws Exception {
        var shared = Terminals.workspace(admin, "link-001", "link-004");
        admin.post(
                Terminals.path(shared) + "/shares",
                new JsonObject().put("user", "wanda").put("mode", "watch"));
        try (var socket = TerminalClient.open(linkops.port(), wanda.token(), shared, "")) {
            assertThat(admin.put(
                                    Terminals.path(shared) + "/panes",
                                    new JsonObject()
                                            .put(
                                                    "panes",
                                                    new JsonArray()
                                                            .add(new JsonObject()
                                                                    .put("pane", 1)
                                                                    .put("link", "link-002"))))
                            .status())
                    .isEqualTo(200);
            assertThat(socket.awaitClose()).isEqualTo(4003);
        }
    }

    @Test
    void aSocketEndsWhenItsUserIsDisabled() throws Exception {
        var greta = user("greta", Role.OPERATOR, Scope.ALL);
        var workspace = Terminals.workspace(greta, "link-001");
        try (var socket = TerminalClient.open(linkops.port(), greta.token(), workspace, "")) {
            var began = System.nanoTime();
            assertThat(admin.put("/api/users/greta", new JsonObject().put("is_disabled", true))
                            .status())
                    .isEqualTo(200);
            assertThat(socket.awaitClose()).isEqualTo(4002);
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(25));
        }
    }

    @Test
    void aRecordingOfALinkOutOfTheScopeIsNotThere() throws Exception {
        var otto = user("otto", Role.OPERATOR, Scope.ALL);
        var workspace = Terminals.connected(otto, "link-002");
        var session = Terminals.pane(otto, workspace, 0).getString("session");
        otto.delete(Terminals.path(workspace));
        var path = "/api/terminal/recordings/" + session;
        Patience.until("it is recorded", () -> otto.get(path).status() == 200);
        assertThat(admin.put(
                                "/api/users/otto",
                                new JsonObject()
                                        .put("scope", new JsonObject().put("targets", new JsonArray().add("tag:web"))))
                        .status())
                .isEqualTo(200);
        assertThat(otto.get(path).status()).isEqualTo(401);
        var again = ApiClient.login(linkops.port(), "otto", WORDS);
        requireMissing(again.get(path), "RECORDING_NOT_FOUND");
        requireMissing(again.get(path + "/cast"), "RECORDING_NOT_FOUND");
        assertThat(again.get("/api/terminal/recordings").body()).doesNotContain(session);
        requireMissing(wanda.get(path), "RECORDING_NOT_FOUND");
    }

    @Test
    void aScheduleOutOfTheScopeIsNotThereAndOneMadeInItStaysInIt() throws Exception {
        var work = body("hello", "link-002").put("cron", "0 0 1 1 *");
        assertThat(admin.put("/api/schedules/theirs", work).status()).isEqualTo(200);
        requireMissing(wanda.get("/api/schedules/theirs"), "NOT_FOUND");
        requireMissing(wanda.get("/api/schedules/theirs/firings"), "NOT_FOUND");
        requireMissing(wanda.put("/api/schedules/theirs", work), "NOT_FOUND");
        requireMissing(wanda.delete("/api/schedules/theirs"), "NOT_FOUND");
        requireMissing(
                wanda.post("/api/schedules/theirs/enabled", new JsonObject().put("enabled", false)), "NOT_FOUND");
        requireMissing(wanda.post("/api/schedules/theirs/run"), "NOT_FOUND");
        requireMissing(wanda.put("/api/schedules/mine", work), "LINK_NOT_FOUND");
        var mine = wanda.put("/api/schedules/mine", body("hello", "*").put("cron", "0 0 1 1 *"));
        assertThat(mine.status()).as(mine.body()).isEqualTo(200);
        assertThat(mine.json().getJsonArray("targets")).isEqualTo(new JsonArray(INSIDE));
        assertThat(wanda.get("/api/schedules").body()).contains("mine").doesNotContain("theirs");
    }

    @Test
    void aMaintenanceWindowOutOfTheScopeIsNotThere() throws Exception {
        var until = Instant.now().plusSeconds(3600).toString();
        var theirs =
                admin.post("/api/maintenance", window(until, "link-002")).json().getString("id");
        requireMissing(wanda.post("/api/maintenance/" + theirs + "/end"), "NOT_FOUND");
        assertThat(wanda.get("/api/maintenance").body()).doesNotContain(theirs);
        requireMissing(wanda.post("/api/maintenance", window(until, "link-002")), "LINK_NOT_FOUND");
        var mine = wanda.post("/api/maintenance", window(until, "*"));
        assertThat(mine.status()).as(mine.body()).isEqualTo(201);
        assertThat(mine.body()).doesNotContain("link-002");
        assertThat(wanda.post("/api/maintenance/" + mine.json().getString("id") + "/end")
                        .status())
                .isEqualTo(200);
    }

    private static JsonObject window(String until, String target) {
        return new JsonObject()
                .put("targets", new JsonArray().add(target))
                .put("until", until)
                .put("reason", "work");
    }

    @Test
    void theIdsOfTokensSyncsAndChannelsOpenNothing() throws Exception {
        var token = admin.post(
                        "/api/tokens", new JsonObject().put("name", "theirs").put("role", "viewer"))
                .json();
        requireMissing(wanda.delete("/api/tokens/" + token.getString("id")), "NOT_FOUND");
        var chief = user("chief2", Role.ADMIN, new Scope(List.of("tag:web"), List.of()));
        requireMissing(chief.delete("/api/tokens/" + token.getString("id")), "NOT_FOUND");
        for (var id : List.of("1", "999")) {
            assertThat(wanda.get("/api/git/history/" + id).status()).isEqualTo(403);
            assertThat(chief.post("/api/notifications/channels/" + id + "/test").status())
                    .isEqualTo(403);
            assertThat(wanda.delete("/api/notifications/channels/" + id).status())
                    .isEqualTo(403);
        }
    }

    // ---- tokens --------------------------------------------------------------------------------------------------

    @Test
    void aTokenNarrowsItsOwnerAndNeverExceedsThem() throws Exception {
        var tina = user("tina", Role.OPERATOR, Scope.ALL);
        var scope = new JsonObject().put("targets", new JsonArray().add("type:VM"));
        var made = tina.post(
                "/api/tokens",
                new JsonObject().put("name", "ci").put("role", "operator").put("scope", scope));
        assertThat(made.status()).as(made.body()).isEqualTo(201);
        var token = ApiClient.of(linkops.port(), made.json().getString("secret"));
        assertThat(ids(token.get("/api/links").json().getJsonArray("links"), "id"))
                .containsExactly("link-001", "link-003");
        var narrower = new JsonObject().put("scope", new JsonObject().put("targets", new JsonArray().add("tag:web")));
        assertThat(admin.put("/api/users/tina", narrower).status()).isEqualTo(200);
        assertThat(ids(token.get("/api/links").json().getJsonArray("links"), "id"))
                .containsExactly("link-001");
        assertThat(token.get("/api/auth/me").json().getJsonArray("scopes")).hasSize(2);
        admin.put("/api/users/tina", new JsonObject().put("is_disabled", true));
        assertThat(token.get("/api/links").status()).isEqualTo(401);
    }

    @Test
    void anEmptyScopeIsRefusedAndNothingWidensByMistake() throws Exception {
        var empty = new JsonObject().put("targets", new JsonArray()).put("scripts", new JsonArray());
        assertThat(admin.put("/api/users/wanda", new JsonObject().put("scope", empty))
                        .status())
                .isEqualTo(400);
        var exclusions = new JsonObject().put("targets", new JsonArray().add("!link-001"));
        assertThat(admin.put("/api/users/wanda", new JsonObject().put("scope", exclusions))
                        .status())
                .isEqualTo(400);
        var nothing = user("nora", Role.OPERATOR, new Scope(List.of("tag:no-such-tag"), List.of()));
        assertThat(nothing.get("/api/links").json().getJsonArray("links")).isEmpty();
        requireMissing(nothing.post("/api/operations/run", body("hello", "*")), "LINK_NOT_FOUND");
        // a scoped admin could put nobody's scope right
        assertThat(admin.put(
                                "/api/users/admin",
                                new JsonObject()
                                        .put("scope", new JsonObject().put("targets", new JsonArray().add("*"))))
                        .status())
                .isEqualTo(409);
    }
}
