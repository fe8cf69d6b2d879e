package io.linkops.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;

/** What a script is given arrives exactly, whatever it is (part of P16 and of the promise on input in the launcher). */
class LauncherProperties {
    private static final byte[] SHOW_ARGUMENTS =
            "#!/bin/bash\nprintf '%s\\0' \"$@\"\n".getBytes(StandardCharsets.UTF_8);

    /** Any text without NUL is seen by the script as the argument it was sent as. */
    @Property(tries = 200)
    void anyArgumentArrivesExactly(@ForAll("argumentLists") List<String> arguments) throws Exception {
        try (var launcher = new LocalLauncher()) {
            launcher.clientId("/nowhere");
            var result = launcher.run(new Payload(Map.of(), List.of(), "show.sh", arguments, SHOW_ARGUMENTS));
            var expected = arguments.isEmpty() ? "\0" : String.join("\0", arguments) + "\0";
            assertThat(new String(result.stdout(), StandardCharsets.UTF_8)).isEqualTo(expected);
            assertThat(result.stderr()).isEmpty();
            assertThat(result.exit().code()).isZero();
        }
    }

    /** Any value of an environment variable is seen by the script as it was sent. */
    @Property(tries = 100)
    void anyEnvironmentValueArrivesExactly(@ForAll("texts") String value) throws Exception {
        byte[] script = "printf '%s' \"$LINKOPS_LINK\"".getBytes(StandardCharsets.UTF_8);
        try (var launcher = new LocalLauncher()) {
            launcher.clientId("/nowhere");
            var result =
                    launcher.run(new Payload(Map.of("LINKOPS_LINK", value), List.of(), "show.sh", List.of(), script));
            assertThat(new String(result.stdout(), StandardCharsets.UTF_8)).isEqualTo(value);
        }
    }

    /** A script of which any part is missing does not run. */
    @Property(tries = 100)
    void aScriptThatWasCutNeverRuns(@ForAll("cuts") double cut) throws Exception {
        Path proof = Files.createTempFile("linkops-cut", "");
        Files.delete(proof);
        var script = new StringBuilder("#!/bin/bash\n");
        for (int i = 0; i < 50; i++) {
            script.append("touch ").append(proof).append('\n');
        }
        byte[] whole = LauncherCodec.goAhead(new Payload(
                Map.of("A", "b"),
                List.of("-u"),
                "cut.sh",
                List.of("x", "y"),
                script.toString().getBytes(StandardCharsets.UTF_8)));
        byte[] part = java.util.Arrays.copyOf(whole, (int) (whole.length * cut));
        try (var launcher = new LocalLauncher()) {
            launcher.clientId("/nowhere");
            var result = launcher.run(part);
            assertThat(proof).doesNotExist();
            assertThat(result.head()).doesNotStartWith("started");
            assertThat(Path.of("/tmp/linkops-" + launcher.tag())).doesNotExist();
        }
    }

    /** P11, the link's part: the content of a client id file up to 256 bytes is read as it is. */
    @Property(tries = 100)
    @Tag("P11")
    void anyClientIdIsReadExactly(@ForAll("texts") String content) throws Exception {
        Path file = Files.createTempFile("linkops-id", "");
        Files.writeString(file, content);
        try (var launcher = new LocalLauncher()) {
            var reading = launcher.clientId(file.toString());
            if (Files.size(file) <= 256) {
                assertThat(reading).isEqualTo(new ClientIdReading(ClientIdReading.Status.OK, content, ""));
            } else {
                assertThat(reading).extracting(ClientIdReading::status).isEqualTo(ClientIdReading.Status.TOO_LARGE);
            }
        } finally {
            Files.delete(file);
        }
    }

    @Provide
    Arbitrary<List<String>> argumentLists() {
        return texts().list().ofMaxSize(6);
    }

    @Provide
    Arbitrary<Double> cuts() {
        return Arbitraries.doubles().between(0, 0.99);
    }

    @Provide
    Arbitrary<String> texts() {
        return AnyText.withoutNul();
    }
}
