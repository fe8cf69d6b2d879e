package io.linkops.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkops.SettableClock;
import io.linkops.accounts.AccountsVerticle;
import io.linkops.config.ApiConfig;
import io.linkops.config.DatabaseConfig;
import io.linkops.config.MetricsAccess;
import io.linkops.config.SecurityConfig;
import io.linkops.store.Database;
import io.linkops.vault.Secret;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/**
 * P3: For any expired or malformed JWT (wrong signature, alg none, truncated, altered), API requests return 401. Over
 * real HTTP, with the real accounts on a real SQLite file.
 */
class TokenProperties {
    private static final String KEY = "a signing key for tests, 0123456789 long";
    private static final String WORDS = "the first admin's words";
    private static final SettableClock CLOCK = new SettableClock(FakeRooms.THEN);
    private static TestApi api;
    private static Path directory;
    private static Database database;
    private static String token;

    @BeforeContainer
    static void start() throws Exception {
        api = TestApi.withoutAccounts();
        directory = Files.createTempDirectory("linkops-api");
        database = TestApi.join(Database.open(
                api.vertx, new DatabaseConfig(directory.resolve("linkops.db"), 1, Duration.ofSeconds(5), 1_000)));
        var config = new ApiConfig(
                "127.0.0.1",
                0,
                new Secret(KEY),
                Duration.ofHours(24),
                List.of(),
                1_024,
                10,
                MetricsAccess.TOKEN,
                List.of(),
                null,
                null);
        var security = new SecurityConfig(
                5,
                Duration.ofMinutes(5),
                Duration.ofMinutes(5),
                50,
                12,
                true,
                Duration.ofHours(24),
                java.nio.file.Path.of("secrets"),
                null,
                null);
        TestApi.join(api.vertx.deployVerticle(new AccountsVerticle(
                database, config, security, directory, new Secret(WORDS), made -> {}, CLOCK, new SecureRandom())));
        var session = api.http.post(
                "/api/auth/login", new JsonObject().put("username", "admin").put("password", WORDS));
        assertThat(session.status()).as(session.text()).isEqualTo(200);
        token = session.json().getString("token");
    }

    @AfterContainer
    static void stop() throws IOException {
        TestApi.join(database.close());
        api.close();
        try (var files = Files.walk(directory)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private static void requireRefused(String wrong) {
        var answer = api.http.get("/api/auth/me", "Authorization: Bearer " + wrong);
        assertThat(answer.status()).as(wrong).isEqualTo(401);
        assertThat(api.http.get("/api/auth/me", "Cookie: linkops=" + wrong).status())
                .isEqualTo(401);
        assertThat(api.http
                        .get("/api/auth/me", "Authorization: Bearer " + token)
                        .status())
                .isEqualTo(200);
    }

    /** P3, truncated. */
    @Property(tries = 100)
    @Tag("P3")
    void aTruncatedTokenIsRefused(@ForAll @IntRange(max = 10_000) int length) {
        requireRefused(token.substring(0, length % token.length()));
    }

    /** P3, altered: what any one character stood for is something else now. */
    @Property(tries = 200)
    @Tag("P3")
    void anAlteredTokenIsRefused(@ForAll @IntRange(max = 10_000) int place, @ForAll("tokenCharacters") char other) {
        var at = place % token.length();
        var altered = token.substring(0, at) + other + token.substring(at + 1);
        if (!decoded(altered).equals(decoded(token))) {
            requireRefused(altered);
        }
    }

    /** P3, wrong signature and alg none. */
    @Property(tries = 100)
    @Tag("P3")
    void aTokenThatSomebodyElseSignedIsRefused(
            @ForAll("algorithms") String algorithm, @ForAll("keys") String key, @ForAll boolean isSigned) {
        var parts = token.split("\\.", -1);
        var signed = base64("{\"typ\":\"JWT\",\"alg\":\"" + algorithm + "\"}") + "." + parts[1];
        requireRefused(signed + "." + (isSigned ? sign(signed, key) : ""));
    }

    /** P3, expired: valid until the very instant and never after. */
    @Property(tries = 100)
    @Tag("P3")
    void anExpiredTokenIsRefused(@ForAll @LongRange(min = 1, max = 100_000_000) long seconds) {
        CLOCK.set(FakeRooms.THEN.plus(Duration.ofHours(24)).plusSeconds(seconds));
        try {
            var answer = api.http.get("/api/auth/me", "Authorization: Bearer " + token);
            assertThat(answer.status()).isEqualTo(401);
            assertThat(answer.errorCode()).isEqualTo("TOKEN_EXPIRED");
        } finally {
            CLOCK.set(FakeRooms.THEN);
        }
    }

    /** P3, malformed. */
    @Property(tries = 200)
    @Tag("P3")
    void anyOtherTextIsRefused(@ForAll("texts") String text) {
        requireRefused(text);
    }

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.strings()
                .withCharRange('!', '~')
                .excludeChars(';', ',')
                .ofMaxLength(80);
    }

    @Provide
    Arbitrary<Character> tokenCharacters() {
        return Arbitraries.chars().alpha().numeric().with('-', '_', '.');
    }

    @Provide
    Arbitrary<String> algorithms() {
        return Arbitraries.of("none", "None", "NONE", "HS256", "HS384", "HS512", "RS256", "ES256", "");
    }

    @Provide
    Arbitrary<String> keys() {
        return Arbitraries.strings().ascii().ofMinLength(1).ofMaxLength(50).filter(key -> !key.equals(KEY));
    }

    private static String sign(String text, String key) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            var signature = mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(signature);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String base64(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Some last characters of base64 carry bits that count for nothing. */
    private static List<String> decoded(String jwt) {
        return java.util.Arrays.stream(jwt.split("\\.", -1))
                .map(TokenProperties::bytes)
                .toList();
    }

    private static String bytes(String part) {
        try {
            return java.util.HexFormat.of().formatHex(Base64.getUrlDecoder().decode(part));
        } catch (IllegalArgumentException e) {
            return "not base64: " + part;
        }
    }
}
