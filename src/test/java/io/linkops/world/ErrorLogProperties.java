package io.linkops.world;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.util.ContextInitializer;
import io.linkops.bus.Bus;
import io.linkops.bus.Failure;
import io.linkops.bus.MessageTypes;
import io.linkops.config.LoggingConfig;
import io.linkops.config.Settings;
import io.linkops.gitsync.GitSync;
import io.linkops.gitsync.RepositoryVerticle;
import io.linkops.inventory.Inventory;
import io.linkops.logging.Logs;
import io.linkops.vault.Masking;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.slf4j.LoggerFactory;

/** P35: what went wrong is in the log file, with its time, what it was about and a stack trace, without credentials. */
class ErrorLogProperties {
    private static final String TIMED = "(?m)^(\\d{4}-\\d\\d-\\d\\dT?[ ]?)?\\d\\d:\\d\\d:\\d\\d.*(WARN|ERROR).*";
    private static World world;
    private static LinkOpsHere linkops;
    private static Vertx vertx;
    private static Path log;

    /** Ways in which a link cannot be logged in to. */
    enum SshFault {
        UNREACHABLE,
        KEY_FILE_REFUSED,
        HOST_KEY_UNKNOWN,
        HOST_KEY_CHANGED,
        LOGIN_REFUSED
    }

    /** @param token to log in with; empty for none */
    record GitFault(String url, String shown, String token) {}

    @BeforeContainer
    static void start() throws Exception {
        world = World.with(World.newDirectory(), 2);
        for (int code = 1; code <= 9; code++) {
            world.script("fail-" + code, "#!/bin/bash", "exit " + code);
        }
        log = world.directory().resolve("linkops.log");
        Logs.configure(
                new LoggingConfig(LoggingConfig.Level.INFO, log, 100, 1, LoggingConfig.Format.TEXT), new Masking());
        var open = world.sshd().keysDirectory().resolve("open_key");
        Files.copy(world.sshd().keysDirectory().resolve(world.sshd().keyName()), open);
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rw-r--r--"));
        world.commit(world.linksYaml() + faultyLinks());
        linkops = LinkOpsHere.start(world, Map.of("ssh.max_retries", 0));
        assertThat(linkops.api().post("/api/git/sync").status()).isEqualTo(200);
        for (var id : world.ids()) {
            assertThat(linkops.api().post("/api/links/" + id + "/verify").json().getBoolean("enrolled"))
                    .isTrue();
        }
        vertx = Vertx.vertx();
        Bus.install(vertx, MessageTypes.declaredIn(GitSync.class, Inventory.class));
    }

    private static String faultyLinks() throws Exception {
        var yaml = new StringBuilder();
        for (var fault : SshFault.values()) {
            for (int number = 0; number < 5; number++) {
                yaml.append(
                        "  %s: {type: VM, host: 127.4.%d.%d, port: %d, user: %s, enrollment: {clientId: %s}, ssh: {%s}}\n"
                                .formatted(
                                        id(fault, number),
                                        List.of(SshFault.values()).indexOf(fault),
                                        number + 1,
                                        fault == SshFault.UNREACHABLE
                                                ? closedPort()
                                                : world.sshd().port(),
                                        fault == SshFault.LOGIN_REFUSED
                                                ? "nobody-here"
                                                : world.sshd().user(),
                                        id(fault, number),
                                        ssh(fault)));
            }
        }
        return yaml.toString();
    }

    private static String ssh(SshFault fault) throws Exception {
        var key = fault == SshFault.KEY_FILE_REFUSED ? "open_key" : world.sshd().keyName();
        return switch (fault) {
            case HOST_KEY_UNKNOWN -> "keyRef: " + key;
            case HOST_KEY_CHANGED -> "keyRef: " + key + ", hostKey: \"SHA256:" + "A".repeat(43) + "\"";
            default -> "keyRef: " + key + ", hostKey: \"" + world.sshd().fingerprint() + "\"";
        };
    }

    private static String id(SshFault fault, int number) {
        return fault.name().toLowerCase(Locale.ROOT) + "-" + number;
    }

