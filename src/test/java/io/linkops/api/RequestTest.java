package io.linkops.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkops.accounts.Accounts;
import io.linkops.accounts.Accounts.Role;
import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import io.linkops.gitsync.GitSync;
import io.linkops.inventory.Inventory;
import io.linkops.orchestrator.Operations;
import io.linkops.tables.Tables;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Paths, sizes and fields of requests, and what becomes of them on the bus. */
class RequestTest {
    private static final String OPERATOR = TestApi.as("operator");
    private static final String RUN = "/api/operations/run";
    private static TestApi api;

    @BeforeAll
    static void start() {
        api = new TestApi();
    }

    @AfterAll
    static void stop() {
        api.close();
    }

    @Test
    void noSpellingOfAPathGetsAroundTheToken() {
        for (var path : List.of(
                "/api/links",
                "/api//links",
                "//api/links",
                "/api/links/",
                "/api/./links",
                "/api/x/../links",
                "/api/%2e/links",
                "/api/x/%2e%2e/links",
                "/%61pi/links",
                "/api/%6cinks",
                "/api/v1/links",
                "/api/v1//links",
                "/x/../api/links",
                "/x/%2e%2e/api/links",
                "/api/links?x=1",
                "/api/links/a%2fb",
                "/api/links/%00")) {
            var answer = api.http.get(path, "Accept: text/html");
            assertThat(answer.status()).as(path).isEqualTo(401);
        }
    }

    @Test
    void otherSpellingsAreNotTheApi() {
        for (var path :
                List.of("/API/links", "/api/LINKS", "/api%2flinks", "/api/links;x=1", "/api;/links", "/api/%2e%2e/x")) {
            var answer = api.http.get(path, TestApi.as("admin"));
            assertThat(answer.status()).as(path).isEqualTo(404);
            assertThat(answer.errorCode()).isEqualTo("NOT_FOUND");
        }
        for (var path : List.of("/api", "/api/", "/api/v1", "/api/v1/", "/api/none", "/api/v2/links")) {
            assertThat(api.http
                            .get(path, TestApi.as("admin"), "Accept: text/html")
                            .status())
                    .as(path)
                    .isEqualTo(404);
        }
    }

    @Test
    void aNameInThePathArrivesAsItIsMeant() {
        api.http.get("/api/links/vm%20%C3%A9%2F1+2", TestApi.as("viewer"));
        assertThat(api.rooms.asked(Inventory.FindLink.class).id()).isEqualTo("vm é/1+2");
        assertThat(api.http.get("/api/links/a%00b", TestApi.as("viewer")).status())
                .isEqualTo(404);
        assertThat(api.http
                        .get("/api/links/" + "x".repeat(201), TestApi.as("viewer"))
                        .status())
                .isEqualTo(404);
    }

    @Test
    void tooLongABodyIsRefusedAndTheNextRequestServed() {
        var huge = "{\"scripts\":[\"" + "x".repeat(100_000) + "\"]}";
        var answer = api.http.post(RUN, huge, OPERATOR);
        assertThat(answer.status()).isEqualTo(413);
        assertThat(answer.errorCode()).isEqualTo("PAYLOAD_TOO_LARGE");
        assertThat(api.http.get("/healthz").status()).isEqualTo(200);
    }

    @Test
    void tooLongAChunkedBodyIsRefusedToo() {
        var chunk = "4000\r\n" + "x".repeat(0x4000) + "\r\n";
        var request = "POST " + RUN + " HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n"
                + "Content-Type: application/json\r\n" + OPERATOR + "\r\nConnection: close\r\n\r\n" + chunk.repeat(5)
                + "0\r\n\r\n";
        assertThat(api.http
                        .exchange(request.getBytes(StandardCharsets.UTF_8), false)
                        .status())
                .isEqualTo(413);
    }

    @Test
    void nothingOfABodyIsReadBeforeItIsKnownWhoSendsIt() {
        var request = "POST " + RUN + " HTTP/1.1\r\nHost: x\r\nContent-Length: 60000\r\n\r\n";
        assertThat(api.http
                        .exchange(request.getBytes(StandardCharsets.UTF_8), false)
                        .status())
                .isEqualTo(401);
    }

