package io.linkops.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every word a log-in can end with is explained to whoever reads it: on the page, and in the document. */
class LogInWordsTest {
    @Test
    void everyWordHasASentenceOnThePageAndALineInTheDocument() throws Exception {
        var page = Files.readString(Path.of("src/main/frontend/src/signin.ts"));
        var document = Files.readString(Path.of("docs/OIDC.md"));
        var ofAccounts = Stream.of("no_role", "name_taken", "name_unusable", "disabled", "too_many_users");
        var own = Arrays.stream(SingleSignOn.Problem.values()).map(SingleSignOn.Problem::word);

        assertThat(Stream.concat(own, ofAccounts)).allSatisfy(word -> {
            assertThat(page).contains("\n  " + word + ": \"");
            assertThat(document).contains("| `" + word + "` |");
        });
    }
}
