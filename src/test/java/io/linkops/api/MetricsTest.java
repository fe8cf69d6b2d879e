package io.linkops.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import io.linkops.config.ApiConfig;
import io.linkops.config.MetricsAccess;
import io.linkops.health.Health;
import io.linkops.journal.Journals;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Figures and readiness over HTTP, in front of rooms that fail when they are told to. */
class MetricsTest {
    private static TestApi api(MetricsAccess access) {
        return new TestApi(
                new ApiConfig(
                        "127.0.0.1",
                        0,
                        null,
                        Duration.ofHours(24),
                        List.of(),
                        1_024,
                        10,
                        access,
                        List.of(),
                        null,
                        null),
                TestApi.QUICK,
                "web-test");
    }

    @Test
    void withATokenOfAnyRoleByDefault() {
        try (var api = api(MetricsAccess.TOKEN)) {
            assertThat(api.http.send("GET", "/metrics", null).status()).isEqualTo(401);
            var answer = api.http.send("GET", "/metrics", null, TestApi.as("viewer"));
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.header("Content-Type")).startsWith("text/plain; version=0.0.4");
            assertThat(answer.text())
                    .contains("linkops_links{status=\"online\"} 2.0", "linkops_room_up{room=\"health\"} 1");
        }
    }

    @Test
    void forEverybodyOrNobodyIfConfigured() {
        try (var api = api(MetricsAccess.OPEN)) {
            assertThat(api.http.send("GET", "/metrics", null).status()).isEqualTo(200);
        }
        try (var api = api(MetricsAccess.OFF)) {
            assertThat(api.http
                            .send("GET", "/metrics", null, TestApi.as("admin"))
                            .status())
                    .isEqualTo(404);
        }
    }

    @Test
    void requestsAreCountedByTemplateNeverByPath() {
        try (var api = api(MetricsAccess.OPEN)) {
            for (int i = 0; i < 30; i++) {
                api.http.send("GET", "/api/links/secret-" + i, null, TestApi.as("viewer"));
                api.http.send("GET", "/nothing/here/" + i, null);
                api.http.send("PROPFIND", "/api/links/" + i, null, TestApi.as("viewer"));
            }
            var text = api.http.send("GET", "/metrics", null).text();
            assertThat(text)
                    .contains("{method=\"GET\",route=\"/api/links/:id\",status=\"2xx\"} 30.0")
                    .contains("{method=\"none\",route=\"none\",status=\"4xx\"} 30.0")
                    .doesNotContain("secret-")
                    .doesNotContain("/nothing")
                    .doesNotContain("PROPFIND");
        }
    }

    @Test
    void aRoomThatDoesNotAnswerIsDownAndTheOthersAreShown() {
        try (var api = api(MetricsAccess.OPEN)) {
            api.rooms.fail(Health.FindFigures.class, new Failure(ErrorCode.UNAVAILABLE, "gone"));
            var text = api.http.send("GET", "/metrics", null).text();
            assertThat(text)
                    .contains("linkops_room_up{room=\"health\"} 0", "linkops_git_sync_success 1.0")
                    .doesNotContain("linkops_links{");
        }
    }

    @Test
    void aDatabaseThatCannotBeWrittenIsNotReadyAndTheProcessIsAlive() {
        try (var api = api(MetricsAccess.TOKEN)) {
            assertThat(api.http.send("GET", "/readyz", null).status()).isEqualTo(200);
        }
        try (var api = api(MetricsAccess.TOKEN)) {
            api.rooms.fail(Journals.TryDatabase.class, new Failure(ErrorCode.STORAGE_FULL, "no room"));
            var answer = api.http.send("GET", "/readyz", null);
            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.json()
                            .getJsonObject("error")
                            .getJsonObject("details")
                            .getJsonObject("rooms")
                            .getString("database"))
                    .isEqualTo("STORAGE_FULL");
            assertThat(api.http.send("GET", "/healthz", null).status()).isEqualTo(200);
        }
    }
}
