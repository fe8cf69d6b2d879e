package io.linkops.notifications;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.linkops.bus.Failure;
import io.linkops.notifications.Notifications.ChannelKind;
import io.linkops.notifications.Notifications.Topic;
import io.linkops.notifications.Notifications.Wish;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is said of channels that cannot be. */
class WishCheckTest {
    private static final String URL = "https://chat.example.com/hook";
    private static final String SECRET = "0123456789abcdef";
    private static final List<Topic> TOPICS = List.of(Topic.OPERATION_FAILED);

    private static Wish webhook(String url, String secret, List<String> to) {
        return new Wish("Chat", ChannelKind.WEBHOOK, url, secret, to, TOPICS, List.of(), List.of(), true);
    }

    private static Wish mail(String url, String secret, List<String> to) {
        return new Wish("Ops", ChannelKind.MAIL, url, secret, to, TOPICS, List.of(), List.of(), true);
    }

    private static void isTaken(Wish wish) {
        assertThatCode(() -> WishCheck.require(wish, true)).doesNotThrowAnyException();
    }

    @SuppressWarnings("unchecked")
    private static Map<String, String> problems(Wish wish, boolean hasMail) {
        var failure = catchThrowableOfType(Failure.class, () -> WishCheck.require(wish, hasMail));
        assertThat(failure).as("it was taken").isNotNull();
        return (Map<String, String>) failure.details().get("fields");
    }

    @Test
    void whatIsWholeIsTaken() {
        isTaken(webhook(URL, null, List.of()));
        isTaken(webhook(URL, SECRET, List.of()));
        isTaken(mail(null, null, List.of("ops@example.com")));
        isTaken(mail(null, null, Collections.nCopies(WishCheck.MOST_RECIPIENTS, "ops@example.com")));
    }

    @Test
    void aChannelHasANameAndSomethingToTell() {
        var nameless = new Wish(" ", ChannelKind.WEBHOOK, URL, null, List.of(), List.of(), List.of(), List.of(), true);
        assertThat(problems(nameless, true)).containsOnlyKeys("name", "events");
        var test = List.of(Topic.OPERATION_FAILED, Topic.CHANNEL_TEST);
        var testing = new Wish("x", ChannelKind.WEBHOOK, URL, null, List.of(), test, List.of(), List.of(), true);
        assertThat(problems(testing, true)).containsOnlyKeys("events");
    }

    @Test
    void aWebhookNeedsAUrlAndAnyLongEnoughSecretAndNoAddresses() {
        assertThat(problems(webhook(null, null, List.of()), true)).containsOnlyKeys("url");
        assertThat(problems(webhook(URL, SECRET.substring(1), List.of("ops@example.com")), true))
                .containsOnlyKeys("secret", "to");
    }

    @Test
    void mailNeedsAServerAndAddressesAndNothingOfAWebhook() {
        assertThat(problems(mail(null, null, List.of("ops@example.com")), false))
                .containsOnlyKeys("kind");
        assertThat(problems(mail(URL, null, List.of()), true)).containsOnlyKeys("url", "to");
        assertThat(problems(mail(null, SECRET, List.of("ops@example.com", "ops@@example.com")), true))
                .containsOnlyKeys("secret", "to[1]");
        assertThat(problems(mail(null, null, Collections.nCopies(51, "ops@example.com")), true))
                .containsOnlyKeys("to");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://10.0.0.5", "HTTPS://example.com:65535/a?b=c", "https://[2001:db8::1]:8443/"})
    void theseAreUrls(String url) {
        assertThat(WishCheck.urlProblem(url)).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ftp://example.com/",
                "file:///etc/passwd",
                "//example.com/",
                "https:///path",
                "https://example.com:0/",
                "https://example.com:65536/",
                "https://user:pass@example.com/",
                "https://example.com/#part",
                "https://example.com/a b",
                "https://exämple.com/",
                "https://example.com/\u007f",
                "https://[::1/",
                ""
            })
    void theseAreNot(String url) {
        assertThat(WishCheck.urlProblem(url)).isNotNull();
    }

    @Test
    void aUrlHasAnEnd() {
        var longest = "https://example.com/" + "a".repeat(1980);
        assertThat(WishCheck.urlProblem(longest)).isNull();
        assertThat(WishCheck.urlProblem(longest + "a")).contains("2000");
    }
}
