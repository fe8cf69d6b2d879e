package io.linkops.gitsync;

import io.linkops.gitsync.GitSync.Hook;
import io.linkops.gitsync.GitSync.HookAnswer;
import io.linkops.gitsync.GitSync.HookOutcome;
import io.linkops.vault.Secret;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * What a hook means (pure): whether it is signed with our secret, and whether it tells of a push to our branch. GitHub,
 * Gitea and Forgejo sign the body (HMAC-SHA256), GitLab sends the secret itself. Every signature that is there must be
 * right.
 */
final class HookPolicy {
    private static final List<String> SIGNATURES =
            List.of("x-hub-signature-256", "x-gitea-signature", "x-forgejo-signature");
    private static final String TOKEN = "x-gitlab-token";
    private static final List<String> EVENTS =
            List.of("x-github-event", "x-gitea-event", "x-forgejo-event", "x-gitlab-event");
    private static final Set<String> PUSHES = Set.of("push", "push hook");

    /** The headers that count. */
    static final Set<String> HEADERS = Set.copyOf(java.util.stream.Stream.of(SIGNATURES, List.of(TOKEN), EVENTS)
            .flatMap(List::stream)
            .toList());

    private final Secret secret;
    private final String branch;

    HookPolicy(Secret secret, String branch) {
        this.secret = secret;
        this.branch = branch;
    }

    boolean isSigned(Hook hook) {
        var expected = HexFormat.of().formatHex(hmac(hook.body().toArray()));
        boolean isAnyRight = false;
        for (var name : SIGNATURES) {
            var given = hook.headers().get(name);
            if (given != null) {
                var hex = name.equals(SIGNATURES.getFirst()) ? withoutPrefix(given) : given;
                if (!isEqual(expected, hex)) {
                    return false;
                }
                isAnyRight = true;
            }
        }
        var token = hook.headers().get(TOKEN);
        return token == null ? isAnyRight : isEqual(secret.reveal(), token);
    }

    private static String withoutPrefix(String signature) {
        return signature.startsWith("sha256=") ? signature.substring("sha256=".length()) : "";
    }

    /** In the same time wherever they differ, and however long they are. */
    private static boolean isEqual(String expected, String given) {
        return MessageDigest.isEqual(digest(expected), digest(given));
    }

    /** What a signed hook asks for. */
    HookAnswer meaning(Hook hook) {
        var event = event(hook.headers());
        if (event == null) {
            return ignored("it names no event (X-GitHub-Event, X-Gitea-Event, X-Forgejo-Event or X-Gitlab-Event)");
        }
        if (event.equals("ping")) {
            return new HookAnswer(HookOutcome.PING, null);
        }
        if (!PUSHES.contains(event)) {
            return ignored("it tells of " + Texts.shown(event) + "; only pushes start a sync");
        }
        var ref = ref(hook.body().text());
        if (ref == null) {
            return ignored("its body is not JSON that names a ref; set the hook's content type to application/json");
        }
        return ref.equals("refs/heads/" + branch)
                ? new HookAnswer(HookOutcome.STARTED, null)
                : ignored("it tells of " + Texts.shown(ref) + "; only the branch " + branch + " is followed");
    }

    private static @Nullable String event(Map<String, String> headers) {
        for (var name : EVENTS) {
            var event = headers.get(name);
            if (event != null) {
                return event.toLowerCase(java.util.Locale.ROOT);
            }
        }
        return null;
    }

    private static @Nullable String ref(String body) {
        try {
            return new JsonObject(body).getValue("ref") instanceof String ref ? ref : null;
        } catch (DecodeException e) {
            return null;
        }
    }

    private static HookAnswer ignored(String why) {
        return new HookAnswer(HookOutcome.IGNORED, why);
    }

    private byte[] hmac(byte[] body) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.reveal().getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return mac.doFinal(body);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] digest(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
