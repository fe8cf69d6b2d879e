package io.linkops.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkops.config.HealthConfig;
import io.linkops.config.Settings;
import io.linkops.store.Statement;
import io.linkops.worlds.Kernel;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is too old really goes, on a real database. */
class RetentionTest {
    private static final Instant NOW = Instant.parse("2030-06-01T00:30:00Z");
    private static final HealthConfig CONFIG = Settings.of(new JsonObject()).health();

    @TempDir
    Path directory;

    private Kernel kernel;

    @BeforeEach
    void start() throws Exception {
        kernel = new Kernel(directory, Health.class);
    }

    @AfterEach
    void stop() throws Exception {
        kernel.close();
    }

    private long count(String table) throws Exception {
        return kernel.rows("SELECT COUNT(*) AS rows FROM " + table).getFirst().getLong("rows");
    }

    private int tidy(Instant now) throws Exception {
        var retention = new Retention(kernel.database(), CONFIG);
        int steps = 1;
        while (Kernel.await(retention.step(now))) {
            steps++;
        }
        return steps;
    }

    @Test
    void samplesBecomeHoursAndHoursGoInSmallSteps() throws Exception {
        var statements = new ArrayList<Statement>();
        for (int link = 0; link < 500; link++) {
            for (int check = 0; check < 48; check++) {
                statements.add(Statement.of(
                        "INSERT INTO link_health_samples (link_id, at, result, latency_millis, is_asked) VALUES (?, ?,"
                                + " 'ONLINE', 5, 0)",
                        "link-" + link,
                        NOW.minus(Duration.ofDays(8))
                                .plus(Duration.ofMinutes(5L * check))
                                .toEpochMilli()));
            }
        }
        statements.add(Statement.of(
                "INSERT INTO link_health_samples (link_id, at, result, is_asked) VALUES ('link-1', ?, 'ONLINE', 0)",
                NOW.minus(Duration.ofDays(6)).toEpochMilli()));
        Kernel.await(kernel.database().write(statements));
        // 4 hours and a half touch 5 hours, each with 500 links, 200 at once
        assertThat(tidy(NOW)).isGreaterThanOrEqualTo(5 * 3);
        assertThat(count("link_health_samples")).isEqualTo(1);
        assertThat(kernel.rows("SELECT SUM(checks) AS rows FROM link_health_hours")
                        .getFirst()
                        .getLong("rows"))
                .isEqualTo(500 * 48);
        tidy(NOW.plus(Duration.ofDays(82)));
        assertThat(count("link_health_hours")).isPositive();
        tidy(NOW.plus(Duration.ofDays(83)));
        assertThat(count("link_health_hours")).isEqualTo(1);
        tidy(NOW.plus(Duration.ofDays(85)));
        assertThat(count("link_health_hours")).isZero();
    }

    @Test
    void changesAndEndedWindowsGoWithTheHistory() throws Exception {
        for (int day = 0; day < 100; day++) {
            var at = NOW.minus(Duration.ofDays(day)).toEpochMilli();
            Kernel.await(kernel.database()
                    .write(
                            Statement.of(
                                    "INSERT INTO link_health_changes (link_id, at, from_status, to_status,"
                                            + " is_in_maintenance) VALUES ('a', ?, 'ONLINE', 'OFFLINE', 0)",
                                    at),
                            Statement.of(
                                    "INSERT INTO maintenance_windows (id, targets, links, begins_at, ends_at, reason,"
                                            + " created_by, created_at) VALUES (?, '[]', '[]', ?, ?, 'r', 'ann', ?)",
                                    "mw-" + day,
                                    at,
                                    at,
                                    at)));
        }
        tidy(NOW);
        assertThat(count("link_health_changes")).isBetween(90L, 91L);
        assertThat(count("maintenance_windows")).isBetween(90L, 91L);
    }
}
