package io.linkops;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkops.config.LoadOptions;
import io.linkops.vault.Masking;
import io.linkops.world.World;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code linkops doctor} on a real sshd, a real repository and the database of a server that runs. */
class DoctorIT {
    private static final List<String> STAGES =
            List.of("dns", "tcp", "key exchange", "host key", "login", "client id", "sudo", "clock", "openssh");

    @TempDir
    Path directory;

    @Test
    void looksAtEveryStageOfEveryLinkBesideARunningServer() throws Exception {
        try (var world = World.with(directory, 3)
                .script("hello", "#!/bin/bash", "echo hello")
                .commit()) {
            try (var server = world.serve()) {
                var api = server.login();
                assertThat(api.post("/api/git/sync").status()).isEqualTo(200);
                var healthy = doctor(world);
                assertThat(checks(healthy, "link-001")).containsExactlyElementsOf(STAGES);
                assertThat(outcomes(healthy)).doesNotContain("fail");
                assertThat(healthy.getBoolean("ok")).isTrue();

                Files.writeString(world.clientIdFile("link-002"), "LINKOPS-of-another\n");
                var mismatch = doctor(world);
                assertThat(mismatch.getBoolean("ok")).isFalse();
                assertThat(failed(mismatch)).containsExactly("link-002 client id");

                world.sshd().changeHostKeys();
                var changed = doctor(world);
                assertThat(failed(changed))
                        .containsExactlyInAnyOrder("link-001 host key", "link-002 host key", "link-003 host key");
            }
        }
    }

    @Test
    void saysWhatIsWrongWithoutAServer() throws Exception {
        try (var world = World.with(directory, 1).commit()) {
            var config = world.configure(Map.of("git.repository_url", "/no/such/repository.git"));
            var out = new StringWriter();
            assertThat(run(out, "doctor", "--config", config.toString())).isEqualTo(1);
            assertThat(out.toString())
                    .contains("FAIL")
                    .contains("/no/such/repository.git")
                    .contains("1 failed")
                    .contains("is made at the first start");
        }
    }

    private JsonObject doctor(World world) throws Exception {
        var out = new StringWriter();
        run(
                out,
                "doctor",
                "--json",
                "--config",
                world.directory().resolve("linkops.yaml").toString());
        return new JsonObject(out.toString());
    }

    private static List<String> checks(JsonObject report, String link) {
        return findings(report).stream()
                .filter(finding -> finding.getString("subject").equals(link))
                .map(finding -> finding.getString("check"))
                .toList();
    }

    private static List<String> outcomes(JsonObject report) {
        return findings(report).stream()
                .map(finding -> finding.getString("outcome"))
                .toList();
    }

    private static List<String> failed(JsonObject report) {
        return findings(report).stream()
                .filter(finding -> finding.getString("outcome").equals("fail"))
                .map(finding -> finding.getString("subject") + " " + finding.getString("check"))
                .toList();
    }

    private static List<JsonObject> findings(JsonObject report) {
        return report.getJsonArray("findings").stream()
                .map(JsonObject.class::cast)
                .toList();
    }

    private int run(StringWriter out, String... arguments) {
        var surroundings = new Surroundings(new LoadOptions(null, directory, Map.of(), Map.of()), new Masking());
        return Main.commandLine(surroundings, (_, _, _) -> 0, (_, _, _, _) -> 0)
                .setOut(new PrintWriter(out, true))
                .execute(arguments);
    }
}
