package io.linkops.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;

class ShowingTest {
    private static SettingShown shown(JsonObject overrides, String key) {
        return Settings.of(overrides).shown().stream()
                .filter(setting -> setting.key().equals(key))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void showsEveryKeyOnceWithItsMeaning() {
        var shown = Settings.of(new JsonObject()).shown();
        assertThat(shown).extracting(SettingShown::key).doesNotHaveDuplicates().contains("git.branch", "api.port");
        assertThat(shown)
                .allMatch(setting -> setting.isDefault() && !setting.meaning().isBlank());
    }

    @Test
    void showsValuesAsOneWouldWriteThem() {
        var given = new JsonObject()
                .put("retention", new JsonObject().put("interval_minutes", 90))
                .put(
                        "oidc",
                        new JsonObject()
                                .put("scopes", new JsonArray().add("email").add("groups")));
        assertThat(shown(given, "retention.interval_minutes").value()).isEqualTo("90m");
        assertThat(shown(given, "retention.interval_minutes").isDefault()).isFalse();
        assertThat(shown(given, "oidc.scopes").value()).isEqualTo("[email, groups]");
        assertThat(shown(given, "retention.audit_kept_days").value()).isEqualTo("0");
        assertThat(shown(given, "git.ssh_key_path").value()).isNull();
    }

    @Test
    void neverShowsASecretNorWhatAnAddressCarries() {
        var given = new JsonObject()
                .put("api", new JsonObject().put("jwt_secret", "a very secret secret of forty-two bytes!!"))
                .put("git", new JsonObject().put("repository_url", "https://hunter22@git.example.com/fleet.git"));
        assertThat(Settings.of(given).shown())
                .noneMatch(setting -> String.valueOf(setting.value()).contains("very secret")
                        || String.valueOf(setting.value()).contains("hunter22"));
        assertThat(shown(given, "api.jwt_secret").isSecret()).isTrue();
        assertThat(shown(given, "api.jwt_secret").value()).isEqualTo("***");
    }
}
