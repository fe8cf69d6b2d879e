package io.linkops.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

class DemoShellTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final DemoShell shell = new DemoShell("vm-web-01", InstantSource.system());

    private int type(String keys) {
        shell.setOutputStream(out);
        return shell.run(new ByteArrayInputStream(keys.getBytes(UTF_8)));
    }

    @Test
    void editsALineAndBringsTheLastOneBack() {
        assertThat(type("echo on🚀\u007fe\r\u001b[A two\rexit 3\rnot any more\r"))
                .isEqualTo(3);
        assertThat(out.toString(UTF_8))
                .contains("\r\none\r\n", "\r\none two\r\n", "logout")
                .doesNotContain("more");
    }

    @Test
    void aLineCanBeGivenUpAndTheInputCanEnd() {
        assertThat(type("rm -rf /\u0003\u0004never")).isZero();
        assertThat(out.toString(UTF_8)).contains("^C").doesNotContain("does not know", "never");
    }
}
