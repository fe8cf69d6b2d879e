package io.linkops.notifications;

import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import io.linkops.notifications.Notifications.ChannelKind;
import io.linkops.notifications.Notifications.Wish;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Says what is wrong with a channel as it is wished for. Pure. */
final class WishCheck {
    static final int MOST_RECIPIENTS = 50;
    static final int SHORTEST_SECRET = 16;

    private static final int LONGEST_URL = 2_000;
    /** Stricter than what mail allows: nothing that could end a header or an SMTP command. */
    private static final Pattern ADDRESS = Pattern.compile(
            "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?");

    private WishCheck() {}

    /** @param hasMail whether a mail server is configured */
    static void require(Wish wish, boolean hasMail) {
        var problems = new TreeMap<String, String>();
        if (wish.name().isBlank()) {
            problems.put("name", "must not be empty");
        }
        if (wish.topics().isEmpty() || wish.topics().contains(Notifications.Topic.CHANNEL_TEST)) {
            problems.put("events", "must name at least one that can be chosen");
        }
        if (wish.kind() == ChannelKind.WEBHOOK) {
            webhook(wish, problems);
        } else {
            mail(wish, hasMail, problems);
        }
        if (!problems.isEmpty()) {
            var first = problems.firstEntry();
            throw new Failure(
                    ErrorCode.VALIDATION_FAILED,
                    first.getKey() + " " + first.getValue(),
                    Map.of("fields", Map.copyOf(problems)));
        }
    }

    private static void webhook(Wish wish, Map<String, String> problems) {
        var url = wish.url() == null ? "is missing" : urlProblem(wish.url());
        if (url != null) {
            problems.put("url", url);
        }
        if (wish.secret() != null && wish.secret().length() < SHORTEST_SECRET) {
            problems.put(
                    "secret", "must have at least " + SHORTEST_SECRET + " characters; leave it out to have one made");
        }
        if (!wish.to().isEmpty()) {
            problems.put("to", "is for mail; a webhook has a url");
        }
    }

    private static void mail(Wish wish, boolean hasMail, Map<String, String> problems) {
        if (!hasMail) {
            problems.put("kind", "can't be mail: no mail server is configured; set notifications.smtp_host");
        }
        if (wish.url() != null || wish.secret() != null) {
            problems.put(wish.url() == null ? "secret" : "url", "is for webhooks; a mail has addresses in to");
        }
        if (wish.to().isEmpty() || wish.to().size() > MOST_RECIPIENTS) {
            problems.put("to", "must have from 1 to " + MOST_RECIPIENTS + " addresses");
        }
        for (int i = 0; i < wish.to().size(); i++) {
            if (!isAddress(wish.to().get(i))) {
                problems.put("to[" + i + "]", "must be a plain address such as ops@example.com");
            }
        }
    }

    static boolean isAddress(String text) {
        return text.length() <= 254 && ADDRESS.matcher(text).matches();
    }

    static @Nullable String urlProblem(String url) {
        if (url.length() > LONGEST_URL || !url.chars().allMatch(c -> c > ' ' && c < 127)) {
            return "must be plain ASCII without spaces, at most " + LONGEST_URL + " characters";
        }
        try {
            var uri = new URI(url);
            if (!"https".equalsIgnoreCase(uri.getScheme()) && !"http".equalsIgnoreCase(uri.getScheme())) {
                return "must begin with https:// or http://";
            }
            if (uri.getHost() == null || uri.getPort() == 0 || uri.getPort() > 65_535) {
                return "must have a host, and a port from 1 to 65535 if any";
            }
            if (uri.getRawUserInfo() != null || uri.getRawFragment() != null) {
                return "must not have a user, a password or a fragment (#)";
            }
            return null;
        } catch (URISyntaxException e) {
            return "is not a URL";
        }
    }
}
