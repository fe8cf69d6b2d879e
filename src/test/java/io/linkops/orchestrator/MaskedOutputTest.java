package io.linkops.orchestrator;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkops.ssh.OutputSink.Stream;
import io.linkops.vault.Secret;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** No secret gets through, however the output is cut into pieces, and nothing else is lost. */
class MaskedOutputTest {
    private static final String SECRET = "correct-horse-battery";

    private final Map<Stream, ByteArrayOutputStream> heard = new EnumMap<>(Stream.class);

    private MaskedOutput output(Secret... secrets) {
        return new MaskedOutput(
                List.of(secrets),
                (stream, buffer, offset, length) -> heard.computeIfAbsent(stream, _ -> new ByteArrayOutputStream())
                        .write(buffer, offset, length));
    }

    private String heard(Stream stream) {
        var bytes = heard.get(stream);
        return bytes == null ? "" : bytes.toString(StandardCharsets.UTF_8);
    }

    private static void print(MaskedOutput output, Stream stream, String text) throws InterruptedException {
        var bytes = ("__" + text + "__").getBytes(StandardCharsets.UTF_8);
        output.accept(stream, bytes, 2, bytes.length - 4);
    }

    @Test
    void aSecretIsMaskedWhereverItIsCut() throws Exception {
        for (int cut = 0; cut <= SECRET.length(); cut++) {
            heard.clear();
            var output = output(new Secret(SECRET));
            print(output, Stream.STDOUT, "token=" + SECRET.substring(0, cut));
            print(output, Stream.STDOUT, SECRET.substring(cut) + " end\n");
            output.close();
            assertThat(heard(Stream.STDOUT))
                    .as("cut at " + cut)
                    .startsWith("token=")
                    .endsWith(" end\n")
                    .doesNotContain(SECRET);
        }
    }

    @Test
    void theTwoStreamsDoNotMix() throws Exception {
        var output = output(new Secret(SECRET));
        print(output, Stream.STDOUT, SECRET.substring(0, 7));
        print(output, Stream.STDERR, SECRET.substring(7));
        output.close();
        assertThat(heard(Stream.STDOUT)).isEqualTo(SECRET.substring(0, 7));
        assertThat(heard(Stream.STDERR)).isEqualTo(SECRET.substring(7));
    }

    @Test
    void whatMightHaveBecomeASecretComesAtTheEnd() throws Exception {
        var output = output(new Secret(SECRET));
        print(output, Stream.STDOUT, "almost " + SECRET.substring(0, 10));
        assertThat(heard(Stream.STDOUT)).isEqualTo("almost ");
        output.close();
        assertThat(heard(Stream.STDOUT)).isEqualTo("almost " + SECRET.substring(0, 10));
    }

    @Test
    void withoutSecretsEverythingPassesAtOnce() throws Exception {
        var output = output();
        print(output, Stream.STDERR, SECRET);
        assertThat(heard(Stream.STDERR)).isEqualTo(SECRET);
        output.close();
        assertThat(heard(Stream.STDERR)).isEqualTo(SECRET);
    }
}