    @Test
    void tooLongHeadersAndLinesAreRefused() {
        for (var target : List.of("/api/links?q=" + "x".repeat(9_000), "/" + "y".repeat(20_000))) {
            assertThat(api.http.get(target).errorCode()).isEqualTo("PAYLOAD_TOO_LARGE");
        }
        var answer = api.http.get("/api/links", "X-Long: " + "x".repeat(20_000));
        assertThat(answer.status()).isEqualTo(413);
        assertThat(answer.errorCode()).isEqualTo("PAYLOAD_TOO_LARGE");
    }

    @Test
    void waitsForTheGoAheadOfAClientThatAsks() {
        var body = "{\"username\":\"a\",\"password\":\"b\"}";
        assertThat(api.http
                        .post("/api/auth/login", body, "Expect: 100-continue")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void anotherContentTypeIsRefused() {
        for (var type :
                List.of("text/plain", "application/x-www-form-urlencoded", "application/json; charset=utf-16", "")) {
            var request = "POST /api/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: " + type
                    + "\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}";
            assertThat(api.http
                            .exchange(request.getBytes(StandardCharsets.UTF_8), false)
                            .status())
                    .isEqualTo(415);
        }
    }

    @Test
    void brokenJsonIsMalformed() {
        for (var body : List.of(
                "{",
                "[]",
                "\"x\"",
                "null",
                "",
                "{} {}",
                "{\"username\":\"a\",\"username\":\"b\"}",
                "{'a':1}",
                "{\"a\":NaN}",
                "[".repeat(5_000),
                "{\"a\":".repeat(30) + "1" + "}".repeat(30),
                "{\"a\":" + "9".repeat(2_000) + "}")) {
            var answer = api.http.post("/api/auth/login", body);
            assertThat(answer.status()).as(body).isEqualTo(400);
            assertThat(answer.errorCode()).as(body).isEqualTo("MALFORMED_REQUEST");
        }
    }

    @Test
    void everyWrongFieldIsNamedAtOnce() {
        var answer = api.http.post(
                RUN,
                new JsonObject(Map.of(
                        "scripts",
                        List.of(),
                        "targets",
                        List.of("vm-1", 7, ""),
                        "concurrency",
                        0,
                        "on_failure",
                        "maybe",
                        "require_enrollment",
                        "yes",
                        "flags",
                        Map.of("other", List.of("x")),
                        "color",
                        "red")),
                OPERATOR);
        assertThat(answer.errorCode()).isEqualTo("VALIDATION_FAILED");
        assertThat(answer.fields().fieldNames())
                .containsExactlyInAnyOrder(
                        "scripts",
                        "targets[1]",
                        "targets[2]",
                        "concurrency",
                        "on_failure",
                        "require_enrollment",
                        "flags.other",
                        "color");
    }

    @Test
    void missingFieldsAreNamed() {
        assertThat(api.http.post(RUN, "{}", OPERATOR).fields().fieldNames())
                .containsExactlyInAnyOrder("scripts", "targets");
        assertThat(api.http
                        .post("/api/users", "{\"role\":null}", TestApi.as("admin"))
                        .fields()
                        .fieldNames())
                .containsExactlyInAnyOrder("username", "password", "role");
        assertThat(api.http
                        .send("PUT", "/api/users/bob", "{}", TestApi.as("admin"))
                        .fields()
                        .fieldNames())
                .containsExactly("role");
    }

    @Test
    void whatCanNotBeStoredAsItIsIsRefused() {
        for (var text : List.of("a\\u0000b", "\\ud800", "x".repeat(201), "")) {
            var answer = api.http.post(RUN, "{\"scripts\":[\"s\"],\"targets\":[\"" + text + "\"]}", OPERATOR);
            assertThat(answer.fields().fieldNames()).as(text).containsExactly("targets[0]");
        }
    }

    @Test
    void queriesAreReadStrictlyToo() {
        for (var query : List.of(
                "staus=online",
                "status=up",
                "status=online&status=offline",
                "dir=down",
                "retired=perhaps",
                "sort=secret",
                "q=" + "x".repeat(300))) {
            var answer = api.http.get("/api/links?" + query, TestApi.as("viewer"));
            assertThat(answer.status()).as(query).isEqualTo(400);
            assertThat(answer.fields().size()).isEqualTo(1);
        }
        for (var query : List.of("limit=0", "limit=201", "limit=x", "limit=-1", "limit=99999999999999999999")) {
            assertThat(api.http
                            .get("/api/operations?" + query, TestApi.as("viewer"))
                            .status())
                    .as(query)
                    .isEqualTo(400);
        }
    }

    @Test
    void aSearchArrivesAsItIsMeant() {
        api.http.get(
                "/api/links?type=VM&status=offline&enrollment=refused&tag=a%26b&q=%C3%A9&sort=last_seen&dir=desc&retired=true",
                TestApi.as("viewer"));
        assertThat(api.rooms.asked(Inventory.FindLinks.class))
                .isEqualTo(new Inventory.FindLinks("VM", "offline", "refused", "a&b", "é", "last_seen", true, true));
    }

    @Test
    void anOperationArrivesAsItIsMeant() {
        var answer = api.http.post(
                RUN,
                "{\"scripts\":[\"a\",\"b\"],\"flags\":{\"b\":[\"--x\",\"\",\"$(y)\\n\"]},\"targets\":[\"tag:web\"],"
                        + "\"concurrency\":3,\"require_enrollment\":false,\"on_failure\":\"continue\"}",
                OPERATOR);
        assertThat(answer.status()).isEqualTo(202);
        assertThat(answer.header("Location")).isEqualTo("/api/operations/op-7");
        assertThat(api.rooms.asked(Operations.Run.class))
                .isEqualTo(new Operations.Run(
                        List.of("a", "b"),
                        Map.of("b", List.of("--x", "", "$(y)\n")),
                        List.of("tag:web"),
                        3,
                        false,
                        Operations.OnFailure.CONTINUE,
                        null,
                        Map.of(),
                        Map.of(),
                        "operator-user"));
    }

    @Test
    void batchesParametersAndTimeoutsArriveAsTheyAreMeant() {
        var answer = api.http.post(
                RUN,
                "{\"scripts\":[\"a\"],\"targets\":[\"*\"],\"timeouts\":{\"a\":90},"
                        + "\"parameters\":{\"a\":{\"n\":7,\"on\":true,\"text\":\"$(y)\"}},"
                        + "\"batch\":{\"percent\":10,\"pause_s\":5,\"max_failure_percent\":20,\"canary\":2,"
                        + "\"pause_after_canary\":true}}",
                OPERATOR);
        assertThat(answer.status()).isEqualTo(202);
        assertThat(api.rooms.asked(Operations.Run.class))
                .isEqualTo(new Operations.Run(
                        List.of("a"),
                        Map.of(),
                        List.of("*"),
                        null,
                        true,
                        Operations.OnFailure.STOP,
                        new Operations.Batches(null, 10, java.time.Duration.ofSeconds(5), null, 20, 2, true),
                        Map.of("a", java.time.Duration.ofSeconds(90)),
                        Map.of("a", Map.of("n", "7", "on", "true", "text", "$(y)")),
                        "operator-user"));
    }

    @Test
    void whatIsWrongWithinAnObjectIsNamedWithItsPath() {
        var answer = api.http.post(
                RUN,
                "{\"scripts\":[\"a\"],\"targets\":[\"*\"],\"timeouts\":{\"a\":0,\"b\":1},"
                        + "\"parameters\":{\"a\":{\"n\":1.5,\"m\":[]}},\"batch\":{\"size\":0,\"sise\":1}}",
                OPERATOR);
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body().text())
                .contains("timeouts.a", "timeouts.b", "parameters.a.n", "parameters.a.m", "batch.size", "batch.sise");
    }

    @Test
    void everyTokenIsRefusedThatIsNotOne() {
        for (var header : List.of(
                "Authorization: Bearer x",
                "Authorization: Bearer",
                "Authorization: bearer",
                "Authorization: ",
                "Authorization: Basic YTpi",
                "Authorization: viewer",
                "Authorization: Bearer " + "x".repeat(9_000),
                "Authorization: Bearer viewer\r\nAuthorization: Bearer admin",
                "Cookie: linkops=x",
                "Cookie: linkops=")) {
            var answer = api.http.get("/api/links", header);
            assertThat(answer.status()).as(header).isEqualTo(401);
            assertThat(answer.header("WWW-Authenticate")).isEqualTo("Bearer");
        }
        assertThat(api.http
                        .get("/api/links", "Authorization: Bearer x", "Cookie: linkops=admin")
                        .status())
                .isEqualTo(401);
        assertThat(api.http.get("/api/links", "authorization: bEARER   viewer").status())
                .isEqualTo(200);
    }

    @Test
    void whenNobodyCanSayWhoItIsNobodyIsLetIn() {
        try (var alone = new TestApi()) {
            alone.rooms.fail(
                    Accounts.Authenticate.class, new Failure(ErrorCode.STORAGE_UNAVAILABLE, "The database is away"));
            var answer = alone.http.get("/api/links", TestApi.as("admin"));
            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.header("Retry-After")).isEqualTo("5");
            alone.rooms.fail(Accounts.Authenticate.class, new IllegalStateException("secret inside"));
            var broken = alone.http.get("/api/links", TestApi.as("admin"));
            assertThat(broken.status()).isEqualTo(500);
            assertThat(broken.text()).doesNotContain("secret inside");
        }
    }

