package io.linkops.api;

import static java.nio.file.StandardCopyOption.COPY_ATTRIBUTES;
import static org.assertj.core.api.Assertions.assertThat;

import io.linkops.api.DocBlocks.Block;
import io.linkops.config.LoadOptions;
import io.linkops.config.Settings;
import io.linkops.demo.DemoWorld;
import io.linkops.vault.Secret;
import io.linkops.world.LinkOpsProcess;
import io.linkops.world.Program;
import io.linkops.world.World;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * Every marked block of README.md and docs/*.md is run or read (see {@link DocBlocks}), against a server on the demo's
 * fleet. A shell block finds {@code linkops} on its path, {@code LINKOPS_URL}, {@code LINKOPS_TOKEN} (an admin's),
 * {@code LINKOPS_PASSWORD} (of the user admin), {@code CONFIG} (the server's configuration file) and {@code DATA} (the
 * directory of its database); the directories {@code conf}, {@code deployment}, {@code git-repo-example} and
 * {@code target} are where it starts. The blocks of one document share one shell.
 */
class DocsCommandsIT {
    private static final Set<PosixFilePermission> OWNERS = PosixFilePermissions.fromString("rwx------");
    private static final Set<PosixFilePermission> OWNERS_FILE = PosixFilePermissions.fromString("rw-------");
    private static final String DONE = "\u0001done ";

    private static Path directory;
    private static DemoWorld world;
    private static LinkOpsProcess server;
    private static Map<String, String> environment;

    @BeforeAll
    static void start() throws Exception {
        directory = World.newDirectory();
        world = DemoWorld.create(directory.resolve("world"), 12);
        var config = Files.writeString(directory.resolve("linkops.yaml"), new Yaml().dump(world.settings(0)));
        server = LinkOpsProcess.start(directory, "serve", "--config", config.toString());
        var admin = server.login();
        if (admin.post("/api/git/sync").status() != 200) {
            throw new IllegalStateException("the demo's repository was not synced");
        }
        World.await(admin, World.verify(admin, "*"));
        environment = Map.of(
                "LINKOPS_URL",
                "http://127.0.0.1:" + server.awaitPort(),
                "LINKOPS_TOKEN",
                admin.token(),
                "LINKOPS_PASSWORD",
                LinkOpsProcess.PASSWORD,
                "CONFIG",
                config.toString(),
                "PATH",
                program() + ":" + System.getenv("PATH"),
                "DATA",
                directory.resolve("world").toString());
        for (var part : List.of("conf", "deployment", "git-repo-example", "target")) {
            Files.createSymbolicLink(workplace().resolve(part), Path.of(part).toAbsolutePath());
        }
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
        world.close();
    }

    @TestFactory
    Stream<DynamicTest> everyMarkedCommandDoesWhatItsDocumentSays() throws IOException {
        return DocBlocks.documents().stream()
                .filter(file -> DocBlocks.of(file).stream().anyMatch(Block::isRunHere))
                .map(file -> DynamicTest.dynamicTest(file.toString(), () -> run(file)));
    }

    @TestFactory
    Stream<DynamicTest> everyMarkedTextIsWhatItSays() throws IOException {
        return DocBlocks.documents().stream()
                .flatMap(file -> DocBlocks.of(file).stream())
                .filter(block -> block.act().equals("check"))
                .map(block -> DynamicTest.dynamicTest(block.toString(), () -> check(block)));
    }

    @Test
    void theTourOfTheApiIsRun() {
        assertThat(DocBlocks.of(Path.of("docs/API.md"))).hasSizeGreaterThan(10);
    }

    private static void run(Path file) throws Exception {
        var wanted = DocBlocks.of(file).stream().filter(Block::isRunHere).toList();
        var script = new StringBuilder("trap 'FAILED=$?' ERR\n");
        wanted.forEach(block -> script.append(script(block)));
        var told = shell(script.toString(), environmentOf(file));
        var parts = told.split(DONE, -1);
        assertThat(parts).as(told).hasSize(wanted.size() + 1);
        var all = new SoftAssertions();
        for (int i = 0; i < wanted.size(); i++) {
            var block = wanted.get(i);
            var output = i == 0 ? parts[0] : parts[i].substring(parts[i].indexOf('\n') + 1);
            all.assertThat(parts[i + 1].lines().findFirst().orElse(""))
                    .as(block + " ended with this exit code after\n" + output)
                    .isEqualTo(block.said("exit").orElse("0"));
            block.allSaid("says")
                    .forEach(text -> all.assertThat(output).as(block.toString()).contains(text));
        }
        all.assertAll();
    }

    /**
     * A block that fails leaves the rest to tell more. Each one's output ends with its exit code: the last command's,
     * or, if that was 0, the last one's that failed.
     */
    private static String script(Block block) {
        return "FAILED=0\n"
                + block.said("until")
                        .map(text -> untilItSays(text, block.text()))
                        .orElse("{\n" + block.text() + "} </dev/null 2>&1\n")
                + "CODE=$?; [ $CODE != 0 ] || CODE=$FAILED; printf '\\n" + DONE + "%s\\n' $CODE\n";
    }

    /** In a process group of its own, whose shell outlives the SIGTERM and so tells what came of it. */
    private static String untilItSays(String text, String commands) {
        return """
            set -m
            { trap : TERM; %2$s} </dev/null >until.log 2>&1 &
            UNTIL=$!
            until grep -qF '%1$s' until.log || [ -z "$(jobs -r)" ] || [ $SECONDS -gt 120 ]; do sleep 0.1; done
            kill -TERM -- -$UNTIL
            cat until.log
            set +m
            FAILED=0
            wait $UNTIL
            """.formatted(text, commands);
    }

