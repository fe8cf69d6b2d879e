package io.linkops.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkops.SettableClock;
import io.linkops.accounts.Accounts;
import io.linkops.bus.Bus;
import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import io.linkops.bus.MessageTypes;
import io.linkops.config.OidcConfig;
import io.linkops.config.Settings;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The verticle alone, on a clock that the test sets: providers that are away, slow, or talk nonsense. */
class ProviderTroubleIT {
    private final Vertx vertx = Vertx.vertx();
    private final SettableClock clock = new SettableClock(Instant.now());
    private FaithfulProvider provider = new FaithfulProvider();

    @TempDir
    Path directory;

    @AfterEach
    void close() throws Exception {
        vertx.close().await(30, TimeUnit.SECONDS);
        provider.close();
    }

    @Test
    void startsWhileTheProviderIsAwayAndFindsItWhenItComesBack() throws Exception {
        provider.close();
        start(settings());
        assertThat(ask(new SingleSignOn.FindProvider()).name()).isEqualTo("single sign-on");
        assertThat(refusal().text()).contains("cannot be reached", "/.well-known/openid-configuration");

        provider = new FaithfulProvider(provider.port());
        clock.advance(Duration.ofSeconds(2));
        assertThat(begin().url()).startsWith(provider.issuer() + "/auth?");
    }

    @Test
    void doesNotStormAProviderThatIsInTrouble() throws Exception {
        provider.document = given -> given.put("issuer", "https://another.example");
        start(settings());
        for (int i = 0; i < 20; i++) {
            assertThat(refusal().code()).isEqualTo(ErrorCode.UNAVAILABLE);
        }
        assertThat(provider.documentsAsked.get()).isEqualTo(1);
        clock.advance(Duration.ofSeconds(2));
        refusal();
        assertThat(provider.documentsAsked.get()).isEqualTo(2);
    }

    @Test
    void goesOnWithWhatItKnowsWhenTheProviderGoesAwayAndLooksAgainLater() throws Exception {
        start(settings());
        begin();
        clock.advance(Duration.ofMinutes(59));
        begin();
        assertThat(provider.documentsAsked.get()).isEqualTo(1);
        clock.advance(Duration.ofMinutes(1));
        provider.troubles.put("/keys", FaithfulProvider.Trouble.ERROR);
        begin();
        assertThat(provider.documentsAsked.get()).isEqualTo(2);
        provider.troubles.clear();
        clock.advance(Duration.ofSeconds(2));
        begin();
        assertThat(provider.documentsAsked.get()).isEqualTo(3);
    }

    @ParameterizedTest
    @EnumSource(FaithfulProvider.Trouble.class)
    void saysWhatIsWrongWithTheDocument(FaithfulProvider.Trouble trouble) throws Exception {
        provider.troubles.put("/.well-known/openid-configuration", trouble);
        start(settings());

        assertThat(refusal().code()).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(refusal().details()).containsEntry("reason", "unreachable");
        assertThat(refusal().text())
                .contains(
                        switch (trouble) {
                            case SILENT -> "did not answer in time";
                            case BROKEN_JSON, LIST -> "no JSON object; look at oidc.issuer";
                            case HUGE, ENDLESS -> "is longer than 524288 bytes";
                            case ERROR -> "answered 500";
                            case ELSEWHERE -> "302";
                        })
                .doesNotContain("<", "\n");
    }

    static Stream<Arguments> documents() {
        return Stream.<java.util.Map.Entry<String, UnaryOperator<JsonObject>>>of(
                        java.util.Map.entry("no issuer", given -> without(given, "issuer")),
                        java.util.Map.entry("issuer", given -> given.put("issuer", "https://evil.example\n<b>")),
                        java.util.Map.entry(
                                "authorization_endpoint",
                                given -> given.put("authorization_endpoint", "javascript:alert(1)")),
                        java.util.Map.entry("token_endpoint", given -> without(given, "token_endpoint")),
                        java.util.Map.entry("jwks_uri", given -> given.put("jwks_uri", "http://evil.example/keys")),
                        java.util.Map.entry("userinfo_endpoint", given -> given.put("userinfo_endpoint", 7)),
                        java.util.Map.entry(
                                "end_session_endpoint",
                                given -> given.put("end_session_endpoint", "https://user:password@id.example/")))
                .map(entry -> Arguments.of(Named.of(entry.getKey(), entry.getValue())));
    }

