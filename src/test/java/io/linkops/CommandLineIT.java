package io.linkops;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkops.client.Seat;
import io.linkops.config.LoadOptions;
import io.linkops.fleet.FaultyProxy;
import io.linkops.vault.Masking;
import io.linkops.world.ApiClient;
import io.linkops.world.LinkOpsHere;
import io.linkops.world.Patience;
import io.linkops.world.World;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands that speak to a server, against a real one with links behind a real sshd. */
class CommandLineIT {
    private static final String HOSTILE =
            "\\033]0;owned\\007\\033[2J\\033[31mred\\033[0m\\302\\233A \\342\\200\\256txt\\n";

    private static World world;
    private static LinkOpsHere server;

    @TempDir
    Path directory;

    private final Map<String, String> environment = new HashMap<>();
    private final List<String> typed = new ArrayList<>();
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private boolean isTerminal;

    CommandLineIT() {
        environment.put("LINKOPS_URL", "http://127.0.0.1:" + server.port());
        environment.put("LINKOPS_TOKEN", server.api().token());
    }

    @BeforeAll
    static void start() throws Exception {
        world = World.with(World.newDirectory(), 12)
                .script("hello", "#!/bin/bash", "echo \"hello $*\"; echo careful >&2")
                .script("odd", "#!/bin/bash", "[ \"$1\" = --level=3 ] || exit 7")
                .fields("odd", "parameters:", "  level: {type: int, default: 1}")
                .script("hostile", "#!/bin/bash", "printf '" + HOSTILE + "'")
                .script("slow", "#!/bin/bash", "for i in {1..200}; do echo \"line $i\"; sleep 0.02; done")
                .script("endless", "#!/bin/bash", "echo begun; sleep 600")
                .commit();
        server = LinkOpsHere.start(world, Map.of());
        World.enroll(server.api());
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
        world.close();
    }

    @Test
    void aRunShowsEachLineWithItsLinkAndEndsWithZero() {
        assertThat(run("run", "hello", "-t", "link-001,link-002", "--arg", "a b"))
                .isZero();
        assertThat(out.toString().lines())
                .containsExactlyInAnyOrder(
                        "link-001 | hello a b", "link-001 ! careful", "link-002 | hello a b", "link-002 ! careful");
        assertThat(err.toString())
                .contains("link-001: success in ", " success: 2 success in ")
                .doesNotContain("\u001b");
    }

    @Test
    void whatDoesNotSucceedEndsWithOneAndIsRunAgain() throws Exception {
        assertThat(run("run", "odd", "-t", "link-001")).isEqualTo(1);
        assertThat(err.toString()).contains("link-001: failed, exit code 7");
        assertThat(run("run", "odd", "hello", "-t", "link-001", "--on-failure=continue", "--set", "odd:level=2"))
                .isEqualTo(1);
        assertThat(err.toString()).contains("link-001 odd: failed, exit code 7", "link-001 hello: success");
        assertThat(run("run", "odd", "-t", "link-001", "--set", "level=3", "--wait"))
                .isZero();
        var failed = server.api().get("/api/operations?status=failed&limit=1").json();
        var id = failed.getJsonArray("operations").getJsonObject(0).getString("id");
        assertThat(run("retry", id, "--status", "failed")).isEqualTo(1);
        assertThat(run("retry", id, "--status", "success")).isEqualTo(1);
        assertThat(err.toString()).contains("linkops: VALIDATION_FAILED: ");
    }

    @Test
    void listsAndShowsWhatThereIs() {
        assertThat(run("links", "--tag", "web", "--sort", "id")).isZero();
        assertThat(out.toString())
                .startsWith("ID ")
                .contains("link-001", "enrolled")
                .doesNotContain("link-002");
        assertThat(run("links", "link-002")).isZero();
        assertThat(out.toString()).contains("id: link-002", "enrollment:", "  status: enrolled");
        assertThat(run("scripts")).isZero();
        assertThat(run("scripts", "hello")).isZero();
        assertThat(out.toString()).contains("source:", "  #!/bin/bash");
        assertThat(run("ops", "--kind", "verify", "-n", "1")).isZero();
        assertThat(out.toString()).contains("12 success");
        assertThat(run("sync")).isZero();
        assertThat(out.toString()).containsPattern("commit [0-9a-f]{40}, unchanged");
        assertThat(run("verify", "link-003", "--wait")).isZero();
        assertThat(run("links", "nobody")).isEqualTo(1);
        assertThat(err.toString()).containsPattern("linkops: LINK_NOT_FOUND: .* \\(request [0-9a-f-]+\\)");
    }

