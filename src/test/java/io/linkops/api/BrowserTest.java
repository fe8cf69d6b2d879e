package io.linkops.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a browser relies on: the page, its policy, caching, cookies, and what other sites can't do. */
class BrowserTest {
    private static final String HTML = "Accept: text/html,application/xhtml+xml";
    private static final String LOGIN = "{\"username\":\"alice\",\"password\":\"pw\"}";
    private static TestApi api;

    @BeforeAll
    static void start() {
        api = new TestApi();
    }

    @AfterAll
    static void stop() {
        api.close();
    }

    @Test
    void everyPageHasItsOwnNonceInPolicyAndText() {
        Set<String> nonces = new HashSet<>();
        for (int i = 0; i < 20; i++) {
            var page = api.http.get("/", HTML);
            var policy = Objects.requireNonNull(page.header("Content-Security-Policy"));
            var nonce = Pattern.compile("'nonce-([A-Za-z0-9+/]{24})'").matcher(policy);
            assertThat(nonce.find()).isTrue();
            assertThat(policy)
                    .isEqualTo("default-src 'self'; style-src 'self' 'nonce-" + nonce.group(1)
                            + "'; img-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'none'; "
                            + "form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'");
            assertThat(page.text()).contains("nonce=\"" + nonce.group(1) + "\"").doesNotContain("@nonce@");
            assertThat(page.header("Cache-Control")).isEqualTo("no-cache");
            nonces.add(nonce.group(1));
        }
        assertThat(nonces).hasSize(20);
    }

    @Test
    void everyAddressOfTheBrowsersOwnIsThePage() {
        for (var path : List.of("/links", "/operations/op-1", "/index.html", "/a/b/c", "/API/links", "/api;x/links")) {
            var page = api.http.get(path, HTML);
            assertThat(page.status()).as(path).isEqualTo(200);
            assertThat(page.text()).contains("test page").doesNotContain("@nonce@");
        }
        assertThat(api.http.get("/links").status()).isEqualTo(404);
        assertThat(api.http.get("/api/links/../../api", HTML).status()).isEqualTo(404);
    }

    @Test
    void hashedFilesAreKeptForEver() {
        var asset = api.http.get("/assets/main-1a2b.js");
        assertThat(asset.status()).isEqualTo(200);
        assertThat(asset.header("Cache-Control")).isEqualTo("public, immutable, max-age=31536000");
        assertThat(asset.header("Content-Type")).isEqualTo("text/javascript; charset=utf-8");
        var again = api.http.get("/assets/main-1a2b.js", "Accept-Encoding: gzip");
        assertThat(again.header("Content-Encoding")).isEqualTo("gzip");
        assertThat(again.body().size()).isLessThan(asset.body().size());
        var icon = api.http.get("/favicon.svg");
        assertThat(icon.header("Cache-Control")).isEqualTo("no-cache");
        assertThat(icon.header("Content-Type")).isEqualTo("image/svg+xml");
    }

    @Test
    void noFileOutsideOfTheFolderIsServed() {
        for (var path : List.of(
                "/assets/../index.html.x", "/assets/..%2f..%2fopenapi.yaml", "/assets/%2e%2e/%2e%2e/openapi.yaml",
                "/assets//etc/passwd", "/../openapi.yaml", "/..%2fopenapi.yaml", "/openapi.yaml", "/assets/",
                "/assets/none.js", "/io/linkops/Main.class", "/META-INF/MANIFEST.MF", "/assets/.hidden", "/.env")) {
            assertThat(api.http.get(path).status()).as(path).isEqualTo(404);
        }
    }

    @Test
    void saysSoWhenThereIsNoFrontend() {
        try (var bare = new TestApi(TestApi.config(), TestApi.QUICK, "no-such-folder")) {
            var page = bare.http.get("/", HTML);
            assertThat(page.status()).isEqualTo(200);
            assertThat(page.text()).contains("without its browser frontend");
        }
    }

    @Test
    void everyAnswerHasTheSecurityHeaders() {
        for (var path : List.of("/", "/api/links", "/api/none", "/healthz", "/assets/main-1a2b.js", "/api/version")) {
            var answer = api.http.get(path, HTML);
            assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
            assertThat(answer.header("X-Frame-Options")).isEqualTo("DENY");
            assertThat(answer.header("Referrer-Policy")).isEqualTo("no-referrer");
            assertThat(answer.header("Content-Security-Policy")).contains("frame-ancestors 'none'");
            assertThat(answer.headers()).doesNotContainKeys("strict-transport-security", "server");
        }
        assertThat(api.http.get("/api/links", TestApi.as("viewer")).header("Cache-Control")).isEqualTo("no-store");
        assertThat(api.http.get("/", "X-Forwarded-Proto: https").header("Strict-Transport-Security")).isNotNull();
    }

