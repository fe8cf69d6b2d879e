package io.linkops.vault;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MaskingTest {
    private final Masking masking = new Masking();

    @Test
    void leavesOtherTextsAlone() {
        masking.register("correct horse");
        assertThat(masking.mask("battery staple")).isEqualTo("battery staple");
        assertThat(masking.mask("")).isEmpty();
    }

    @Test
    void masksEveryPlaceWhereASecretStands() {
        masking.register(new Secret("s3cret!"));
        assertThat(masking.mask("s3cret! and s3cret!s3cret! end")).isEqualTo("*** and *** end");
    }

    @Test
    void leavesNoPartOfOverlappingSecrets() {
        masking.register("abcdef");
        masking.register("defghi");
        assertThat(masking.mask("<abcdefghi>")).isEqualTo("<***>");
    }

    @Test
    void doesNotRegisterShortOrEndlesslyManyValues() {
        assertThat(masking.register("short")).isFalse();
        assertThat(masking.register((Secret) null)).isFalse();
        for (int each = 0; each < Masking.MOST; each++) {
            assertThat(masking.register("secret-" + each)).isTrue();
        }
        assertThat(masking.register("one-too-many")).isFalse();
        assertThat(masking.register("secret-7")).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "https://me:pass@git.example/x, https://***@git.example/x",
        "see https://ghp_token@git.example/x now, see https://***@git.example/x now",
        "ssh://git@git.example/x, ssh://git@git.example/x",
        "ssh://git:pass@git.example/x, ssh://git:***@git.example/x",
        "git@git.example:x, git@git.example:x",
        "https://git.example/@x, https://git.example/@x",
        "HTTPS://a:b@h/ and https://c@h/, HTTPS://***@h/ and https://***@h/",
    })
    void masksCredentialsOfUrls(String text, String masked) {
        assertThat(Masking.urls(text)).isEqualTo(masked);
        assertThat(masking.mask(text)).isEqualTo(masked);
    }
}