    @Test
    void machinesGetOneJsonObjectInALine() {
        assertThat(run("run", "hello", "-t", "link-001", "--json")).isZero();
        var events = out.toString().lines().map(JsonObject::new).toList();
        assertThat(events)
                .extracting(event -> event.getString("event"))
                .startsWith("operation.started", "execution.started")
                .endsWith("operation.finished", "result");
        assertThat(events.getLast().getJsonObject("data").getString("status")).isEqualTo("success");
        for (var listing : List.of("links", "scripts", "ops", "sync")) {
            out.getBuffer().setLength(0);
            assertThat(run(listing, "--json")).isZero();
            assertThat(new JsonObject(out.toString())).isNotEmpty();
        }
    }

    @Test
    void whatAHostPrintsIsShownAndNotObeyed() {
        assertThat(run("run", "hostile", "-t", "link-001")).isZero();
        var id = lastOperation();
        assertThat(run("logs", id)).isZero();
        assertThat(run("logs", id, "--group")).isZero();
        assertThat(run("logs", id, "-f", "--json")).isZero();
        assertThat(out.toString())
                .contains("link-001 | \\x1b]0;owned\\x07\\x1b[2Jred\\x9bA \\u202etxt\n")
                .matches("(?s)[^\\x00-\\x09\\x0b-\\x1f\\x7f-\\x9f\\u202e]*");
        out.getBuffer().setLength(0);
        assertThat(run("logs", id, "--raw")).isZero();
        assertThat(out.toString()).contains("\u001b]0;owned\u0007\u001b[2J");
    }

    @Test
    void outputThatIsTheSameIsShownOnce() {
        assertThat(run("run", "hello", "-t", "link-00*", "--group")).isZero();
        assertThat(out.toString())
                .contains("== 9 links: success, exit code 0 ==", "link-001 link-002")
                .containsOnlyOnce("hello");
    }

    @Test
    void manyLinksAreConfirmed() {
        assertThat(run("run", "hello", "-t", "*")).isEqualTo(2);
        assertThat(err.toString()).contains("This would run on 12 links: say --yes");
        isTerminal = true;
        typed.addAll(List.of("no", "yes"));
        assertThat(run("run", "hello", "-t", "*", "--wait")).isEqualTo(2);
        assertThat(err.toString()).contains("Run hello on 12 links? Type yes:", "nothing was run");
        assertThat(run("run", "hello", "-t", "*", "--wait")).isZero();
        assertThat(run("run", "hello", "-t", "*", "--wait", "--yes")).isZero();
    }

    @Test
    void aTerminalGetsABottomLineAndColoursUnlessItSaysNo() {
        isTerminal = true;
        assertThat(run("run", "hello", "-t", "link-001")).isZero();
        assertThat(err.toString()).contains("\r\u001b[K[").contains("/1] ");
        assertThat(out.toString()).contains("\u001b[0m | hello");
        out.getBuffer().setLength(0);
        environment.put("NO_COLOR", "1");
        assertThat(run("run", "hello", "-t", "link-001")).isZero();
        assertThat(out.toString()).contains("link-001 | hello").doesNotContain("\u001b");
        err.getBuffer().setLength(0);
        environment.put("TERM", "dumb");
        assertThat(run("run", "hello", "-t", "link-001")).isZero();
        assertThat(err.toString()).doesNotContain("\u001b");
    }

    @Test
    void aDryRunSaysWhatItWouldDoAndDoesNothing() {
        var before = lastOperation();
        assertThat(run(
                        "run",
                        "hello",
                        "-t",
                        "*",
                        "--canary",
                        "1",
                        "--batch",
                        "50%",
                        "--batch-pause",
                        "1m",
                        "--dry-run"))
                .isZero();
        assertThat(out.toString().lines().filter(line -> line.startsWith("link-0")))
                .hasSize(12);
        assertThat(err.toString()).contains("It would run.");
        assertThat(lastOperation()).isEqualTo(before);
    }

    @Test
    void oneLeavesPausesResumesAndStops() throws Exception {
        assertThat(run("run", "endless", "-t", "link-001", "--detach")).isZero();
        var id = out.toString().strip();
        assertThat(run("pause", id)).isZero();
        assertThat(run("resume", id)).isZero();
        assertThat(run("stop", id, "--wait")).isZero();
        assertThat(out.toString()).contains(id + " stopped: 1 stopped");
        assertThat(run("logs", "-f", id)).isEqualTo(1);
        assertThat(out.toString()).contains("link-001 | begun");
    }

