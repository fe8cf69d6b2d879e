package io.linkops.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The sections health and api.metrics. */
class HealthConfigTest {
    @Test
    void bareNumbersCountInTheUnitsOfTheSeed() {
        var health = Settings.of(new JsonObject()
                        .put(
                                "health",
                                new JsonObject()
                                        .put("check_interval_minutes", 2)
                                        .put("check_timeout", 3)
                                        .put("latency_warning", 40)
                                        .put("latency_critical", "2s")))
                .health();
        assertThat(health.checkInterval()).isEqualTo(Duration.ofMinutes(2));
        assertThat(health.checkTimeout()).isEqualTo(Duration.ofSeconds(3));
        assertThat(health.latencyWarning()).isEqualTo(Duration.ofMillis(40));
        assertThat(health.latencyCritical()).isEqualTo(Duration.ofSeconds(2));
    }

    @ParameterizedTest
    @CsvSource({"latency_warning,501", "offline_after,5", "samples_kept_days,91"})
    void whatDoesNotFitTogetherIsRefused(String key, int value) {
        var wrong = new JsonObject().put("health", new JsonObject().put(key, value));
        assertThatThrownBy(() -> Settings.of(wrong))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("health." + key + " is " + value);
    }

    @Test
    void aBareOffOfYamlIsTheWord() {
        var api = Settings.of(new JsonObject().put("api", new JsonObject().put("metrics", false)))
                .api();
        assertThat(api.metrics()).isEqualTo(MetricsAccess.OFF);
        assertThat(Settings.of(new JsonObject()).api().metrics()).isEqualTo(MetricsAccess.TOKEN);
    }
}