    private static int closedPort() throws Exception {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    @AfterContainer
    static void stop() throws Exception {
        linkops.close();
        vertx.close().await(30, TimeUnit.SECONDS);
        world.close();
        var context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.reset();
        new ContextInitializer(context).autoConfig();
    }

    /** P35: every SSH failure, at a verification or in an operation, is logged with target, type and stack trace. */
    @Property(tries = 100, shrinking = ShrinkingMode.OFF)
    @Tag("P35")
    void sshFailuresAreLogged(
            @ForAll SshFault fault, @ForAll @IntRange(max = 4) int number, @ForAll boolean inOperation)
            throws Exception {
        var id = id(fault, number);
        var before = Files.size(log);
        String operation = "";
        if (inOperation) {
            operation = World.verify(linkops.api(), id);
            World.await(linkops.api(), operation);
        } else {
            linkops.api().post("/api/links/" + id + "/verify");
        }
        var written = since(before);
        assertThat(entries(written, "SshException"))
                .as(written)
                .anyMatch(each -> each.contains(id)
                        && each.toLowerCase(Locale.ROOT).contains(fault.name().toLowerCase(Locale.ROOT)));
        assertThat(written).contains(operation).doesNotContain("PRIVATE KEY");
    }

    /** P35: every Git failure is logged with the repository's URL, without credentials, and stack trace. */
    @Property(tries = 100, shrinking = ShrinkingMode.OFF)
    @Tag("P35")
    void gitFailuresAreLogged(@ForAll("gitFaults") GitFault fault) throws Exception {
        var config = Settings.of(new JsonObject()
                        .put(
                                "git",
                                new JsonObject()
                                        .put("repository_url", fault.url())
                                        .put("token", fault.token().isEmpty() ? null : fault.token())
                                        .put(
                                                "local_path",
                                                world.directory()
                                                        .resolve("mirror")
                                                        .toString())
                                        .put("retries", 0)))
                .git();
        var before = Files.size(log);
        var pool = vertx.createSharedWorkerExecutor("git", 2);
        var deployed = vertx.deployVerticle(new RepositoryVerticle(config, null, pool, InstantSource.system()))
                .await(30, TimeUnit.SECONDS);
        var failure = Bus.of(vertx).request(new GitSync.Fetch(null, List.of())).transform(done -> {
            assertThat(done.failed()).isTrue();
            return io.vertx.core.Future.succeededFuture((Failure) done.cause());
        });
        assertThat(failure.await(30, TimeUnit.SECONDS).getMessage()).contains(fault.shown());
        vertx.undeploy(deployed).await(30, TimeUnit.SECONDS);
        var written = since(before);
        assertThat(entries(written, "Exception")).as(written).anyMatch(each -> each.contains(fault.shown()));
        if (!fault.token().isEmpty()) {
            assertThat(written).doesNotContain(fault.token());
        }
    }

    /** P35: every execution that fails is logged with the operation's id, the target and the reason. */
    @Property(tries = 100, shrinking = ShrinkingMode.OFF)
    @Tag("P35")
    void operationFailuresAreLogged(@ForAll @IntRange(min = 1, max = 9) int code, @ForAll @IntRange(max = 1) int link)
            throws Exception {
        var before = Files.size(log);
        var operation =
                World.run(linkops.api(), 1, List.of("fail-" + code), world.ids().get(link));
        World.await(linkops.api(), operation);
        assertThat(since(before).lines())
                .anyMatch(line -> line.matches(TIMED)
                        && line.contains(operation)
                        && line.contains(world.ids().get(link))
                        && line.contains("exit code " + code));
    }

    private static String since(long before) throws Exception {
        var bytes = Files.readAllBytes(log);
        return new String(bytes, (int) before, bytes.length - (int) before, StandardCharsets.UTF_8);
    }

    /** Log entries that begin with a time and have a stack trace of this kind of exception. */
    private static List<String> entries(String written, String exception) {
        return java.util.Arrays.stream(written.split("\n(?=\\d)", -1))
                .filter(each -> each.lines().findFirst().orElse("").matches(TIMED))
                .filter(each -> each.contains(exception) && each.contains("\tat io.linkops."))
                .toList();
    }

    @Provide
    Arbitrary<GitFault> gitFaults() throws Exception {
        int port = closedPort();
        var names = Arbitraries.strings().alpha().numeric().ofMinLength(1).ofMaxLength(12);
        var tokens = Arbitraries.strings().alpha().numeric().ofMinLength(20).ofMaxLength(40);
        var gone = names.map(name -> "file:///nowhere/" + name + ".git")
                .map(url -> new GitFault(url, url.substring(7), ""));
        var refused = Combinators.combine(names, tokens).as((name, token) -> {
            var url = "https://127.0.0.1:" + port + "/" + name + ".git";
            return new GitFault(url, url, token);
        });
        return Arbitraries.oneOf(gone, refused);
    }
}