    @Test
    void aCutConnectionLosesNothingAndShowsNothingTwice() throws Exception {
        try (var proxy = FaultyProxy.start(server.port())) {
            environment.put("LINKOPS_URL", "http://127.0.0.1:" + proxy.port());
            var ended = CompletableFuture.supplyAsync(() -> run("run", "slow", "-t", "link-001"));
            for (int line : List.of(30, 80)) {
                Patience.until("line " + line, () -> output().contains("line " + line + "\n"));
                proxy.cut();
            }
            assertThat(ended.get(60, TimeUnit.SECONDS)).isZero();
        }
        assertThat(output().lines().map(line -> line.replace("link-001 | line ", "")))
                .containsExactlyElementsOf(java.util.stream.IntStream.rangeClosed(1, 200)
                        .mapToObj(Integer::toString)
                        .toList());
        assertThat(err.toString()).contains("trying again", "connected again");
    }

    @Test
    void aServerThatStaysAwayIsGivenUpWithTheWayBack() throws Exception {
        try (var proxy = FaultyProxy.start(server.port())) {
            environment.put("LINKOPS_URL", "http://127.0.0.1:" + proxy.port());
            var ended =
                    CompletableFuture.supplyAsync(() -> run("run", "endless", "-t", "link-001", "--reconnect", "1"));
            Patience.until("the first line", () -> output().contains("begun"));
            proxy.mode(FaultyProxy.Mode.REFUSE);
            assertThat(ended.get(60, TimeUnit.SECONDS)).isEqualTo(3);
        }
        var id = lastOperation();
        assertThat(err.toString())
                .contains("The operation goes on without us; see it again with: linkops logs -f " + id);
        assertThat(server.api().post("/api/operations/" + id + "/stop").status())
                .isEqualTo(202);
        World.await(server.api(), id);
    }

    @Test
    void ctrlCLeavesAndTheOperationGoesOn() throws Exception {
        var errors = directory.resolve("errors");
        // a build in the background ignores INT, and what it starts would too
        var process = new ProcessBuilder(
                        "env",
                        "--default-signal=INT",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        "io.linkops.Main",
                        "run",
                        "endless",
                        "-t",
                        "link-002")
                .redirectError(errors.toFile());
        process.environment().putAll(environment);
        var running = process.start();
        try (var lines = running.inputReader()) {
            assertThat(lines.readLine()).isEqualTo("link-002 | begun");
            new ProcessBuilder("kill", "-INT", Long.toString(running.pid()))
                    .start()
                    .waitFor();
            assertThat(running.waitFor(30, TimeUnit.SECONDS)).isTrue();
        } finally {
            running.destroyForcibly();
        }
        assertThat(running.exitValue()).isEqualTo(130);
        var id = lastOperation();
        assertThat(Files.readString(errors))
                .contains("The operation goes on at the server. Watch it again: linkops logs -f " + id)
                .contains("linkops stop " + id);
        var operation = server.api().get("/api/operations/" + id).json();
        assertThat(operation.getString("status")).isEqualTo("running");
        assertThat(run("stop", id, "--wait")).isZero();
    }

