package io.linkops.config;

import io.linkops.vault.Secret;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.List;

/** The whole configuration: one record per section of the file. */
public record Settings(
        ApiConfig api,
        DatabaseConfig database,
        GitConfig git,
        SshConfig ssh,
        SecurityConfig security,
        OidcConfig oidc,
        OperationsConfig operations,
        SchedulesConfig schedules,
        TerminalConfig terminal,
        HealthConfig health,
        NotificationsConfig notifications,
        AuditConfig audit,
        RetentionConfig retention,
        LoggingConfig logging) {

    /** File, environment and system properties, in rising precedence; fails with {@link ConfigException}. */
    public static Future<Loaded> load(Vertx vertx, LoadOptions options) {
        return new SettingsLoading(options).load(vertx);
    }

    /** Every secret in it, for those who keep them out of what people see. */
    public List<Secret> secrets() {
        return Section.ALL.stream()
                .flatMap(section -> section.secretsOf(this).stream())
                .toList();
    }

    /** Every key with its value, for admins; no secret. */
    public List<SettingShown> shown() {
        return new Showing().of(this);
    }

    /**
     * The defaults, and what is given instead of them.
     *
     * @param overrides section → key → value, as in the file
     * @throws ConfigException listing everything that is wrong with them
     */
    public static Settings of(JsonObject overrides) {
        return new Binder().bind(List.of(Layer.of("settings", overrides)));
    }
}
