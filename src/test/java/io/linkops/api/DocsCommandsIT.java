package io.linkops.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkops.api.DocBlocks.Block;
import io.linkops.config.LoadOptions;
import io.linkops.config.Settings;
import io.linkops.demo.DemoWorld;
import io.linkops.world.LinkOpsProcess;
import io.linkops.world.World;
import io.vertx.core.Vertx;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
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
 * {@code LINKOPS_PASSWORD} (of the user admin) and {@code CONFIG} (the server's configuration file); the directories
 * {@code conf}, {@code deployment} and {@code git-repo-example} are where it starts. The blocks of one document share
 * one shell.
 */
class DocsCommandsIT {
    private static final Pattern SAYS = Pattern.compile(" says=\"([^\"]*)\"");
    private static final Pattern EXIT = Pattern.compile(" exit=(\\d+)");
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
                program() + ":" + System.getenv("PATH"));
        for (var part : List.of("conf", "deployment", "git-repo-example")) {
            Files.createSymbolicLink(workplace().resolve(part), Path.of(part).toAbsolutePath());
        }
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
        world.close();
    }

    static Stream<Path> documents() throws IOException {
        try (var docs = Files.list(Path.of("docs"))) {
            var found = docs.filter(file -> file.toString().endsWith(".md"))
                    .sorted()
                    .toList();
            return Stream.concat(Stream.of(Path.of("README.md")), found.stream());
        }
    }

    @TestFactory
    Stream<DynamicTest> everyMarkedCommandDoesWhatItsDocumentSays() throws IOException {
        return documents()
                .filter(file ->
                        blocks(file).stream().anyMatch(block -> block.act().equals("run")))
                .map(file -> DynamicTest.dynamicTest(file.toString(), () -> run(blocks(file))));
    }

    @TestFactory
    Stream<DynamicTest> everyMarkedTextIsWhatItSays() throws IOException {
        return documents()
                .flatMap(file -> blocks(file).stream())
                .filter(block -> block.act().equals("check"))
                .map(block -> DynamicTest.dynamicTest(block.toString(), () -> check(block)));
    }

    @Test
    void theTourOfTheApiIsRun() {
        assertThat(blocks(Path.of("docs/API.md"))).hasSizeGreaterThan(10);
    }

    private static List<Block> blocks(Path file) {
        try {
            return DocBlocks.of(file);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static void run(List<Block> blocks) throws Exception {
        var wanted = blocks.stream().filter(block -> block.act().equals("run")).toList();
        var script = new StringBuilder();
        for (var block : wanted) {
            // A block that fails leaves the rest to tell more; each one's output ends with its exit code.
            script.append("{\n").append(block.text()).append("} </dev/null 2>&1; printf '\\n" + DONE + "%s\\n' $?\n");
        }
        var file = Files.writeString(Files.createTempFile(directory, "doc", ".sh"), script.toString());
        var builder = new ProcessBuilder("bash", "--norc", file.toString())
                .directory(workplace().toFile())
                .redirectErrorStream(true);
        builder.environment().putAll(environment);
        var shell = builder.start();
        shell.getOutputStream().close();
        var told = new String(shell.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(shell.waitFor(300, TimeUnit.SECONDS)).isTrue();
        var parts = told.split(DONE, -1);
        assertThat(parts).as(told).hasSize(wanted.size() + 1);
        var all = new SoftAssertions();
        for (int i = 0; i < wanted.size(); i++) {
            var block = wanted.get(i);
            var output = i == 0 ? parts[0] : parts[i].substring(parts[i].indexOf('\n') + 1);
            var exit = EXIT.matcher(block.what());
            all.assertThat(parts[i + 1].lines().findFirst().orElse(""))
                    .as(block + " ended with this exit code after\n" + output)
                    .isEqualTo(exit.find() ? exit.group(1) : "0");
            var says = SAYS.matcher(block.what());
            while (says.find()) {
                all.assertThat(output).as(block.toString()).contains(says.group(1));
            }
        }
        all.assertAll();
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

    private static void configuration(Block block) throws Exception {
        var file = Files.writeString(
                Files.createTempFile(directory, "block", block.language().equals("ini") ? ".ini" : ".yaml"),
                block.text());
        var vertx = Vertx.vertx();
        try {
            var options = new LoadOptions(file, directory, Map.of(), Map.of());
            assertThat(Settings.load(vertx, options).await(10, TimeUnit.SECONDS).warnings())
                    .as(block.toString())
                    .isEmpty();
        } finally {
            vertx.close().await(10, TimeUnit.SECONDS);
        }
    }

    private static Path workplace() throws IOException {
        return Files.createDirectories(directory.resolve("workplace"));
    }

    /** The directory with a {@code linkops} that is this build. */
    private static Path program() throws IOException {
        var bin = Files.createDirectories(directory.resolve("bin"));
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                absolute(System.getProperty("java.class.path")),
                "io.linkops.Main"));
        command.replaceAll(word -> "'" + word + "'");
        var file =
                Files.writeString(bin.resolve("linkops"), "#!/bin/sh\nexec " + String.join(" ", command) + " \"$@\"\n");
        if (!file.toFile().setExecutable(true)) {
            throw new IOException(file + " could not be made executable");
        }
        return bin;
    }

    private static String absolute(String classPath) {
        return Stream.of(classPath.split(File.pathSeparator, -1))
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .collect(Collectors.joining(File.pathSeparator));
    }
}
