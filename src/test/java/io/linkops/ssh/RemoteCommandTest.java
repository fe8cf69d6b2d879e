package io.linkops.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class RemoteCommandTest {
    @Test
    void leavesPlainWordsAsTheyAre() {
        assertThat(RemoteCommand.of("/usr/bin/cat", "-A", "a_file.txt").line()).isEqualTo("/usr/bin/cat -A a_file.txt");
    }

    @Test
    void putsEverythingElseInSingleQuotes() {
        assertThat(RemoteCommand.of("echo", "", "two words", "it's", "$(id)", "ä", "a\nb", "~", "A=b")
                        .line())
                .isEqualTo("echo '' 'two words' 'it'\\''s' '$(id)' 'ä' 'a\nb' '~' 'A=b'");
    }

    @Test
    void quotesTheProgramToo() {
        assertThat(RemoteCommand.of("my program").line()).isEqualTo("'my program'");
    }

    @Test
    void refusesWhatNoCommandLineCanCarry() {
        assertThatThrownBy(() -> new RemoteCommand("echo", List.of("fine", "a\0b")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("argument 2")
                .hasMessageContaining("position 1");
        assertThatThrownBy(() -> RemoteCommand.of("")).isInstanceOf(IllegalArgumentException.class);
    }
}
