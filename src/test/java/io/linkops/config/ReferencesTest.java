package io.linkops.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.linkops.vault.Secret;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReferencesTest {
    private static final String VALUE = "correct horse battery";

    @TempDir
    private Path directory;

    private final Vertx vertx = Vertx.vertx();
    private final Set<String> asked = new HashSet<>();

    @AfterEach
    void end() throws Exception {
        vertx.close().await(10, TimeUnit.SECONDS);
    }

    private Loaded load(String yaml) throws Exception {
        var file = Files.writeString(directory.resolve("config.yaml"), yaml);
        VaultReading vault = (_, names) -> {
            asked.addAll(names);
            return Future.succeededFuture(Map.of("git-token", new Secret(VALUE)));
        };
        var options = new LoadOptions(
                file, directory, Map.of("GIT_TOKEN", VALUE, "LINKOPS_SECRET_X", "for scripts"), Map.of(), vault);
        return Settings.load(vertx, options).await(10, TimeUnit.SECONDS);
    }

    private List<String> refused(String yaml) {
        return catchThrowableOfType(ConfigException.class, () -> load(yaml)).problems();
    }

    private Path file(String mode) throws Exception {
        var file = Files.writeString(directory.resolve("token"), VALUE + "\n");
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    }

    @Test
    void aSecretMayBeAFileAVariableOrInTheVault() throws Exception {
        for (var reference : List.of("file:" + file("rw-------"), "env:GIT_TOKEN", "vault:git-token", VALUE)) {
            var loaded = load("git:\n  token: " + reference + "\n");
            assertThat(loaded.settings().git().token()).as(reference).isEqualTo(new Secret(VALUE));
            assertThat(loaded.settings().secrets()).containsExactly(new Secret(VALUE));
            // Only what stands there itself is a reason to close the file.
            assertThat(loaded.warnings().toString().contains("chmod")).isEqualTo(reference.equals(VALUE));
        }
        assertThat(asked).containsExactly("git-token");
    }

    @Test
    void whatCannotBeFoundIsNamedWithFileAndKey() throws Exception {
        file("rw-r--r--");
        for (var each : Map.of(
                        "file:/no/such/file",
                        "there is no such file",
                        "file:" + directory.resolve("token"),
                        "chmod 600",
                        "file:relative",
                        "file:/PATH",
                        "env:NOT_THERE",
                        "no such environment variable",
                        "env:",
                        "env:NAME",
                        "vault:missing",
                        "linkops secrets put missing",
                        "vault:../x",
                        "vault:NAME")
                .entrySet()) {
            assertThat(refused("git:\n  token: \"" + each.getKey() + "\"\n"))
                    .as(each.getKey())
                    .singleElement()
                    .asString()
                    .startsWith(directory.resolve("config.yaml") + ":2: git.token ")
                    .contains(each.getValue())
                    .doesNotContain(VALUE);
        }
    }

    @Test
    void theValueIsCheckedAndNotTheReference() throws Exception {
        assertThat(refused("api:\n  jwt_secret: env:GIT_TOKEN\n"))
                .singleElement()
                .asString()
                .contains("api.jwt_secret", "32 bytes")
                .doesNotContain(VALUE);
    }

    @Test
    void theMasterKeyIsNotInTheVaultItOpens() {
        assertThat(refused("security:\n  master_key: vault:git-token\n"))
                .singleElement()
                .asString()
                .contains("security.master_key cannot be in the vault");
    }

    @Test
    void secretsIniInAWorkingTreeIsWarnedOf() throws Exception {
        Files.createDirectory(directory.resolve(".git"));
        var ini = Files.writeString(directory.resolve("secrets.ini"), "[git]\ntoken = " + VALUE + "\n");
        Files.setPosixFilePermissions(ini, PosixFilePermissions.fromString("rw-------"));
        var loaded = load("git:\n  branch: main\n");
        assertThat(loaded.warnings()).singleElement().asString().contains(ini.toString(), "Git", "replace");
        assertThat(loaded.sources()).contains(ini.toString());
    }

    @Test
    void secretsForScriptsAreNoSettings() throws Exception {
        assertThat(load("git:\n  branch: main\n").warnings()).isEmpty();
    }
}
