package io.linkops.vault;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Masking: no secret leaves in any of the forms in which texts carry one. */
class MaskingProperties {

    /** For any secret and any text around it, the masked text has neither the secret nor one of its encodings. */
    @Property(tries = 500)
    void noFormOfASecretIsLeft(
            @ForAll("secrets") String secret, @ForAll("texts") String before, @ForAll("texts") String after) {
        var masking = new Masking();
        masking.register(secret);
        var bytes = secret.getBytes(StandardCharsets.UTF_8);
        var url = URLEncoder.encode(secret, StandardCharsets.UTF_8);
        for (var form : new String[] {
            secret,
            Base64.getEncoder().encodeToString(bytes),
            Base64.getUrlEncoder().withoutPadding().encodeToString(bytes),
            HexFormat.of().formatHex(bytes),
            url,
            url.replace("+", "%20"),
            percentEveryByte(bytes)
        }) {
            assertThat(masking.mask(before + form + after)).doesNotContain(form).contains("***");
        }
    }

    /** For any user name, the Basic credentials made with a secret do not give it away. */
    @Property(tries = 500)
    void basicCredentialsAreMasked(@ForAll("secrets") String secret, @ForAll("texts") String user) {
        var masking = new Masking();
        masking.register(secret);
        var credentials = (user + ":" + secret + ":" + user).getBytes(StandardCharsets.UTF_8);
        var encoded = Base64.getEncoder().encodeToString(credentials);
        var masked = masking.mask("Authorization: Basic " + encoded);
        assertThat(masked).contains("***");
        // Beside the mask at most the bits that its first and last character share with their neighbours are left.
        int left = masked.length() - "Authorization: Basic ***".length();
        assertThat(left * 6 / 8)
                .isLessThanOrEqualTo(credentials.length - secret.getBytes(StandardCharsets.UTF_8).length + 3);
    }

    /** For any secret inside a JSON text, the masked text does not have it. */
    @Property(tries = 200)
    void jsonTextsAreMasked(@ForAll("secrets") String secret) {
        var masking = new Masking();
        masking.register(secret);
        assertThat(masking.mask(new JsonObject().put("key", secret).encode())).isEqualTo("{\"key\":\"***\"}");
    }

    private static String percentEveryByte(byte[] bytes) {
        return "%" + HexFormat.ofDelimiter("%").formatHex(bytes);
    }

    @Provide
    Arbitrary<String> secrets() {
        return Arbitraries.strings()
                .withCharRange(' ', '~')
                .withChars("äß€\n\t")
                .excludeChars('*')
                .ofMinLength(Masking.SHORTEST)
                .ofMaxLength(60);
    }

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.strings().alpha().ofMaxLength(20);
    }
}
