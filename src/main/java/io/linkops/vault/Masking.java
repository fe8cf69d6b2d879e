package io.linkops.vault;

import java.util.BitSet;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Takes secrets out of texts that people or files will see: every registered value becomes {@code ***}, also in its
 * base64, hexadecimal, URL and JSON forms, and so do the credentials of URLs.
 *
 * <p>Bounded: values shorter than {@value #SHORTEST} characters are not registered (they would blacken ordinary words),
 * nor more than {@value #MOST} of them.
 */
public final class Masking {
    public static final String MASK = "***";
    public static final int SHORTEST = 6;
    public static final int MOST = 200;

    /** scheme://user:password@ — the user too where it is a token's place (http, https). */
    private static final Pattern WEB_CREDENTIALS = Pattern.compile("(?i)\\b(https?://)[^/\\s@\"'<>]{1,4096}@");

    private static final Pattern PASSWORD =
            Pattern.compile("(?i)\\b([a-z][a-z0-9+.-]{0,30}://[^/\\s@:\"'<>]{0,256}:)[^/\\s@\"'<>]{1,4096}@");

    private final Map<String, SecretForms> formsOfSecrets = new ConcurrentHashMap<>();

    /** Whether the value will be masked from now on. */
    public boolean register(@Nullable Secret secret) {
        return secret != null && register(secret.reveal());
    }

    /** Whether the value will be masked from now on. */
    public boolean register(String secret) {
        if (secret.length() < SHORTEST || isFullFor(secret)) {
            return false;
        }
        formsOfSecrets.computeIfAbsent(secret, SecretForms::of);
        return true;
    }

    private boolean isFullFor(String secret) {
        return formsOfSecrets.size() >= MOST && !formsOfSecrets.containsKey(secret);
    }

    /** The text without secrets. */
    public String mask(String text) {
        return urls(values(text));
    }

    /** The text without the credentials of URLs: all that can be done where no secret is known. */
    public static String urls(String text) {
        if (!text.contains("://")) {
            return text;
        }
        var web = WEB_CREDENTIALS.matcher(text).replaceAll("$1" + MASK + "@");
        return PASSWORD.matcher(web).replaceAll("$1" + MASK + "@");
    }

    /** Marks before it replaces: where secrets overlap, no part of either is left. */
    private String values(String text) {
        var spans = new BitSet();
        formsOfSecrets.values().forEach(forms -> forms.mark(text, spans));
        return spans.isEmpty() ? text : withoutSpans(text, spans);
    }

    private static String withoutSpans(String text, BitSet spans) {
        var masked = new StringBuilder();
        int done = 0;
        for (int from = spans.nextSetBit(0); from >= 0; from = spans.nextSetBit(done)) {
            masked.append(text, done, from).append(MASK);
            done = spans.nextClearBit(from);
        }
        return masked.append(text, done, text.length()).toString();
    }
}
