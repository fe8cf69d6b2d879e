package io.linkops.gitsync;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.read.ListAppender;
import io.linkops.bus.ErrorCode;
import io.linkops.config.GitConfig.Writable;
import io.linkops.fleet.RealSshd;
import io.linkops.gitsync.GitSync.Change;
import io.linkops.gitsync.GitSync.LinkDraft;
import io.linkops.gitsync.GitSync.WriteLink;
import io.linkops.inventory.Inventory.FindLink;
import io.linkops.inventory.Inventory.FindScripts;
import io.linkops.worlds.GitHttps;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Reading from and writing to Git servers of the two kinds there are: HTTPS with a token, SSH with a deploy key. */
class RemoteServersIT {
    private static final String TOKEN = "glpat-Tok+en/1 ü&?";
    private static final String LINKS = """
        links:
          vm-1: {type: VM, host: 10.0.0.1, port: 22, user: root, enrollment: {clientId: LINKOPS-1}}
        """;

    @TempDir
    Path directory;

    private GitWorld world;
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    @BeforeEach
    void create() throws Exception {
        world = new GitWorld(directory);
        world.repository.content(Map.of("links.yaml", LINKS, "scripts.yaml", "scripts: []\n"));
        world.repository.commit("main");
        log.start();
        ((Logger) LoggerFactory.getLogger("io.linkops")).addAppender(log);
    }

    @AfterEach
    void close() throws Exception {
        ((Logger) LoggerFactory.getLogger("io.linkops")).detachAppender(log);
        world.close();
    }

    private static LinkDraft draft(String host) {
        return new LinkDraft("VM", null, host, 22, "root", List.of(), "LINKOPS-1", null, null, null, null, Map.of());
    }

    private WriteLink edit(String host) {
        return new WriteLink("vm-1", Change.CHANGED, draft(host), null, null, "alice");
    }

    private void start(GitHttps server, @Nullable String token, @Nullable Path caFile) throws Exception {
        world.stop().start(world.config(server.url("repository.git"), null, null, token, caFile, Writable.AUTO));
    }

    private String everythingTold() throws Exception {
        var told = new StringBuilder();
        for (var event : log.list) {
            told.append(event.getFormattedMessage()).append('\n');
            if (event.getThrowableProxy() != null) {
                told.append(ThrowableProxyUtil.asString(event.getThrowableProxy()));
            }
        }
        world.kernel.rows("SELECT * FROM git_sync_history").forEach(row -> told.append(row.deepToString()));
        return told.toString();
    }

    @Test
    void aTokenReadsAndWritesOverHttps() throws Exception {
        try (var server = GitHttps.start(directory, directory).token(TOKEN)) {
            start(server, TOKEN, server.certificate());
            assertThat(world.sync().commit()).isEqualTo(world.repository.tip("main"));
            var written = world.write(Change.CHANGED, "vm-1", draft("10.0.0.9"), null);
            assertThat(world.repository.tip("main")).isEqualTo(written.commit());
            assertThat(world.kernel.ask(new FindLink("vm-1")).link().host()).isEqualTo("10.0.0.9");
        }
    }

    @Test
    void aTokenThatMayOnlyReadIsToldSoWhenItIsToWrite() throws Exception {
        try (var server = GitHttps.start(directory, directory).token(TOKEN).readOnly(true)) {
            start(server, TOKEN, server.certificate());
            world.sync();
            var before = world.repository.tip("main");
            var refused = world.kernel.refusal(edit("10.0.0.9"));
            assertThat(refused.code()).isEqualTo(ErrorCode.GIT_AUTH_FAILED);
            assertThat(refused.text()).contains("git.token", "right to write", "git.writable: never");
            assertThat(world.repository.tip("main")).isEqualTo(before);
            assertThat(world.sync().isSuccess()).isTrue();
        }
    }

    @Test
    void aWrongTokenIsToldWithoutTheToken() throws Exception {
        try (var server = GitHttps.start(directory, directory).token("another")) {
            start(server, TOKEN, server.certificate());
            var refused = world.failedSync();
            assertThat(refused.code()).isEqualTo(ErrorCode.GIT_AUTH_FAILED);
            assertThat(refused.text()).contains(server.url("repository.git"), "git.token");
            assertThat(world.kernel.refusal(edit("h")).code()).isEqualTo(ErrorCode.GIT_AUTH_FAILED);
            start(server, null, server.certificate());
            assertThat(world.failedSync().code()).isEqualTo(ErrorCode.GIT_AUTH_FAILED);
            var basic = Base64.getEncoder().encodeToString(("oauth2:" + TOKEN).getBytes(StandardCharsets.UTF_8));
            assertThat(everythingTold())
                    .contains("127.0.0.1")
                    .doesNotContain(TOKEN, basic, URLEncoder.encode(TOKEN, StandardCharsets.UTF_8), "Tok+en");
        }
    }

