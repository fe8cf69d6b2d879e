package io.linkops.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** For any arguments, a real shell hands the program exactly these arguments. */
class RemoteCommandProperties {
    @Property(tries = 200)
    void shHandsOverAnyArgumentExactly(@ForAll("argumentLists") List<String> arguments) throws Exception {
        assertThat(seen("sh", arguments)).isEqualTo(String.join("\0", arguments) + "\0");
    }

    @Property(tries = 200)
    void bashHandsOverAnyArgumentExactly(@ForAll("argumentLists") List<String> arguments) throws Exception {
        assertThat(seen("bash", arguments)).isEqualTo(String.join("\0", arguments) + "\0");
    }

    private static String seen(String shell, List<String> arguments) throws Exception {
        var words = new java.util.ArrayList<String>(List.of("%s\\0"));
        words.addAll(arguments);
        var process = new ProcessBuilder(shell, "-c", new RemoteCommand("/usr/bin/printf", words).line())
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    @Provide
    Arbitrary<List<String>> argumentLists() {
        return AnyText.withoutNul().list().ofMinSize(1).ofMaxSize(6);
    }
}