    @ParameterizedTest
    @MethodSource("documents")
    void believesNoDocumentThatLeadsAstray(UnaryOperator<JsonObject> twist) throws Exception {
        provider.document = twist;
        start(settings());

        assertThat(refusal().code()).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(refusal().text()).doesNotContain("<b>\n", "password@", "\n");
    }

    @Test
    void keepsTheQueryOfAnEndpointThatHasOne() throws Exception {
        provider.document =
                given -> given.put("authorization_endpoint", given.getString("authorization_endpoint") + "?p=policy");
        start(settings());

        var query = begin().url().split("\\?", -1);
        assertThat(query).hasSize(2);
        assertThat(FaithfulProvider.parameters(query[1]))
                .containsEntry("p", "policy")
                .containsKey("state");
    }

    @Test
    void forgetsALogInAfterTenMinutes() throws Exception {
        start(settings());
        var begun = begin();
        clock.advance(Duration.ofMinutes(10));

        var state = FaithfulProvider.parameters(begun.url().split("\\?", 2)[1]).get("state");
        var complete = new SingleSignOn.Complete(
                begun.ticket(), new SingleSignOn.Callback(state, "code", null, provider.issuer()), "192.0.2.1");
        assertThat(failure(complete).details()).containsEntry("reason", "stale");
    }

    @Test
    void usesNoSecretThatOthersMayRead() throws Exception {
        var file = Files.writeString(directory.resolve("secret"), FaithfulProvider.SECRET);
        Files.setPosixFilePermissions(file, java.nio.file.attribute.PosixFilePermissions.fromString("rw-r-----"));
        start(settings().put("client_secret_file", file.toString()));
        var begun = begin();
        var state = FaithfulProvider.parameters(begun.url().split("\\?", 2)[1]).get("state");
        var complete = new SingleSignOn.Complete(
                begun.ticket(), new SingleSignOn.Callback(state, "code", null, provider.issuer()), "192.0.2.1");

        assertThat(failure(complete).text()).contains("chmod 600").doesNotContain(FaithfulProvider.SECRET);
    }

    @Test
    void answersWithoutAnyProviderConfigured() throws Exception {
        start(new JsonObject());

        assertThat(ask(new SingleSignOn.FindProvider()).name()).isNull();
        assertThat(refusal().code()).isEqualTo(ErrorCode.NOT_FOUND);
    }

    private JsonObject settings() {
        return new JsonObject()
                .put("issuer", provider.issuer())
                .put("client_id", "linkops")
                .put("public_url", "https://ops.example")
                .put("viewer_values", new JsonArray().add("reader"))
                .put("timeout", "1s");
    }

    private void start(JsonObject oidc) throws Exception {
        Bus.install(vertx, MessageTypes.declaredIn(SingleSignOn.class, Accounts.class));
        OidcConfig config = Settings.of(new JsonObject().put("oidc", oidc)).oidc();
        vertx.deployVerticle(new SingleSignOnVerticle(config, clock, new SecureRandom()))
                .await(30, TimeUnit.SECONDS);
    }

    private SingleSignOn.Beginning begin() throws Exception {
        return ask(new SingleSignOn.Begin(null));
    }

    private Failure refusal() throws Exception {
        return failure(new SingleSignOn.Begin(null));
    }

    private <R extends io.linkops.bus.Reply> R ask(io.linkops.bus.Request<R> request) throws Exception {
        return Bus.of(vertx).request(request).await(30, TimeUnit.SECONDS);
    }

    private Failure failure(io.linkops.bus.Request<?> request) throws Exception {
        return (Failure) Bus.of(vertx)
                .request(request)
                .transform(ended -> io.vertx.core.Future.succeededFuture(ended.cause()))
                .await(30, TimeUnit.SECONDS);
    }

    private static JsonObject without(JsonObject given, String field) {
        given.remove(field);
        return given;
    }
}