    @Test
    void aServerThatNoAuthorityVouchesForIsNeverTalkedTo() throws Exception {
        try (var server = GitHttps.start(directory, directory).token(TOKEN)) {
            start(server, TOKEN, null);
            assertThat(world.failedSync().code()).isEqualTo(ErrorCode.GIT_FAILED);
            var other = Files.createDirectory(directory.resolve("other"));
            try (var stranger = GitHttps.start(other, directory)) {
                start(server, TOKEN, stranger.certificate());
                assertThat(world.failedSync().code()).isEqualTo(ErrorCode.GIT_FAILED);
            }
            assertThat(server.refused()).isZero();
            start(server, TOKEN, Files.writeString(directory.resolve("empty.pem"), "nothing"));
            assertThat(world.failedSync().text()).contains("git.ca_file", "PEM");
            start(server, TOKEN, directory.resolve("nowhere.pem"));
            assertThat(world.failedSync().text()).contains("git.ca_file", "nowhere.pem");
            start(server, TOKEN, server.certificate());
            assertThat(world.sync().isSuccess()).isTrue();
        }
    }

    /** The remote dies in the middle of a pack, anywhere: what was good stays, and the next fetch is whole. */
    @Test
    void aFetchThatIsCutAnywhereLeavesTheLastGoodInForce() throws Exception {
        try (var server = GitHttps.start(directory, directory).token(TOKEN)) {
            start(server, TOKEN, server.certificate());
            var good = world.sync().commit();
            var noise = new byte[200_000];
            new Random(7).nextBytes(noise);
            world.repository.put("noise", noise).put("links.yaml", LINKS.replace("10.0.0.1", "10.0.0.2"));
            var next = world.repository.commit("main");
            for (long cut : new long[] {1, 20, 300, 5_000, 100_000, 199_000}) {
                server.cutAfter(cut);
                assertThat(world.failedSync().code()).isEqualTo(ErrorCode.GIT_FAILED);
                assertThat(world.kernel.ask(new FindScripts()).commit()).isEqualTo(good);
                assertThat(world.read(good, "links.yaml").bytes().text()).isEqualTo(LINKS);
            }
            server.cutAfter(Long.MAX_VALUE);
            assertThat(world.sync().commit()).isEqualTo(next);
            assertThat(world.read(next, "links.yaml").bytes().text()).contains("10.0.0.2");
        }
    }

    @Test
    void aDeployKeyReadsAndWritesOverSsh() throws Exception {
        try (var sshd = RealSshd.start(Files.createDirectories(directory.resolve("sshd")))) {
            var key = sshd.keysDirectory().resolve(sshd.keyName());
            var knownHosts =
                    Files.writeString(directory.resolve("known_hosts"), sshd.knownHostsLine(sshd.host(1), "ed25519"));
            var url = "ssh://" + sshd.user() + "@" + sshd.host(1) + ":" + sshd.port() + world.repository.directory();
            world.start(world.config(url, key, knownHosts, null));
            world.sync();
            var written = world.write(Change.CHANGED, "vm-1", draft("10.0.0.9"), null);
            assertThat(world.repository.tip("main")).isEqualTo(written.commit());
            assertThat(world.repository.log("main")).startsWith("alice <alice@example.org>");
            var stranger = directory.resolve("sshd/keys/stranger");
            sshd.makeClientKey("stranger", "ed25519");
            world.stop().start(world.config(url, stranger, knownHosts, null));
            assertThat(world.failedSync().code()).isEqualTo(ErrorCode.GIT_AUTH_FAILED);
            assertThat(world.kernel.refusal(edit("h")).code()).isEqualTo(ErrorCode.GIT_AUTH_FAILED);
            assertThat(everythingTold()).doesNotContain("PRIVATE KEY");
        }
    }

    @Test
    void aServersHookThatRefusesIsQuoted() throws Exception {
        try (var sshd = RealSshd.start(Files.createDirectories(directory.resolve("sshd")))) {
            var hook = directory.resolve("repository.git/hooks/pre-receive");
            Files.createDirectories(hook.getParent());
            Files.writeString(hook, "#!/bin/sh\necho 'only on Mondays' >&2\nexit 1\n");
            Files.setPosixFilePermissions(hook, PosixFilePermissions.fromString("rwxr-xr-x"));
            var key = sshd.keysDirectory().resolve(sshd.keyName());
            var knownHosts =
                    Files.writeString(directory.resolve("known_hosts"), sshd.knownHostsLine(sshd.host(1), "ed25519"));
            var url = "ssh://" + sshd.user() + "@" + sshd.host(1) + ":" + sshd.port() + world.repository.directory();
            world.start(world.config(url, key, knownHosts, null));
            world.sync();
            var before = world.repository.tip("main");
            var refused = world.kernel.refusal(edit("10.0.0.9"));
            assertThat(refused.code()).isEqualTo(ErrorCode.GIT_FAILED);
            assertThat(refused.text()).contains("hook declined", "protected");
            assertThat(world.repository.tip("main")).isEqualTo(before);
            assertThat(new HashMap<>(refused.details())).isEmpty();
        }
    }
}
