package io.linkops.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What deployment/ holds, as far as it needs no machine of its own; DebIT has the rest. */
class DeploymentTest {
    private static final Path DEPLOYMENT = Path.of("deployment");

    @Test
    void theTemplateIsAConfigurationForThePackagesDirectories() throws Exception {
        var vertx = Vertx.vertx();
        try {
            var options = new LoadOptions(DEPLOYMENT.resolve("config.yaml"), Path.of("/nowhere"), Map.of(), Map.of());
            var loaded = Settings.load(vertx, options).await(10, TimeUnit.SECONDS);
            assertThat(loaded.warnings()).isEmpty();
            assertThat(loaded.settings().logging().format()).isEqualTo(LoggingConfig.Format.JSON);
            assertThat(loaded.settings().logging().path()).hasToString("/var/log/linkops/linkops.log");
            assertThat(loaded.settings().database().path().getParent()).hasToString("/var/lib/linkops");
        } finally {
            vertx.close().await(10, TimeUnit.SECONDS);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "install.sh",
                "uninstall.sh",
                "linkops",
                "deb/build.sh",
                "deb/postinst",
                "deb/prerm",
                "deb/postrm"
            })
    void scriptsAreCleanForShellcheck(String script) throws Exception {
        if (!"true".equals(System.getenv("CI"))) {
            Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/shellcheck")), "no shellcheck here");
        }
        assertThat(run("shellcheck", DEPLOYMENT.resolve(script).toString())).isEqualTo("0 ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"install.sh", "uninstall.sh"})
    void scriptsExplainThemselvesAndRefuseWhatTheyDoNotKnow(String script) throws Exception {
        var path = DEPLOYMENT.resolve(script).toString();
        assertThat(run("bash", path, "--help")).startsWith("0 " + script).contains("--help");
        assertThat(run("bash", path, "--hlep")).startsWith("2 " + script);
    }

    /** What the unit must not lose: the more of it, the less a hole in LinkOps is worth. */
    @Test
    void theUnitIsHardenedAndWatched() throws Exception {
        assertThat(Files.readAllLines(DEPLOYMENT.resolve("linkopsd.service")))
                .containsAll(List.of(
                        "Type=notify",
                        "NotifyAccess=main",
                        "User=linkops",
                        "Restart=on-failure",
                        "WatchdogSec=60",
                        "UMask=0077",
                        "NoNewPrivileges=yes",
                        "CapabilityBoundingSet=",
                        "ProtectSystem=strict",
                        "ProtectHome=yes",
                        "PrivateTmp=yes",
                        "PrivateDevices=yes",
                        "SystemCallFilter=@system-service",
                        "RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6"));
    }

    /** @return exit code and output */
    private static String run(String... command) throws Exception {
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return process.waitFor() + " " + said;
    }
}
