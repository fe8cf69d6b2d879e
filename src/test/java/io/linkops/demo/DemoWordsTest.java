package io.linkops.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class DemoWordsTest {
    private static final Instant NOON = Instant.parse("2030-01-31T12:00:00Z");
    private final DemoWords words = new DemoWords("vm-web-01", NOON.minusSeconds(180));

    private String said(String line) {
        return words.answer(line, NOON).text();
    }

    @Test
    void knowsAFewWordsAndSaysWhichWhenItDoesNot() {
        assertThat(said("hostname")).isEqualTo("vm-web-01\n");
        assertThat(said("  echo  two words ")).isEqualTo("two words\n");
        assertThat(said("uptime")).isEqualTo("up 3 min, 1 user\n");
        assertThat(said("date")).isEqualTo("Thu Jan 31 12:00:00 UTC 2030\n");
        assertThat(said("")).isEmpty();
        assertThat(said("rm -rf /")).contains("does not know").contains("help");
        assertThat(said("help")).contains("seq N");
    }

    @Test
    void countsWithinALimit() {
        assertThat(said("seq 3")).isEqualTo("1\n2\n3\n");
        assertThat(said("seq 99999")).contains("up to 10000");
        assertThat(said("seq")).contains("up to 10000");
    }

    @Test
    void endsWithTheCodeThatWasAskedFor() {
        assertThat(words.answer("exit 3", NOON).exit()).isEqualTo(3);
        assertThat(words.answer("exit", NOON).exit()).isZero();
        assertThat(words.answer("ls", NOON).exit()).isNull();
    }
}