    @Test
    void aLockedAccountIsToldWhenToComeAgain() {
        try (var alone = new TestApi()) {
            alone.rooms.fail(
                    Accounts.Login.class,
                    new Failure(
                            ErrorCode.ACCOUNT_LOCKED,
                            "Locked",
                            Map.of("unlock_at", FakeRooms.THEN.plusSeconds(300).toString())));
            var answer = alone.http.post("/api/auth/login", "{\"username\":\"a\",\"password\":\"b\"}");
            assertThat(answer.status()).isEqualTo(403);
            assertThat(answer.header("Retry-After")).isEqualTo("301");
        }
    }

    @Test
    void nobodyMakesATokenThatMayMoreThanTheCaller() {
        var body = "{\"name\":\"ci\",\"role\":\"admin\"}";
        assertThat(api.http.post("/api/tokens", body, OPERATOR).status()).isEqualTo(403);
        assertThat(api.http.get("/api/tokens?all=true", OPERATOR).status()).isEqualTo(403);
        api.http.send("DELETE", "/api/tokens/tok_1", null, OPERATOR);
        assertThat(api.rooms.asked(Accounts.DeleteApiToken.class))
                .isEqualTo(new Accounts.DeleteApiToken("operator-user", "tok_1"));
        api.http.send("DELETE", "/api/tokens/tok_1", null, TestApi.as("admin"));
        assertThat(api.rooms.asked(Accounts.DeleteApiToken.class))
                .isEqualTo(new Accounts.DeleteApiToken(null, "tok_1"));
    }

