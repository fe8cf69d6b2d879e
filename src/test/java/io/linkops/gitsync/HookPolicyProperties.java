package io.linkops.gitsync;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkops.bus.Bytes;
import io.linkops.gitsync.GitSync.Hook;
import io.linkops.gitsync.GitSync.HookOutcome;
import io.linkops.vault.Secret;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Only whoever knows the secret is heard, and only of the branch. */
class HookPolicyProperties {
    private static final String SECRET = "a-secret-of-the-webhook";
    private final HookPolicy policy = new HookPolicy(new Secret(SECRET), "main");

    static String hmac(String secret, byte[] body) throws Exception {
        var mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(secret.getBytes(java.nio.charset.StandardCharsets.UTF_8), "HmacSHA256"));
        return HexFormat.of().formatHex(mac.doFinal(body));
    }

    private static Hook hook(byte[] body, Map<String, String> headers) {
        return new Hook("192.0.2.1", headers, Bytes.of(body));
    }

    @Provide
    Arbitrary<byte[]> bodies() {
        return Arbitraries.bytes().array(byte[].class).ofMinSize(1).ofMaxSize(200);
    }

    @Provide
    Arbitrary<String> signatures() {
        return Arbitraries.of("x-hub-signature-256", "x-gitea-signature", "x-forgejo-signature");
    }

    private static String prefix(String header) {
        return header.startsWith("x-hub") ? "sha256=" : "";
    }

    /** For any body, the right signature is taken; after any change of body, signature or secret it is not. */
    @Property(tries = 300)
    void anyChangeBreaksTheSignature(
            @ForAll("bodies") byte[] body,
            @ForAll("signatures") String header,
            @ForAll @IntRange(min = 0, max = 511) int bit)
            throws Exception {
        var right = prefix(header) + hmac(SECRET, body);
        assertThat(policy.isSigned(hook(body, Map.of(header, right)))).isTrue();
        var other = body.clone();
        other[(bit / 8) % body.length] ^= (byte) (1 << (bit % 8));
        assertThat(policy.isSigned(hook(other, Map.of(header, right)))).isFalse();
        int at = bit % right.length();
        var changed = right.substring(0, at) + (right.charAt(at) == '0' ? '1' : '0') + right.substring(at + 1);
        assertThat(policy.isSigned(hook(body, Map.of(header, changed)))).isFalse();
        assertThat(policy.isSigned(hook(body, Map.of(header, right.substring(1)))))
                .isFalse();
        assertThat(policy.isSigned(hook(body, Map.of(header, prefix(header) + hmac(SECRET + "x", body)))))
                .isFalse();
        assertThat(policy.isSigned(hook(body, Map.of(header, "")))).isFalse();
    }

    /** For any body, without a signature nobody is heard, and one wrong signature beside a right one spoils both. */
    @Property(tries = 200)
    void everySignatureMustBeRight(@ForAll("bodies") byte[] body, @ForAll("signatures") String header)
            throws Exception {
        assertThat(policy.isSigned(hook(body, Map.of()))).isFalse();
        assertThat(policy.isSigned(hook(body, Map.of("x-gitlab-token", SECRET))))
                .isTrue();
        assertThat(policy.isSigned(hook(body, Map.of("x-gitlab-token", SECRET + " "))))
                .isFalse();
        var headers = new HashMap<String, String>();
        headers.put(header, prefix(header) + hmac(SECRET, body));
        headers.put("x-gitlab-token", "wrong");
        assertThat(policy.isSigned(hook(body, headers))).isFalse();
        headers.put("x-gitlab-token", SECRET);
        headers.put(header, "wrong");
        assertThat(policy.isSigned(hook(body, headers))).isFalse();
    }

    /** For any bytes as a signed body, the meaning is told, and a sync starts only for a push to the branch. */
    @Property(tries = 300)
    void anyBodyHasAMeaning(@ForAll("bodies") byte[] body, @ForAll("refs") String ref) {
        var event = Map.of("x-github-event", "push");
        assertThat(policy.meaning(hook(body, event)).outcome()).isEqualTo(HookOutcome.IGNORED);
        var push = new JsonObject().put("ref", ref).toBuffer().getBytes();
        assertThat(policy.meaning(hook(push, event)).outcome())
                .isEqualTo(ref.equals("refs/heads/main") ? HookOutcome.STARTED : HookOutcome.IGNORED);
    }

    @Provide
    Arbitrary<String> refs() {
        return Arbitraries.oneOf(
                Arbitraries.of("refs/heads/main", "refs/heads/main2", "refs/tags/main", "main", "refs/heads/Main", ""),
                Arbitraries.strings().ofMaxLength(20));
    }

    @Test
    void theHostsAreTold() {
        byte[] push = "{\"ref\":\"refs/heads/main\"}".getBytes(java.nio.charset.StandardCharsets.UTF_8);
        for (var header : new String[] {"x-github-event", "x-gitea-event", "x-forgejo-event"}) {
            assertThat(policy.meaning(hook(push, Map.of(header, "push"))).outcome())
                    .isEqualTo(HookOutcome.STARTED);
        }
        assertThat(policy.meaning(hook(push, Map.of("x-gitlab-event", "Push Hook")))
                        .outcome())
                .isEqualTo(HookOutcome.STARTED);
        assertThat(policy.meaning(hook(push, Map.of("x-gitlab-event", "Tag Push Hook")))
                        .outcome())
                .isEqualTo(HookOutcome.IGNORED);
        assertThat(policy.meaning(hook(push, Map.of("x-github-event", "ping"))).outcome())
                .isEqualTo(HookOutcome.PING);
        assertThat(policy.meaning(hook(push, Map.of())).why()).contains("names no event");
        assertThat(policy.meaning(hook(push, Map.of("x-github-event", "issues")))
                        .why())
                .contains("issues");
    }
}
