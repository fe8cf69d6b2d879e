package io.linkops.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OidcConfigTest {
    @Test
    void isOffByDefault() {
        assertThat(Settings.of(new JsonObject()).oidc().isOn()).isFalse();
    }

    @Test
    void takesAProvider() {
        var config = Settings.of(settings(good())).oidc();

        assertThat(config.isOn()).isTrue();
        assertThat(config.scopes()).containsExactly("profile", "email");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://localhost:8080/realms/ops", "http://127.0.0.1:1", "http://[::1]/x", "https://a"})
    void takesPlainHttpForThisMachineOnly(String issuer) {
        assertThat(Settings.of(settings(good().put("issuer", issuer))).oidc().issuer())
                .isEqualTo(issuer);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://id.example",
                "id.example",
                "https://user:password@id.example",
                "https://id.example/?a=b",
                "https://id.example/#x",
                "ftp://id.example",
                "http://127.0.0.1.example"
            })
    void refusesAnIssuerThatIsNoSafeAddress(String issuer) {
        assertThatThrownBy(() -> Settings.of(settings(good().put("issuer", issuer))))
                .hasMessageContaining("oidc.issuer is '")
                .hasMessageNotContaining("password");
    }

    @Test
    void namesEverythingThatIsMissing() {
        assertThatThrownBy(() -> Settings.of(settings(new JsonObject().put("issuer", "https://id.example"))))
                .hasMessageContaining("oidc.public_url is missing")
                .hasMessageContaining("oidc.client_id is missing")
                .hasMessageContaining("nobody could log in");
    }

    @Test
    void takesTheSecretFromOnePlace() {
        var both = good().put("client_secret", "one and only").put("client_secret_file", "/run/secret");

        assertThatThrownBy(() -> Settings.of(settings(both)))
                .hasMessageContaining("oidc.client_secret_file and oidc.client_secret exclude each other")
                .hasMessageNotContaining("one and only");
    }

    @Test
    void neverMakesEverybodyAnAdmin() {
        assertThatThrownBy(() -> Settings.of(settings(good().put("default_role", "admin"))))
                .hasMessageContaining("oidc.default_role is 'admin'");
    }

    private static JsonObject good() {
        return new JsonObject()
                .put("issuer", "https://id.example/realms/ops")
                .put("client_id", "linkops")
                .put("public_url", "https://ops.example")
                .put("admin_values", new JsonArray().add("boss"));
    }

    private static JsonObject settings(JsonObject oidc) {
        return new JsonObject().put("oidc", oidc);
    }
}