    @Test
    void anApiTokenMakesNoOther() {
        try (var alone = new TestApi()) {
            alone.rooms.answer(
                    Accounts.Authenticate.class,
                    question -> new Accounts.Principal("bot", Role.ADMIN, "tok_1", true, null));
            assertThat(alone.http
                            .post("/api/tokens", "{\"name\":\"b\",\"role\":\"viewer\"}", OPERATOR)
                            .status())
                    .isEqualTo(403);
            assertThat(alone.http.post("/api/auth/logout", "", OPERATOR).status())
                    .isEqualTo(403);
        }
    }

    @Test
    void aFailedSyncIsAnError() {
        try (var alone = new TestApi()) {
            var failed = new GitSync.SyncResult(
                    4,
                    "alice",
                    FakeRooms.THEN,
                    FakeRooms.THEN,
                    false,
                    false,
                    false,
                    "abc",
                    null,
                    null,
                    null,
                    List.of(),
                    "links.yaml, line 3: port is missing",
                    "INVENTORY_INVALID");
            alone.rooms.answer(GitSync.Sync.class, question -> failed);
            var answer = alone.http.post("/api/git/sync", "", OPERATOR);
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.errorCode()).isEqualTo("INVENTORY_INVALID");
            assertThat(answer.text()).contains("line 3");
        }
    }

    @Test
    void isNotReadyWhileARoomDoesNotAnswer() {
        try (var alone = new TestApi()) {
            alone.rooms.fail(GitSync.FindStatus.class, new Failure(ErrorCode.UNAVAILABLE, "not running"));
            var answer = alone.http.get("/readyz");
            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.text()).contains("\"gitsync\":\"UNAVAILABLE\"");
            assertThat(alone.http.get("/healthz").status()).isEqualTo(200);
        }
    }

    @Test
    void manyInstancesShareOneFreePort() {
        try (var alone = new TestApi()) {
            var ports = new ConcurrentSkipListSet<Integer>();
            var instances = ApiVerticle.instances(
                    TestApi.config(),
                    io.linkops.config.Settings.of(new JsonObject()).terminal(),
                    List.of(),
                    java.time.InstantSource.system(),
                    () -> "id",
                    ports::add);
            TestApi.join(alone.vertx.deployVerticle(instances, new DeploymentOptions().setInstances(3)));
            assertThat(ports).hasSize(1).doesNotContain(0);
            var http = new Http(ports.getFirst());
            for (int i = 0; i < 10; i++) {
                assertThat(http.get("/api/links", TestApi.as("viewer")).status())
                        .isEqualTo(200);
            }
        }
    }

    @Test
    void aQuestionAboutATableGoesOnAsItIs() {
        var answer = api.http.post("/api/tables/query", """
            {"table": "tbl_links", "columns": ["id"], "filters": [
               {"col": "targets", "op": "gte", "val": 5}, {"col": "type", "op": "in", "val": ["VM", "VPS"]},
               {"col": "retired", "op": "eq", "val": false}, {"col": "provider", "op": "ne", "val": null}],
             "sort": [{"col": "id", "dir": "desc"}, {"col": "type"}], "page": {"size": 7, "cursor": "abc"}}\
            """, TestApi.as("viewer"));
        assertThat(answer.status()).isEqualTo(200);
        assertThat(api.rooms.asked(Tables.Query.class))
                .isEqualTo(new Tables.Query(
                        "tbl_links",
                        List.of("id"),
                        List.of(
                                new Tables.Filter("targets", Tables.Operator.GTE, List.of("5")),
                                new Tables.Filter("type", Tables.Operator.IN, List.of("VM", "VPS")),
                                new Tables.Filter("retired", Tables.Operator.EQ, List.of("false")),
                                new Tables.Filter("provider", Tables.Operator.NE, Collections.singletonList(null))),
                        List.of(
                                new Tables.Sort("id", Tables.Direction.DESC),
                                new Tables.Sort("type", Tables.Direction.ASC)),
                        7,
                        "abc",
                        false));
        assertThat(answer.json().getJsonArray("rows").getJsonObject(0).getMap())
                .isEqualTo(Map.of("id", "vm-1", "targets", 7));
        assertThat(answer.json().getJsonObject("page").getString("next_cursor")).isEqualTo("next");
    }

    @Test
    void whatIsWrongWithAQuestionAboutATableIsNamedByItsPlace() {
        for (var wrong : Map.of(
                        "{\"table\": \"t\", \"filters\": [{\"col\": \"a\", \"op\": \"like\", \"val\": 1}]}",
                                "filters[0].op",
                        "{\"table\": \"t\", \"filters\": [{\"col\": \"a\", \"op\": \"eq\"}]}", "filters[0].val",
                        "{\"table\": \"t\", \"filters\": [{\"col\": \"a\", \"op\": \"eq\", \"val\": {}}]}",
                                "filters[0].val",
                        "{\"table\": \"t\", \"sort\": [{\"col\": \"a\", \"dir\": \"up\"}]}", "sort[0].dir",
                        "{\"table\": \"t\", \"sort\": [{\"col\": \"a\", \"x\": 1}]}", "sort[0].x",
                        "{\"table\": \"t\", \"page\": {\"size\": 501}}", "page.size",
                        "{\"table\": \"t\", \"page\": {\"offset\": 5}}", "page.offset",
                        "{\"table\": \"t\", \"filters\": 5}", "filters")
                .entrySet()) {
            var answer = api.http.post("/api/tables/query", wrong.getKey(), TestApi.as("viewer"));
            assertThat(answer.status()).as(wrong.getKey()).isEqualTo(400);
            assertThat(answer.json()
                            .getJsonObject("error")
                            .getJsonObject("details")
                            .getJsonObject("fields")
                            .getMap())
                    .as(wrong.getKey())
                    .containsKey(wrong.getValue());
        }
    }
}