    private static String shell(String script, Map<String, String> environment) throws Exception {
        var file = Files.writeString(Files.createTempFile(directory, "doc", ".sh"), script);
        var told = Files.createTempFile(directory, "doc", ".out");
        var builder = new ProcessBuilder("bash", "--norc", file.toString())
                .directory(workplace().toFile())
                .redirectErrorStream(true)
                .redirectOutput(told.toFile());
        builder.environment().putAll(environment);
        var shell = builder.start();
        shell.getOutputStream().close();
        if (!shell.waitFor(600, TimeUnit.SECONDS)) {
            shell.descendants().forEach(ProcessHandle::destroyForcibly);
            shell.destroyForcibly();
            throw new IllegalStateException("It does not end:\n" + Files.readString(told));
        }
        return Files.readString(told);
    }

    /** What the README starts is a LinkOps of its own: nothing of this machine is touched. */
    private static Map<String, String> environmentOf(Path file) throws IOException {
        if (!file.endsWith("README.md")) {
            return environment;
        }
        var place = Files.createDirectories(directory.resolve("readme"));
        var keys = Files.createDirectories(place.resolve("keys"), PosixFilePermissions.asFileAttribute(OWNERS));
        Files.copy(directory.resolve("world/keys/demo_key"), keys.resolve("id_ed25519"), COPY_ATTRIBUTES);
        var all = new TreeMap<>(environment);
        all.put("LINKOPS_API_PORT", "0");
        all.put("LINKOPS_DATABASE_PATH", place.resolve("linkops.db").toString());
        all.put("LINKOPS_GIT_LOCAL_PATH", place.resolve("git").toString());
        all.put("LINKOPS_SSH_KEYS_DIRECTORY", keys.toString());
        all.put("LINKOPS_SECURITY_SECRETS_DIRECTORY", place.resolve("secrets").toString());
        all.put(
                "LINKOPS_TERMINAL_RECORDINGS_DIRECTORY",
                place.resolve("recordings").toString());
        return all;
    }

    private static void check(Block block) throws Exception {
        var words = block.what().strip().split(" ", -1);
        switch (words[0]) {
            case "config" -> configuration(block);
            case "yaml" -> assertThat(yaml(block.text())).isNotNull();
            case "json" -> json(block.text(), words.length > 1 ? words[1] : "");
            default -> throw new IllegalArgumentException(block + ": check config, yaml or json");
        }
    }

    private static Object yaml(String text) {
        return new Yaml(new SafeConstructor(new LoaderOptions())).load(text);
    }

    private static void json(String text, String schema) {
        var value = Json.decodeValue(text);
        if (!schema.isEmpty()) {
            var openApi = OpenApi.load();
            var described = OpenApi.map(OpenApi.map(OpenApi.map(openApi.root(), "components"), "schemas"), schema);
            var object = value instanceof JsonObject any ? any.getMap() : value;
            assertThat(openApi.schemas().problems(described, object)).isEmpty();
        }
    }

    /** What a document names below /etc/linkops is there, and whatever it refers to in the vault. */
    private static void configuration(Block block) throws Exception {
        var etc = Files.createDirectories(directory.resolve("etc"));
        var file = Files.createTempFile(directory, "block", "." + block.language());
        Files.writeString(file, block.text().replace("/etc/linkops/", etc + "/"));
        for (var secret : List.of("git.token", "oidc-secret")) {
            Files.deleteIfExists(etc.resolve(secret));
            Files.createFile(etc.resolve(secret), PosixFilePermissions.asFileAttribute(OWNERS_FILE));
            Files.writeString(etc.resolve(secret), "a secret of the documents\n");
        }
        var vertx = Vertx.vertx();
        try {
            var options = new LoadOptions(file, directory, Map.of(), Map.of(), DocsCommandsIT::vault);
            assertThat(Settings.load(vertx, options).await(10, TimeUnit.SECONDS).warnings())
                    .as(block.toString())
                    .isEmpty();
        } finally {
            vertx.close().await(10, TimeUnit.SECONDS);
        }
    }

    private static Future<Map<String, Secret>> vault(Settings settings, Set<String> names) {
        return Future.succeededFuture(
                names.stream().collect(Collectors.toMap(name -> name, _ -> new Secret("from the vault"))));
    }

    private static Path workplace() throws IOException {
        return Files.createDirectories(directory.resolve("workplace"));
    }

    /** The directory with a {@code linkops} that is this build, and the {@code java} that it needs. */
    private static Path program() throws Exception {
        var bin = Files.createDirectories(directory.resolve("bin"));
        var java = Path.of(System.getProperty("java.home"), "bin", "java");
        Files.createSymbolicLink(bin.resolve("java"), java);
        var command = Program.command(List.of(), List.of()).stream()
                .map(DocsCommandsIT::absolute)
                .map(word -> "'" + word + "'")
                .collect(Collectors.joining(" "));
        var file = Files.writeString(bin.resolve("linkops"), "#!/bin/sh\nexec " + command + " \"$@\"\n");
        if (!file.toFile().setExecutable(true)) {
            throw new IOException(file + " could not be made executable");
        }
        return bin;
    }

    /** The class path's entries may be relative, and the commands are run elsewhere. */
    private static String absolute(String word) {
        return word.equals(System.getProperty("java.class.path"))
                ? Stream.of(word.split(File.pathSeparator, -1))
                        .map(entry -> Path.of(entry).toAbsolutePath().toString())
                        .collect(Collectors.joining(File.pathSeparator))
                : word;
    }
}