    @Test
    void aWrongTokenAndTooLittleOfARoleEndWithFour() throws Exception {
        environment.put("LINKOPS_TOKEN", "nonsense");
        assertThat(run("links")).isEqualTo(4);
        assertThat(err.toString()).contains("linkops: TOKEN_INVALID").doesNotContain("nonsense");
        var made = server.api()
                .post("/api/tokens", new JsonObject().put("name", "reader").put("role", "viewer"))
                .json();
        var file = Files.writeString(directory.resolve("token"), made.getString("secret") + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        assertThat(run("links", "--token-file", file.toString())).isEqualTo(2);
        assertThat(err.toString()).contains("can be read by others. Mend it: chmod 600");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        assertThat(run("links", "--token-file", file.toString())).isZero();
        assertThat(run("run", "hello", "-t", "link-001", "--token-file", file.toString()))
                .isEqualTo(4);
        assertThat(err.toString()).contains("linkops: FORBIDDEN");
    }

    @Test
    void whatIsWrongBeforeAnythingIsSentEndsWithTwo() {
        environment.put("LINKOPS_URL", "http://192.0.2.1:8080");
        assertThat(run("links")).isEqualTo(2);
        assertThat(err.toString()).contains("would travel in clear text to 192.0.2.1");
        environment.put("LINKOPS_URL", "https://me:secret@linkops.example");
        assertThat(run("links")).isEqualTo(2);
        environment.put("LINKOPS_URL", "gopher://x");
        assertThat(run("links")).isEqualTo(2);
        environment.remove("LINKOPS_TOKEN");
        assertThat(run("links")).isEqualTo(2);
        assertThat(err.toString()).contains("There is no token: put one into LINKOPS_TOKEN");
        assertThat(run("run", "hello")).isEqualTo(2);
        assertThat(run("run", "hello", "-t", "*", "--detach", "--wait")).isEqualTo(2);
        environment.put("LINKOPS_TOKEN", "x");
        environment.put("LINKOPS_URL", "http://127.0.0.1:1");
        assertThat(run("run", "hello", "odd", "-t", "*", "--arg", "x")).isEqualTo(2);
        assertThat(run("run", "hello", "-t", "*", "--batch", "many")).isEqualTo(2);
        assertThat(err.toString()).doesNotContain("\tat ");
    }

    @Test
    void aServerThatIsDownOrNoLinkOpsEndsWithOneSentence() throws Exception {
        environment.put("LINKOPS_URL", "http://127.0.0.1:1");
        assertThat(run("links")).isEqualTo(3);
        assertThat(err.toString())
                .contains("linkops: Nothing listens at http://127.0.0.1:1; is LinkOps running there?");
        environment.put("LINKOPS_URL", "https://no-such-host.invalid");
        assertThat(run("links")).isEqualTo(3);
        assertThat(err.toString()).contains("There is no host no-such-host.invalid");
        environment.put("LINKOPS_URL", "https://127.0.0.1:" + server.port());
        assertThat(run("links")).isEqualTo(3);
        assertThat(err.toString()).contains("is it http?");
    }

    @Test
    void aCertificateOfOnesOwnIsRefusedUnlessItsAuthorityIsNamed() throws Exception {
        var answered = new ArrayList<String>();
        var https = selfSigned(answered);
        try {
            environment.put(
                    "LINKOPS_URL", "https://localhost:" + https.getAddress().getPort());
            assertThat(run("links")).isEqualTo(3);
            assertThat(err.toString()).contains("not signed by an authority that is trusted here", "--ca-file");
            assertThat(answered).isEmpty();
            assertThat(run("links", "--ca-file", directory.resolve("cert.pem").toString()))
                    .isEqualTo(1);
            assertThat(answered).containsExactly("Bearer " + server.api().token());
            assertThat(err.toString()).contains("answered 404 and not as LinkOps does");
            assertThat(run("links", "--ca-file", directory.resolve("none.pem").toString()))
                    .isEqualTo(2);
        } finally {
            https.stop(0);
        }
    }

    private com.sun.net.httpserver.HttpsServer selfSigned(List<String> answered) throws Exception {
        var keys = directory.resolve("keys.p12");
        keytool("-genkeypair -keyalg EC -alias x -dname CN=localhost -ext san=dns:localhost -validity 2", keys);
        keytool("-exportcert -rfc -alias x -file " + directory.resolve("cert.pem"), keys);
        var store = KeyStore.getInstance(keys.toFile(), "changeit".toCharArray());
        var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(store, "changeit".toCharArray());
        var context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        var https = com.sun.net.httpserver.HttpsServer.create(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        https.setHttpsConfigurator(new com.sun.net.httpserver.HttpsConfigurator(context));
        https.createContext("/", exchange -> {
            answered.add(exchange.getRequestHeaders().getFirst("Authorization"));
            exchange.sendResponseHeaders(404, -1);
            exchange.close();
        });
        https.start();
        return https;
    }

    private static void keytool(String arguments, Path keys) throws Exception {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of(arguments.split(" ", -1)));
        command.addAll(List.of("-keystore", keys.toString(), "-storepass", "changeit"));
        var tool = new ProcessBuilder(command).redirectErrorStream(true).start();
        var told = new String(tool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(tool.waitFor()).as(told).isZero();
    }

    private String output() {
        synchronized (out.getBuffer()) {
            return out.toString();
        }
    }

    private static String lastOperation() {
        try {
            return new ApiClientOperations(server.api()).newest();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private record ApiClientOperations(ApiClient api) {
        String newest() throws Exception {
            return api.get("/api/operations?limit=1")
                    .json()
                    .getJsonArray("operations")
                    .getJsonObject(0)
                    .getString("id");
        }
    }

    private int run(String... arguments) {
        var defaults = new LoadOptions(null, directory, Map.of(), Map.of());
        var seat = new Seat(environment, isTerminal, () -> typed.isEmpty() ? null : typed.removeFirst());
        return Main.commandLine(
                        new Surroundings(defaults, new Masking()),
                        (settings, masking, role) -> 0,
                        (port, links, data, masking) -> 0,
                        seat)
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }
}
