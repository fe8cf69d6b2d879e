package io.linkops.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Holds docs/CONFIGURATION.md and conf/linkops.yaml against the records; -Ddocs.apply rewrites both. */
class ConfigurationDocsTest {

    @Test
    void thePageSaysWhatTheRecordsSay() throws Exception {
        holds(Path.of("docs/CONFIGURATION.md"), ConfigurationDocs.page());
    }

    @Test
    void theExampleHasEveryKeyAndNoOther() throws Exception {
        holds(Path.of("conf/linkops.yaml"), ConfigurationDocs.example());
    }

    @Test
    void theExampleLoadsAndIsTheDefaults() throws Exception {
        var vertx = Vertx.vertx();
        try {
            var options = new LoadOptions(Path.of("conf/linkops.yaml"), Path.of("/nowhere"), Map.of(), Map.of());
            var loaded = Settings.load(vertx, options).await(10, TimeUnit.SECONDS);
            assertThat(loaded.settings()).isEqualTo(Settings.of(new JsonObject()));
            assertThat(loaded.warnings()).isEmpty();
        } finally {
            vertx.close().await(10, TimeUnit.SECONDS);
        }
    }

    private static void holds(Path file, String expected) throws Exception {
        if (System.getProperty("docs.apply") != null) {
            Files.createDirectories(file.getParent());
            Files.writeString(file, expected);
        }
        assertThat(file)
                .as("run: mvn test -Dtest=ConfigurationDocsTest -Ddocs.apply -Dfrontend.skip")
                .content()
                .isEqualTo(expected);
    }
}
