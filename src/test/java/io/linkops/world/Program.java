package io.linkops.world;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/**
 * How tests start LinkOps' own program. Where the build names its jar (property {@code linkops.jar}), that is what is
 * started, with an AOT cache made by the first start and without the compiler that only long lives repay: a start costs
 * a third. Else it is this test's class path, as it is.
 */
public final class Program {
    private static final String JAR = System.getProperty("linkops.jar", "");

    private Program() {}

    /** @param options for its JVM, which win over those every program gets */
    public static List<String> command(List<String> options, List<String> arguments) throws Exception {
        var words = new ArrayList<String>();
        if (JAR.isBlank()) {
            words.addAll(agent());
            words.addAll(options);
            words.addAll(List.of("-cp", System.getProperty("java.class.path")));
        } else {
            words.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:AOTCache=" + cache()));
            words.addAll(options);
            words.addAll(List.of("-cp", JAR));
        }
        return java(words, arguments);
    }

    private static List<String> java(List<String> options, List<String> arguments) {
        var words = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Xmx512m"));
        words.addAll(options);
        words.add("io.linkops.Main");
        words.addAll(arguments);
        return words;
    }

    /** What follows these processes too, such as the agent that measures coverage; the build names it. */
    private static List<String> agent() {
        var option = System.getProperty("linkops.agent", "");
        return option.isBlank() ? List.of() : List.of(option);
    }

    /** Made again when the jar is newer. */
    private static synchronized Path cache() throws Exception {
        var cache = Path.of(JAR).resolveSibling("tests.aot");
        if (!Files.exists(cache)
                || Files.getLastModifiedTime(cache).compareTo(Files.getLastModifiedTime(Path.of(JAR))) < 0) {
            Files.move(train(), cache, StandardCopyOption.REPLACE_EXISTING);
        }
        return cache;
    }

    /** The JVM writes at its end what a start, a log-in and a look have loaded. */
    private static Path train() throws Exception {
        var directory = World.newDirectory();
        var made = directory.resolve("linkops.aot");
        var config = directory.resolve("config.yaml");
        Files.writeString(config, """
            api: {port: 0}
            database: {path: %1$s/linkops.db}
            git: {local_path: %1$s/git}
            ssh: {keys_directory: %1$s/keys}
            terminal: {recordings_directory: %1$s/recordings}
            """.formatted(directory));
        var command = java(
                List.of("-XX:AOTCacheOutput=" + made, "-cp", JAR), List.of("serve", "--config", config.toString()));
        try (var training = LinkOpsProcess.launch(directory, LinkOpsProcess.WITH_PASSWORD, command)) {
            training.login().get("/api/links");
            training.terminate();
            training.awaitExit();
            if (!Files.exists(made)) {
                throw new IllegalStateException("The training run made no AOT cache:\n" + training.output());
            }
        }
        return made;
    }
}
