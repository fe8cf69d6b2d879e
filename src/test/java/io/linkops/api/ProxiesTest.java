package io.linkops.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkops.accounts.Accounts;
import io.linkops.config.ApiConfig;
import io.linkops.config.MetricsAccess;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Forwarded-for headers are a claim; from configured proxies alone they are taken for more. */
class ProxiesTest {
    private static final JsonObject LOGIN =
            new JsonObject().put("username", "ada").put("password", "whatever it is");

    private static TestApi behind(String... proxies) {
        return new TestApi(
                new ApiConfig(
                        "127.0.0.1",
                        0,
                        null,
                        Duration.ofHours(24),
                        List.of(),
                        64 * 1024,
                        10,
                        MetricsAccess.TOKEN,
                        List.of(proxies),
                        null,
                        null),
                TestApi.QUICK,
                "web-test");
    }

    private static String seen(TestApi api, String... headers) {
        assertThat(api.http.post("/api/auth/login", LOGIN, headers).status()).isEqualTo(200);
        return api.rooms.asked(Accounts.Login.class).remoteAddress();
    }

    @Test
    void withoutProxiesNobodyCanChooseAnAddressOrPretendTls() {
        try (var api = behind()) {
            assertThat(seen(api, "X-Forwarded-For: 203.0.113.1", "X-Forwarded-Proto: https"))
                    .isEqualTo("127.0.0.1");
            var answer = api.http.post("/api/auth/login", LOGIN, "X-Forwarded-Proto: https");
            assertThat(answer.header("Set-Cookie")).startsWith("linkops=").doesNotContain("Secure");
            assertThat(answer.header("Strict-Transport-Security")).isNull();
        }
        try (var api = behind("10.0.0.0/8")) {
            assertThat(seen(api, "X-Forwarded-For: 203.0.113.1")).isEqualTo("127.0.0.1");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        203.0.113.1                          | 203.0.113.1
        198.51.100.7, 203.0.113.1            | 203.0.113.1
        198.51.100.7, 203.0.113.1, 10.1.2.3  | 203.0.113.1
        10.1.2.3                             | 10.1.2.3
        203.0.113.1:4711                     | 203.0.113.1
        [2001:db8::1]:4711                   | 2001:db8::1
        2001:db8::1, 10.0.0.1                | 2001:db8::1
        203.0.113.1, unknown                 | 127.0.0.1
        203.0.113.1, unknown, 10.0.0.2       | 10.0.0.2
        localhost                            | 127.0.0.1
        999.1.1.1                            | 127.0.0.1
        203.0.113.1,                         | 127.0.0.1
        """)
    void behindAProxyTheRightmostAddressThatIsNoneCounts(String header, String client) {
        try (var api = behind("127.0.0.1", "10.0.0.0/8")) {
            assertThat(seen(api, "X-Forwarded-For: " + header)).isEqualTo(client);
        }
    }

    @Test
    void severalHeadersAreOneListAndTheNearestWordOnTlsCounts() {
        try (var api = behind("127.0.0.0/8")) {
            assertThat(seen(api, "X-Forwarded-For: 198.51.100.7", "X-Forwarded-For: 203.0.113.1"))
                    .isEqualTo("203.0.113.1");
            var answer = api.http.post("/api/auth/login", LOGIN, "X-Forwarded-Proto: https");
            assertThat(answer.header("Set-Cookie"))
                    .startsWith("__Host-linkops=")
                    .contains("Secure");
            var last = api.http.post("/api/auth/login", LOGIN, "X-Forwarded-Proto: https", "X-Forwarded-Proto: http");
            assertThat(last.header("Set-Cookie")).startsWith("linkops=");
        }
    }
}