    @Test
    void logInSetsACookieThatNoScriptReadsAndNoOtherSiteSends() {
        var plain = Objects.requireNonNull(api.http.post("/api/auth/login", LOGIN).header("Set-Cookie"));
        assertThat(plain)
                .startsWith("linkops=operator;")
                .containsIgnoringCase("HttpOnly")
                .contains("SameSite=Strict", "Path=/", "Max-Age=86400")
                .doesNotContain("Secure", "Domain");
        var secure = Objects.requireNonNull(
                api.http.post("/api/auth/login", LOGIN, "X-Forwarded-Proto: https").header("Set-Cookie"));
        assertThat(secure).startsWith("__Host-linkops=operator;").contains("Secure", "HTTPOnly", "Path=/");
    }

    @Test
    void logOutClearsTheCookie() {
        var answer = api.http.post("/api/auth/logout", "", "Cookie: linkops=viewer", "X-LinkOps: 1");
        assertThat(answer.status()).isEqualTo(204);
        assertThat(answer.header("Set-Cookie")).startsWith("linkops=;").contains("Max-Age=0");
    }

    @Test
    void theCookieChangesNothingWithoutTheHeader() {
        var cookie = "Cookie: a=b; linkops=operator";
        assertThat(api.http.get("/api/links", cookie).status()).isEqualTo(200);
        assertThat(api.http.send("HEAD", "/api/links", null, cookie).status()).isEqualTo(200);
        assertThat(api.http.post("/api/git/sync", "", cookie).errorCode()).isEqualTo("FORBIDDEN");
        assertThat(api.http.post("/api/git/sync", "", cookie, "X-LinkOps: 0").status()).isEqualTo(403);
        assertThat(api.http.post("/api/git/sync", "", cookie, "X-LinkOps: 1").status()).isEqualTo(200);
        assertThat(api.http.post("/api/git/sync", "", TestApi.as("operator")).status()).isEqualTo(200);
    }

    @Test
    void overTlsOnlyTheCookieCountsThatBrowsersTakeFromTls() {
        var tls = "X-Forwarded-Proto: https";
        assertThat(api.http.get("/api/links", tls, "Cookie: linkops=viewer").status()).isEqualTo(401);
        assertThat(api.http.get("/api/links", tls, "Cookie: __Host-linkops=viewer").status()).isEqualTo(200);
    }

    @Test
    void aPageOfAnotherOriginChangesNothing() {
        var own = "Origin: http://localhost:" + api.port;
        var target = "/api/git/sync";
        var operator = TestApi.as("operator");
        assertThat(api.http.post(target, "", operator, own).status()).isEqualTo(200);
        assertThat(api.http.post(target, "", operator, "Origin: https://friend.example").status()).isEqualTo(200);
        for (var origin : List.of(
                "https://evil.example", "null", "http://localhost", "http://localhost:1", "localhost:" + api.port, "",
                "https://friend.example.evil", "http://friend.example", "https://FRIEND.example", "*")) {
            var answer = api.http.post(target, "", operator, "Origin: " + origin);
            assertThat(answer.status()).as(origin).isEqualTo(403);
            assertThat(answer.headers()).doesNotContainKey("access-control-allow-origin");
        }
        assertThat(api.http.post("/api/auth/login", LOGIN, "Origin: https://evil.example").status()).isEqualTo(403);
        assertThat(api.http.post(target, "", operator, own, "Origin: https://evil.example").status()).isEqualTo(403);
    }

    @Test
    void onlyListedOriginsReadAnswers() {
        var friend = api.http.get("/api/links", TestApi.as("viewer"), "Origin: https://friend.example");
        assertThat(friend.header("Access-Control-Allow-Origin")).isEqualTo("https://friend.example");
        assertThat(friend.header("Vary")).contains("Origin");
        assertThat(friend.headers()).doesNotContainKey("access-control-allow-credentials");
        var stranger = api.http.get("/api/links", TestApi.as("viewer"), "Origin: https://evil.example");
        assertThat(stranger.headers()).doesNotContainKey("access-control-allow-origin");
    }

    @Test
    void onlyListedOriginsPassThePreflight() {
        var asked = "Access-Control-Request-Method: PUT";
        var friend = api.http.send("OPTIONS", "/api/links", null, "Origin: https://friend.example", asked);
        assertThat(friend.status()).isEqualTo(204);
        assertThat(friend.header("Access-Control-Allow-Methods")).contains("PUT");
        assertThat(friend.header("Access-Control-Allow-Headers")).contains("Authorization");
        assertThat(api.http.send("OPTIONS", "/api/links", null, "Origin: https://evil.example", asked).status())
                .isEqualTo(403);
    }
}
