package io.linkops.vault;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class StreamMaskProperties {

    /** Wherever a stream is cut, no form of a secret comes through, and all the rest does, in order. */
    @Property(tries = 1000)
    void noFormOfASecretComesThroughWhereverTheStreamIsCut(
            @ForAll("secrets") String secret, @ForAll("pieces") List<Integer> pieces, @ForAll Random random) {
        var forms = forms(secret);
        var text = new StringBuilder();
        var expected = new StringBuilder();
        for (int piece : pieces) {
            // Between two pieces stands what is in no form of any secret.
            text.append('\u0001').append(piece < 0 ? "#".repeat(-piece) : forms.get(piece % forms.size()));
            expected.append('\u0001').append(piece < 0 ? "#".repeat(-piece) : "***");
        }
        assertThat(masked(List.of(secret), text.toString(), random)).isEqualTo(expected.toString());
    }

    /** What holds no secret comes through byte for byte, whatever it begins like. */
    @Property(tries = 1000)
    void everythingElseComesThroughAsItIs(@ForAll("secrets") String secret, @ForAll Random random) {
        var text = new StringBuilder();
        for (int i = random.nextInt(20); i > 0; i--) {
            // A beginning, cut short, is none.
            text.append(secret, 0, random.nextInt(secret.length() - 1)).append('\u0001');
        }
        assertThat(masked(List.of(secret), text.toString(), random)).isEqualTo(text.toString());
    }

    @Example
    void secretsThatOverlapLeaveNothingOfEither() {
        var random = new Random(1);
        assertThat(masked(List.of("abcdefgh", "fghijklm"), "x abcdefghijklm y", random))
                .isEqualTo("x *** y");
        assertThat(masked(List.of("secret-long", "secret-long-and-more"), "secret-long-and-more", random))
                .isEqualTo("***");
        assertThat(masked(List.of("secret-long", "secret-long-and-more"), "secret-long-and-less", random))
                .isEqualTo("***-and-less");
    }

    /** What can't become a secret any more is not held back, so that a prompt is seen at once. */
    @Example
    void nothingIsHeldBackThatIsNoBeginning() {
        var mask = new StreamMask(List.of(new Secret("correct horse")));
        var bytes = "login: ".getBytes(StandardCharsets.UTF_8);
        assertThat(mask.mask(bytes, 0, bytes.length)).isEqualTo(bytes);
        var begin = "corr".getBytes(StandardCharsets.UTF_8);
        assertThat(mask.mask(begin, 0, begin.length)).isEmpty();
        assertThat(mask.end()).isEqualTo(begin);
    }

    private static String masked(List<String> secrets, String text, Random random) {
        var mask = new StreamMask(secrets.stream().map(Secret::new).toList());
        var out = new ByteArrayOutputStream();
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        for (int at = 0; at < bytes.length; ) {
            int length = Math.min(bytes.length - at, 1 + random.nextInt(12));
            out.writeBytes(mask.mask(bytes, at, length));
            at += length;
        }
        out.writeBytes(mask.end());
        return out.toString(StandardCharsets.UTF_8);
    }

    private static List<String> forms(String secret) {
        byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
        var url = URLEncoder.encode(secret, StandardCharsets.UTF_8);
        var base64 = Base64.getEncoder().encodeToString(bytes);
        List<String> forms = new ArrayList<>(List.of(
                secret,
                url,
                url.replace("+", "%20"),
                url.toLowerCase(java.util.Locale.ROOT).equals(url) ? url : secret,
                base64,
                URLEncoder.encode(base64, StandardCharsets.UTF_8),
                HexFormat.of().formatHex(bytes),
                HexFormat.of().withUpperCase().formatHex(bytes)));
        return forms;
    }

    @Provide
    Arbitrary<String> secrets() {
        return Arbitraries.oneOf(
                        Arbitraries.strings().ofMinLength(6).ofMaxLength(40).withCharRange(' ', '~'),
                        Arbitraries.strings().ofMinLength(6).ofMaxLength(20).withChars("ab%+25 "),
                        Arbitraries.strings().ofMinLength(6).ofMaxLength(20).withChars("aé€ö/=+"))
                // A run of the filler is no secret, nor is what a mark would complete.
                .filter(secret -> !secret.contains("#") && !secret.contains("*"));
    }

    @Provide
    Arbitrary<List<Integer>> pieces() {
        return Arbitraries.integers().between(-5, 20).filter(i -> i != 0).list().ofMaxSize(12);
    }
}
