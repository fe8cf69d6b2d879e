package io.linkops.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;

/** Holds docs/postman.json against openapi.yaml; -Ddocs.apply rewrites it. */
class PostmanCollectionTest {
    private static final Path FILE = Path.of("docs/postman.json");

    private final OpenApi openApi = OpenApi.load();

    @Test
    void theCollectionSaysWhatTheDescriptionSays() throws Exception {
        var expected = new PostmanCollection(openApi).json().encodePrettily() + "\n";
        if (System.getProperty("docs.apply") != null) {
            Files.writeString(FILE, expected);
        }
        assertThat(FILE)
                .as("run: mvn test -Dtest=PostmanCollectionTest -Ddocs.apply -Dfrontend.skip")
                .content()
                .isEqualTo(expected);
    }

    @Test
    void everyOperationIsARequestOnce() {
        var requests = new ArrayList<String>();
        for (var folder : new PostmanCollection(openApi).json().getJsonArray("item")) {
            for (var item : ((JsonObject) folder).getJsonArray("item")) {
                var request = ((JsonObject) item).getJsonObject("request");
                requests.add(request.getString("method") + " "
                        + request.getJsonObject("url")
                                .getString("raw")
                                .replace("{{base_url}}", "")
                                .replaceAll(":([a-z_]+)", "{$1}"));
            }
        }
        assertThat(requests)
                .containsExactlyInAnyOrderElementsOf(openApi.operations().stream()
                        .map(operation -> operation.replaceFirst(" [a-z]+$", ""))
                        .toList());
    }
}
