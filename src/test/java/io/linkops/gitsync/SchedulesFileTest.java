package io.linkops.gitsync;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkops.gitsync.GitSync.DeclaredSchedule;
import io.linkops.gitsync.GitSync.ScheduledWork;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** schedules.yaml: what is right is read, what is wrong is named with line, entry and field. */
class SchedulesFileTest {
    private static final String SCRIPTS = """
        scripts:
          - {id: update, name: Update, description: Updates, path: scripts/update.sh}
          - {id: audit, name: Audit, description: Looks, path: scripts/audit.sh}
        """;

    private final InventoryParser parser = new InventoryParser(1 << 20, 100);

    private List<DeclaredSchedule> read(String yaml) {
        return parser.schedules(bytes(yaml), parser.scripts(bytes(SCRIPTS)));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private void isWrong(String yaml, int line, String field, String hint) {
        var own = new InventoryParser(1 << 20, 100);
        own.schedules(bytes(yaml), own.scripts(bytes(SCRIPTS)));
        assertThat(own.findings().problems()).as(yaml).anySatisfy(problem -> {
            assertThat(problem.file()).isEqualTo("schedules.yaml");
            assertThat(problem.line()).isEqualTo(line);
            assertThat(problem.field()).isEqualTo(field);
            assertThat(problem.text()).contains(hint);
        });
    }

    @Test
    void readsWhatIsRight() {
        assertThat(read("""
            schedules:
              nightly:
                cron: "30 2 * * *"
                timezone: Europe/Berlin
                description: Every night
                scripts: [update, audit]
                flags: {update: ["--dry-run", "two words"]}
                targets: ["tag:web", "!vm-9"]
                concurrency: 20
                on_failure: continue
                overlap: true
              plain:
                cron: "@hourly"
                scripts: [audit]
                targets: ["*"]
            """))
                .containsExactly(
                        new DeclaredSchedule(
                                "nightly",
                                new ScheduledWork(
                                        "30 2 * * *",
                                        "Europe/Berlin",
                                        "Every night",
                                        List.of("update", "audit"),
                                        Map.of("update", List.of("--dry-run", "two words")),
                                        List.of("tag:web", "!vm-9"),
                                        20,
                                        true,
                                        true)),
                        new DeclaredSchedule(
                                "plain",
                                new ScheduledWork(
                                        "@hourly",
                                        "UTC",
                                        null,
                                        List.of("audit"),
                                        Map.of(),
                                        List.of("*"),
                                        null,
                                        false,
                                        false)));
        assertThat(parser.findings().problems()).isEmpty();
    }

    @Test
    void namesWhatIsWrong() {
        var good = "schedules:\n  a:\n    scripts: [update]\n    targets: [x]\n    cron: '@daily'\n";
        isWrong("schedules:\n  a:\n    scripts: [update]\n    targets: [x]\n", 2, "cron", "required");
        isWrong(good.replace("'@daily'", "'99 * * * *'"), 5, "cron", "five fields");
        isWrong(good.replace("'@daily'", "'0 0 30 2 *'"), 5, "cron", "never comes");
        isWrong(good + "    timezone: Mars\n", 6, "timezone", "no time zone");
        isWrong(good.replace("[update]", "[updat]"), 3, "scripts", "updat");
        isWrong(good.replace("[update]", "[]"), 3, "scripts", "required");
        isWrong(good.replace("[x]", "[]"), 4, "targets", "required");
        isWrong(good + "    flags: {audit: [x]}\n", 6, "flags.audit", "not one of");
        isWrong(good + "    flags: 5\n", 6, "flags", "mapping");
        isWrong(good + "    on_failure: explode\n", 6, "on_failure", "stop or continue");
        isWrong(good + "    concurrency: 0\n", 6, "concurrency", "number from 1");
        isWrong(good + "    overlap: maybe\n", 6, "overlap", "true or false");
        isWrong("schedules: 5\n", 1, "schedules", "mapping");
    }
}
