package io.linkops.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** docs/AUTHENTICATION.md lists every endpoint as it is; {@code -Ddocs.apply} writes the list anew. */
class AuthenticationDocsTest {
    private static final String BEGIN = "<!-- endpoints -->\n";
    private static final String END = "<!-- /endpoints -->";

    @Test
    void theTableIsWhatTheRouterServes() throws Exception {
        var file = Path.of(System.getProperty("basedir", "."), "docs", "AUTHENTICATION.md");
        var text = Files.readString(file);
        int begin = text.indexOf(BEGIN) + BEGIN.length();
        int end = text.indexOf(END);
        if (System.getProperty("docs.apply") != null) {
            Files.writeString(file, text.substring(0, begin) + table() + text.substring(end));
        } else {
            assertThat(text.substring(begin, end)).isEqualTo(table());
        }
    }

    private static String table() {
        try (var api = new TestApi()) {
            return "| | | role | with a scope |\n|---|---|---|---|\n"
                    + api.verticle.endpoints(api.bus, new Authentication(api.bus)).stream()
                            .filter(endpoint -> !endpoint.isPage())
                            .map(AuthenticationDocsTest::row)
                            .collect(Collectors.joining("\n"))
                    + "\n";
        }
    }

    private static String row(Endpoint endpoint) {
        return "| " + endpoint.method() + " | `" + OpenApi.path(endpoint) + "` | " + Texts.word(endpoint.access())
                + " | " + Texts.word(ScopeRule.of(endpoint)) + " |";
    }
}
