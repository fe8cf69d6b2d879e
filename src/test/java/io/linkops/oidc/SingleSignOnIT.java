package io.linkops.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkops.Server;
import io.linkops.accounts.Accounts;
import io.linkops.bus.Bus;
import io.linkops.bus.Failure;
import io.linkops.config.Settings;
import io.linkops.vault.Secret;
import io.linkops.world.ApiClient;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A whole LinkOps and a provider that keeps the rules, and everything that goes wrong when somebody does not. */
class SingleSignOnIT {
    private static final String PASSWORD = "correct horse battery";
    private static final String PROBLEM = "/?login_problem=";
    private static final Vertx VERTX = Vertx.vertx();

    @TempDir
    static Path directory;

    private static FaithfulProvider provider;
    private static Server server;
    private static ApiClient admin;
    private static int people;

    private final Visitor visitor = new Visitor(server.port());
    private final String name = "person-" + people;
    private final String subject = "subject-" + people++;

    @BeforeAll
    static void start() throws Exception {
        provider = new FaithfulProvider();
        var secret = directory.resolve("client-secret");
        Files.createFile(secret, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(secret, FaithfulProvider.SECRET + "\n");
        var settings = Settings.of(new JsonObject()
                .put("api", new JsonObject().put("port", 0))
                .put(
                        "database",
                        new JsonObject()
                                .put("path", directory.resolve("linkops.db").toString()))
                .put(
                        "git",
                        new JsonObject()
                                .put("local_path", directory.resolve("git").toString()))
                .put(
                        "ssh",
                        new JsonObject()
                                .put("keys_directory", directory.resolve("keys").toString())
                                .put(
                                        "known_hosts_path",
                                        directory.resolve("known_hosts").toString()))
                .put(
                        "oidc",
                        new JsonObject()
                                .put("issuer", provider.issuer())
                                .put("client_id", FaithfulProvider.CLIENT)
                                .put("client_secret_file", secret.toString())
                                .put("public_url", Visitor.PUBLIC)
                                .put("display_name", "Faithful")
                                .put("username_domain", "ops.example")
                                .put("roles_claim", "realm_access.roles")
                                .put("admin_values", new JsonArray().add("boss"))
                                .put(
                                        "operator_values",
                                        new JsonArray().add("op").add("op2"))
                                .put("viewer_values", new JsonArray().add("reader"))
                                .put("timeout", "2s")));
        server = Server.start(VERTX, settings, new Secret(PASSWORD), made -> {}).await(60, TimeUnit.SECONDS);
        admin = ApiClient.login(server.port(), "admin", PASSWORD);
    }

    @AfterAll
    static void stop() throws Exception {
        server.stop().await(60, TimeUnit.SECONDS);
        VERTX.close().await(60, TimeUnit.SECONDS);
        provider.close();
    }

    @BeforeEach
    void faithful() {
        provider.faithful();
        provider.person(subject, name, "op", "something else");
    }

    @Test
    void tellsTheBrowserWhichWaysThereAre() throws Exception {
        visitor.begin("");
        var methods = new JsonObject(visitor.get("/api/auth/methods").body());

        assertThat(methods.getBoolean("password")).isTrue();
        var oidc = methods.getJsonObject("oidc");
        assertThat(oidc.getString("name")).isEqualTo("Faithful");
        assertThat(oidc.getString("login_url")).isEqualTo("/api/auth/oidc/login");
        assertThat(oidc.getString("logout_url"))
                .isEqualTo(provider.issuer()
                        + "/logout?client_id=linkops&post_logout_redirect_uri=http%3A%2F%2Flocalhost%3A9%2F");
    }

    @Test
    void logsInAndGoesWhereThePersonWantedToGo() throws Exception {
        assertThat(visitor.logIn("?return_to=/links%3Fq%3Dweb")).isEqualTo("/links?q=web");

        assertThat(visitor.me().getString("username")).isEqualTo(name);
        assertThat(visitor.me().getString("role")).isEqualTo("operator");
        assertThat(visitor.cookies).containsOnlyKeys("linkops");
    }

    @Test
    void asksTheProviderWithStateNonceAndChallengeThatNobodyCanGuess() throws Exception {
        var asked = FaithfulProvider.parameters(visitor.begin("").split("\\?", 2)[1]);
        var again = FaithfulProvider.parameters(visitor.begin("").split("\\?", 2)[1]);

        assertThat(asked)
                .containsEntry("response_type", "code")
                .containsEntry("client_id", "linkops")
                .containsEntry("redirect_uri", Visitor.PUBLIC + "/api/auth/oidc/callback")
                .containsEntry("scope", "openid profile email")
                .containsEntry("code_challenge_method", "S256");
        for (var field : new String[] {"state", "nonce", "code_challenge"}) {
            assertThat(asked.get(field)).hasSize(43).isNotEqualTo(again.get(field));
        }
    }

    @Test
    void bindsTheLogInToTheBrowserByACookieNoScriptReads() throws Exception {
        var cookie = visitor.get("/api/auth/oidc/login")
                .headers()
                .firstValue("Set-Cookie")
                .orElseThrow();

        assertThat(cookie)
                .startsWith("linkops-oidc=")
                .contains("HTTPOnly", "SameSite=Lax", "Path=/", "Max-Age=600")
                .doesNotContain(name);
    }

    @Test
    void issuesTheSessionCookieThatALocalLogInIssues() throws Exception {
        var back = visitor.get(visitor.toProvider(""));

        assertThat(back.headers().allValues("Set-Cookie"))
                .anyMatch(cookie -> cookie.startsWith("linkops=")
                        && cookie.contains("HTTPOnly")
                        && cookie.contains("SameSite=Strict"))
                .anyMatch(cookie -> cookie.startsWith("linkops-oidc=;") && cookie.contains("Max-Age=0"));
        assertThat(back.body()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "//evil.example",
                "/%5Cevil.example",
                "https://evil.example",
                "%2F%2Fevil.example",
                "/%09/evil.example",
                "/%0D%0ASet-Cookie:x=y",
                "javascript:alert(1)",
                "/api/auth/logout",
                "/..//evil.example",
                "links",
                "/links&return_to=//evil.example"
            })
    void leadsNowhereElse(String wanted) throws Exception {
        assertThat(visitor.logIn("?return_to=" + wanted)).isEqualTo("/");
    }

    @Test
    void refusesAStateThatIsNotTheBrowsers() throws Exception {
        var back = visitor.toProvider("");

        assertThat(back(back.replaceFirst("state=[^&]+", "state=" + "A".repeat(43))))
                .isEqualTo("stale");
        assertThat(visitor.me()).isNull();
    }

    @Test
    void refusesALogInThatAnotherBrowserBegan() throws Exception {
        var back = visitor.toProvider("");
        var victim = new Visitor(server.port());
        victim.begin("");

        assertThat(Visitor.location(victim.get(back))).isEqualTo(PROBLEM + "stale");
        assertThat(Visitor.location(new Visitor(server.port()).get(back))).isEqualTo(PROBLEM + "stale");
        assertThat(victim.me()).isNull();
    }

    @Test
    void takesAWayBackOnce() throws Exception {
        var back = visitor.toProvider("");
        var cookies = new HashMap<>(visitor.cookies);
        assertThat(Visitor.location(visitor.get(back))).isEqualTo("/");

        var thief = new Visitor(server.port());
        thief.cookies.putAll(cookies);
        assertThat(Visitor.location(thief.get(back))).isEqualTo(PROBLEM + "stale");
        assertThat(thief.me()).isNull();
    }

    @Test
    void refusesACodeThatWasUsedBefore() throws Exception {
        var code = FaithfulProvider.parameters(visitor.toProvider("")).get("code");
        provider.wayBack = Map::copyOf;
        assertThat(visitor.logIn()).isEqualTo("/");
        provider.wayBack = given -> with(given, "code", code);
        var second = new Visitor(server.port());
        // A code of another log-in, whose verifier this browser does not have; and then it is gone.
        assertThat(second.logIn()).isEqualTo(PROBLEM + "untrusted");
        assertThat(second.logIn()).isEqualTo(PROBLEM + "untrusted");
        assertThat(second.me()).isNull();
    }

    @Test
    void refusesAChangedCookie() throws Exception {
        var back = visitor.toProvider("");
        var sealed = visitor.cookies.get("linkops-oidc");
        var other = FaithfulProvider.encode(new JsonObject()
                .put("s", FaithfulProvider.parameters(back.split("\\?", 2)[1]).get("state"))
                .put("n", "mine")
                .put("v", "mine")
                .put("r", "//evil.example")
                .put("e", Instant.now().plusSeconds(600).toEpochMilli())
                .encode());
        for (var changed : new String[] {
            other + sealed.substring(sealed.indexOf('.')), other, other + ".", "." + other, "", "ö", "a.b"
        }) {
            visitor.cookies.put("linkops-oidc", changed);
            assertThat(back(back)).as(changed).isEqualTo("stale");
        }
    }

    @Test
    void refusesAnAnswerOfAnotherProvider() throws Exception {
        provider.wayBack = given -> with(given, "iss", "https://evil.example");
        assertThat(visitor.logIn()).isEqualTo(PROBLEM + "untrusted");
        provider.wayBack = given -> without(given, "iss");
        assertThat(visitor.logIn()).isEqualTo(PROBLEM + "untrusted");
        provider.wayBack = given -> without(given, "code");
        assertThat(visitor.logIn()).isEqualTo(PROBLEM + "untrusted");
    }

    @Test
    void tellsARefusalOfTheProviderInAWordOfOurs() throws Exception {
        provider.wayBack = given ->
                with(with(without(given, "code"), "error", "access_denied"), "error_description", "<script>x</script>");
        assertThat(visitor.logIn()).isEqualTo(PROBLEM + "refused");
        provider.wayBack = given -> with(without(given, "code"), "error", "<script>alert(1)</script>");
        assertThat(visitor.logIn()).isEqualTo(PROBLEM + "refused");
        provider.wayBack = given -> with(without(given, "code"), "error", "temporarily_unavailable");
        assertThat(visitor.logIn()).isEqualTo(PROBLEM + "unreachable");
    }

    static Stream<Arguments> wrongClaims() {
        return Stream.<Map.Entry<String, UnaryOperator<JsonObject>>>of(
                        Map.entry("another nonce", claims -> claims.put("nonce", "another")),
                        Map.entry("no nonce", claims -> without(claims, "nonce")),
                        Map.entry("another audience", claims -> claims.put("aud", "another")),
                        Map.entry("no audience", claims -> without(claims, "aud")),
                        Map.entry("an odd audience", claims -> claims.put("aud", 7)),
                        Map.entry(
                                "made for another party of the audience",
                                claims -> claims.put(
                                                "aud",
                                                new JsonArray().add("linkops").add("other"))
                                        .put("azp", "other")),
                        Map.entry(
                                "many in the audience and no party",
                                claims -> without(
                                        claims.put(
                                                "aud",
                                                new JsonArray().add("linkops").add("other")),
                                        "azp")),
                        Map.entry("another issuer", claims -> claims.put("iss", "https://evil.example")),
                        Map.entry("no issuer", claims -> without(claims, "iss")),
                        Map.entry("expired", claims -> claims.put("exp", seconds(-61))),
                        Map.entry("no end", claims -> without(claims, "exp")),
                        Map.entry("an end in words", claims -> claims.put("exp", "tomorrow")),
                        Map.entry("issued in the future", claims -> claims.put("iat", seconds(300))),
                        Map.entry("not good yet", claims -> claims.put("nbf", seconds(300))),
                        Map.entry("no subject", claims -> without(claims, "sub")),
                        Map.entry("a blank subject", claims -> claims.put("sub", " ")),
                        Map.entry("an odd subject", claims -> claims.put("sub", 7)),
                        Map.entry("a long subject", claims -> claims.put("sub", "x".repeat(256))))
                .map(entry -> Arguments.of(Named.of(entry.getKey(), entry.getValue())));
    }

    @ParameterizedTest
    @MethodSource("wrongClaims")
    void refusesAnIdTokenThatIsNotForThisLogIn(UnaryOperator<JsonObject> twist) throws Exception {
        provider.claims = twist;

        assertThat(visitor.logIn()).isEqualTo(PROBLEM + "untrusted");
        assertThat(visitor.me()).isNull();
        assertThat(users()).doesNotContain(name);
    }

    static Stream<Arguments> forgeries() {
        return Stream.<Map.Entry<String, BiFunction<FaithfulProvider, JsonObject, String>>>of(
                        Map.entry("unsigned", (own, claims) -> token("{\"alg\":\"none\"}", claims, "")),
                        Map.entry("unsigned in capitals", (own, claims) -> token("{\"alg\":\"NONE\"}", claims, "x")),
                        Map.entry(
                                "two parts",
                                (own, claims) ->
                                        token("{\"alg\":\"none\"}", claims, "").replaceAll("\\.$", "")),
                        Map.entry("the public key as a shared secret", SingleSignOnIT::confused),
                        Map.entry("signed with a stranger's key", (own, claims) -> stranger(own.kid(), claims)),
                        Map.entry("signed with an unknown key", (own, claims) -> stranger("unknown", claims)),
                        Map.entry("a key that comes along", SingleSignOnIT::withOwnKey),
                        Map.entry("changed after signing", (own, claims) -> {
                            var parts = own.sign(claims).split("\\.", -1);
                            return parts[0] + "."
                                    + FaithfulProvider.encode(
                                            claims.put("sub", "admin").encode()) + "." + parts[2];
                        }),
                        Map.entry(
                                "no signature",
                                (own, claims) -> own.sign(claims).replaceAll("[^.]+$", "")),
                        Map.entry(
                                "an extension it must know",
                                (own, claims) -> FaithfulProvider.sign(
                                        new JsonObject()
                                                .put("alg", "RS256")
                                                .put("kid", own.kid())
                                                .put("crit", new JsonArray().add("b64")),
                                        claims,
                                        own.key())),
                        Map.entry("no token", (own, claims) -> "hello"),
                        Map.entry("a header that is a list", (own, claims) -> token("[]", claims, "x")),
                        Map.entry("huge", (own, claims) -> own.sign(claims.put("x", "x".repeat(100_000)))))
                .map(entry -> Arguments.of(Named.of(entry.getKey(), entry.getValue())));
    }

    @ParameterizedTest
    @MethodSource("forgeries")
    void refusesAnIdTokenThatTheProviderDidNotSign(BiFunction<FaithfulProvider, JsonObject, String> forgery)
            throws Exception {
        provider.signer = forgery;

        assertThat(visitor.logIn()).isEqualTo(PROBLEM + "untrusted");
        assertThat(visitor.me()).isNull();
        assertThat(users()).doesNotContain(name);
    }

    @Test
    void learnsANewKeyWhenTheProviderChangesIt() throws Exception {
        assertThat(visitor.logIn()).isEqualTo("/");
        int asked = provider.keysAsked.get();
        provider.rotate();

        assertThat(new Visitor(server.port()).logIn()).isEqualTo("/");
        assertThat(provider.keysAsked.get()).isEqualTo(asked + 1);
        assertThat(new Visitor(server.port()).logIn()).isEqualTo("/");
        assertThat(provider.keysAsked.get()).as("known by now").isEqualTo(asked + 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"SILENT", "BROKEN_JSON", "LIST", "HUGE", "ENDLESS", "ELSEWHERE"})
    void saysThatTheProviderIsInTroubleWhenItGivesNoTokens(FaithfulProvider.Trouble trouble) throws Exception {
        var back = visitor.toProvider("");
        provider.troubles.put("/token", trouble);

        assertThat(back(back)).isEqualTo("unreachable");
        assertThat(ApiClient.login(server.port(), "admin", PASSWORD)
                        .get("/api/auth/me")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void takesTheRoleAnewEachTimeAndEndsWhatTheOldOneGave() throws Exception {
        visitor.logIn();
        provider.person(subject, name, "reader");
        var again = new Visitor(server.port());
        again.logIn();

        assertThat(again.me().getString("role")).isEqualTo("viewer");
        assertThat(visitor.me()).as("the session of the old role").isNull();
        provider.person(subject, name, "reader", "boss");
        again.logIn();
        assertThat(again.me().getString("role")).isEqualTo("admin");
    }

    @Test
    void keepsSessionsOfTheSameRole() throws Exception {
        visitor.logIn();
        new Visitor(server.port()).logIn();

        assertThat(visitor.me().getString("role")).isEqualTo("operator");
    }

    @Test
    void refusesWhomNothingGivesARole() throws Exception {
        provider.person(subject, name, "OP", "bosses", "");

        assertThat(visitor.logIn()).isEqualTo(PROBLEM + "no_role");
        assertThat(users()).doesNotContain(name);
    }

    @Test
    void endsTheSessionsOfWhomNothingGivesARoleAnyMore() throws Exception {
        visitor.logIn();
        provider.person(subject, name);

        assertThat(new Visitor(server.port()).logIn()).isEqualTo(PROBLEM + "no_role");
        assertThat(visitor.me()).isNull();
    }

    @Test
    void neverTakesOverALocalUserOfTheSameName() throws Exception {
        provider.person(subject, "Admin", "boss");

        assertThat(visitor.logIn()).isEqualTo(PROBLEM + "name_taken");
        assertThat(visitor.me()).isNull();
        assertThat(ApiClient.login(server.port(), "admin", PASSWORD)
                        .get("/api/auth/me")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void neverTakesOverAUserOfAnotherSubject() throws Exception {
        visitor.logIn();
        provider.person("another " + subject, name, "boss");

        assertThat(new Visitor(server.port()).logIn()).isEqualTo(PROBLEM + "name_taken");
        assertThat(visitor.me().getString("role")).isEqualTo("operator");
    }

    @Test
    void knowsAPersonWhoseNameChanged() throws Exception {
        visitor.logIn();
        provider.person(subject, "renamed-" + name, "op");
        var again = new Visitor(server.port());
        again.logIn();

        assertThat(again.me().getString("username")).isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " alice",
                "alice bob",
                "<b>alice</b>",
                "../admin",
                "\u0430dmin",
                "ADMIN\u0000",
                "alice@elsewhere.example",
                "@ops.example",
                "-alice",
                "\u212a",
                "\uff41dmin"
            })
    void refusesNamesThatCannotBeUsed(String odd) throws Exception {
        provider.person(subject, odd, "op");

        assertThat(visitor.logIn()).isEqualTo(PROBLEM + "name_unusable");
        assertThat(visitor.me()).isNull();
    }

    @Test
    void refusesANameThatIsTooLong() throws Exception {
        provider.person(subject, "a".repeat(65), "op");
        assertThat(visitor.logIn()).isEqualTo(PROBLEM + "name_unusable");
        provider.person.put("preferred_username", new JsonArray().add("a"));
        assertThat(visitor.logIn()).isEqualTo(PROBLEM + "name_unusable");
    }

    @Test
    void cutsTheConfiguredDomainFromNamesAndWritesThemSmall() throws Exception {
        provider.person(subject, name.toUpperCase(java.util.Locale.ROOT) + "@OPS.example", "op");
        visitor.logIn();

        assertThat(visitor.me().getString("username")).isEqualTo(name);
    }

    @Test
    void asksForMoreWhenTheIdTokenDoesNotSayIt() throws Exception {
        provider.person = new JsonObject().put("sub", subject).put("preferred_username", name);
        provider.userinfo = new JsonObject()
                .put("sub", subject)
                .put("preferred_username", "somebody-else")
                .put("realm_access", new JsonObject().put("roles", new JsonArray().add("boss")));
        visitor.logIn();
        assertThat(visitor.me().getString("username")).isEqualTo(name);
        assertThat(visitor.me().getString("role")).isEqualTo("admin");

        provider.userinfo.put("sub", "somebody else");
        assertThat(new Visitor(server.port()).logIn()).isEqualTo(PROBLEM + "untrusted");
    }

    @Test
    void refusesADisabledUserWhateverTheProviderSays() throws Exception {
        visitor.logIn();
        assertThat(admin.put("/api/users/" + name, new JsonObject().put("is_disabled", true))
                        .status())
                .isEqualTo(200);

        assertThat(new Visitor(server.port()).logIn()).isEqualTo(PROBLEM + "disabled");
        assertThat(visitor.me()).isNull();
    }

    @Test
    void givesAUserOfTheProviderNoPassword() throws Exception {
        visitor.logIn();

        for (var guess : new String[] {"!", "", "x"}) {
            var login = new JsonObject().put("username", name).put("password", guess);
            assertThat(ApiClient.anonymous(server.port())
                            .post("/api/auth/login", login)
                            .status())
                    .isIn(400, 401);
        }
        var change = admin.put("/api/users/" + name, new JsonObject().put("password", "a long enough password"));
        assertThat(change.status()).isEqualTo(409);
        assertThat(change.errorMessage()).contains("no password here");
    }

    @Test
    void keepsAnAdminWithAPasswordWhateverTheProviderHas() throws Exception {
        provider.person(subject, name, "boss");
        visitor.logIn();

        assertThat(admin.put("/api/users/admin", new JsonObject().put("is_disabled", true))
                        .status())
                .isEqualTo(409);
    }

    @Test
    void forgetsTheIdentityWithItsUser() throws Exception {
        visitor.logIn();
        assertThat(admin.delete("/api/users/" + name).status()).isEqualTo(204);
        assertThat(visitor.me()).isNull();

        assertThat(visitor.logIn()).isEqualTo("/");
        assertThat(visitor.me().getString("username")).isEqualTo(name);
    }

    @Test
    void letsInManyAtOnceAndMakesEachUserOnce() throws Exception {
        var identity = new Accounts.Identity(provider.issuer(), subject);
        var logIn = new Accounts.LogInByProvider(identity, name, Accounts.Role.VIEWER, "192.0.2.1");
        var many = Stream.generate(() -> Bus.of(VERTX).request(logIn)).limit(50).toList();

        Future.all(many).await(60, TimeUnit.SECONDS);
        assertThat(users().stream().filter(name::equals)).hasSize(1);
    }

    @Test
    void saysNothingOfSecretsInItsFailures() {
        var logIn = new SingleSignOn.Complete(
                "the ticket", new SingleSignOn.Callback("the state", "the code", null, null), "192.0.2.1");
        var refused = Bus.of(VERTX).request(logIn).transform(ended -> Future.succeededFuture(ended.cause()));

        assertThat(refused.await()).isInstanceOf(Failure.class).hasMessageNotContaining("the ");
        assertThat(logIn.toString()).doesNotContain("the ");
    }

    /** The word of the problem a way back ends with. */
    private String back(String path) throws Exception {
        var location = Visitor.location(visitor.get(path));
        assertThat(location).startsWith(PROBLEM);
        return location.substring(PROBLEM.length());
    }

    private static java.util.List<String> users() throws Exception {
        return admin.get("/api/users").json().getJsonArray("users").stream()
                .map(user -> ((JsonObject) user).getString("username"))
                .toList();
    }

    private static Map<String, String> with(Map<String, String> given, String field, String value) {
        var changed = new HashMap<>(given);
        changed.put(field, value);
        return changed;
    }

    private static Map<String, String> without(Map<String, String> given, String field) {
        var changed = new HashMap<>(given);
        changed.remove(field);
        return changed;
    }

    private static JsonObject without(JsonObject given, String field) {
        given.remove(field);
        return given;
    }

    private static long seconds(long fromNow) {
        return Instant.now().getEpochSecond() + fromNow;
    }

    private static String token(String header, JsonObject claims, String signature) {
        return FaithfulProvider.encode(header) + "." + FaithfulProvider.encode(claims.encode()) + "." + signature;
    }

    /** HS256 with what everybody knows: the public key, as its JWK and as its encoding. */
    private static String confused(FaithfulProvider own, JsonObject claims) {
        try {
            var header = new JsonObject().put("alg", "HS256").put("kid", own.kid());
            var text = FaithfulProvider.encode(header.encode()) + "." + FaithfulProvider.encode(claims.encode());
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(own.key().getPublic().getEncoded(), "HmacSHA256"));
            return text + "." + FaithfulProvider.encode(mac.doFinal(text.getBytes(StandardCharsets.US_ASCII)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String stranger(String kid, JsonObject claims) {
        try {
            var generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            var header = new JsonObject().put("alg", "RS256").put("kid", kid);
            return FaithfulProvider.sign(header, claims, generator.generateKeyPair());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The header offers the key it is signed with. */
    private static String withOwnKey(FaithfulProvider own, JsonObject claims) {
        try {
            var generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            var mine = generator.generateKeyPair();
            var known = (java.security.interfaces.RSAPublicKey) mine.getPublic();
            var header = new JsonObject()
                    .put("alg", "RS256")
                    .put(
                            "jwk",
                            new JsonObject()
                                    .put("kty", "RSA")
                                    .put("n", FaithfulProvider.encode(FaithfulProvider.unsigned(known.getModulus())))
                                    .put("e", "AQAB"));
            return FaithfulProvider.sign(header, claims, mine);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
