package io.linkops.gitsync;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.read.ListAppender;
import io.linkops.bus.ErrorCode;
import io.linkops.fleet.RealSshd;
import io.linkops.gitsync.GitSync.FindHistory;
import io.linkops.gitsync.GitSync.FindStatus;
import io.linkops.gitsync.GitSync.ReadFile;
import io.linkops.gitsync.GitSync.Sync;
import io.linkops.inventory.Inventory.FindLink;
import io.linkops.inventory.Inventory.FindScripts;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** The whole way from a remote repository, good, broken, hostile or gone. */
class GitSyncIT {
    private static final String LINKS = """
        links:
          vm-1:
            type: VM
            host: 10.0.0.1
            port: 22
            user: root
            enrollment: {clientId: LINKOPS-1}
        """;
    private static final String SCRIPTS = """
        scripts:
          update:
            name: Update
            description: Updates the system
            path: scripts/update.sh
        """;

    @TempDir
    Path directory;

    private GitWorld world;

    @BeforeEach
    void create() throws Exception {
        world = new GitWorld(directory);
        world.repository.content(
                Map.of("links.yaml", LINKS, "scripts.yaml", SCRIPTS, "scripts/update.sh", "#!/bin/bash\n"));
    }

    @AfterEach
    void close() throws Exception {
        world.close();
    }

    @Test
    void syncsOnceAndThenOnlyLooks() throws Exception {
        var commit = world.repository.commit("main");
        world.start();
        var first = world.sync();
        assertThat(first.commit()).isEqualTo(commit);
        var second = world.sync();
        assertThat(second.isSuccess()).isTrue();
        assertThat(second.isChanged()).isFalse();
        var status = world.kernel.ask(new FindStatus());
        assertThat(status.commit()).isEqualTo(commit);
        assertThat(status.commitMessage()).isEqualTo("Change the fleet");
        assertThat(status.lastSync()).isEqualTo(second);
        assertThat(status.isSyncing()).isFalse();
        assertThat(world.kernel.ask(new FindHistory(10)).syncs()).contains(first, second);
        assertThat(world.kernel.refusal(new FindHistory(0)).code()).isEqualTo(ErrorCode.VALIDATION_FAILED);
    }

    @Test
    void concurrentAsksShareOneSync() throws Exception {
        world.repository.commit("main");
        world.start();
        var bus = io.linkops.bus.Bus.of(world.kernel.vertx());
        var a = bus.request(new Sync("a"));
        var b = bus.request(new Sync("b"));
        assertThat(a.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS))
                .isEqualTo(b.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS));
    }

    @Test
    void followsARewrittenHistoryAndKeepsTheOldCommitReadable() throws Exception {
        var old = world.repository
                .put("scripts/update.sh", "#!/bin/bash\necho old\n")
                .commit("main");
        world.start().sync();
        var rewritten = world.repository
                .put("scripts/update.sh", "#!/bin/bash\necho new\n")
                .rewrite("main");
        assertThat(world.sync().commit()).isEqualTo(rewritten);
        assertThat(world.read(old, "scripts/update.sh").bytes().text()).contains("echo old");
        assertThat(world.read(rewritten, "scripts/update.sh").bytes().text()).contains("echo new");
        assertThat(world.read(rewritten, "scripts/update.sh").sha256()).matches("[0-9a-f]{64}");
    }

    @Test
    void aFailedSyncLeavesTheLastGoodInventoryInForce() throws Exception {
        var good = world.repository.commit("main");
        world.start().sync();
        world.repository
                .put("links.yaml", LINKS.replace("port: 22", "port: 70000") + "  vm-1: {}\n")
                .commit("main");
        var failure = world.failedSync();
        assertThat(failure.code()).isEqualTo(ErrorCode.INVENTORY_INVALID);
        assertThat(failure.text())
                .contains("links.yaml line 5, link vm-1, field port: must be a number from 1 to 65535, not 70000")
                .contains("links.yaml line 8, link vm-1");
        assertThat(world.kernel.ask(new FindLink("vm-1")).link().port()).isEqualTo(22);
        assertThat(world.kernel.ask(new FindScripts()).commit()).isEqualTo(good);
        var last = world.kernel.ask(new FindStatus()).lastSync();
        assertThat(last.isSuccess()).isFalse();
        assertThat(last.commit()).isEqualTo(good);
        assertThat(last.errorCode()).isEqualTo("INVENTORY_INVALID");
        world.repository
                .put("links.yaml", LINKS.replace("10.0.0.1", "10.0.0.2"))
                .commit("main");
        assertThat(world.sync().diff().changed()).containsExactly("vm-1");
    }

    @Test
    void malformedYamlIsNamedWithItsLine() throws Exception {
        world.repository.put("links.yaml", LINKS + "  vm-2: [\n").commit("main");
        assertThat(world.start().failedSync().text())
                .contains("links.yaml line 9")
                .contains("not well-formed YAML");
    }

    @Test
    void hostileFilesAreRefused() throws Exception {
        world.repository.commit("main");
        world.start().sync();
        refuses(
                "links.yaml",
                "a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a]\n" + "c: [" + "*b,".repeat(2000) + "*b]\n",
                "aliases");
        refuses("links.yaml", "links: !!javax.script.ScriptEngineManager []\n", "line 1", "tag");
        refuses("links.yaml", "links: " + "[".repeat(5000), "line 1", "nesting");
        refuses("links.yaml", "# " + "x".repeat(70_000), "bytes");
        refuses("links.yaml", LINKS + "---\n" + LINKS, "second document");
        refuses("links.yaml", "", "empty");
        refuses("links.yaml", "- a\n", "must be a mapping");
        refuses("links.yaml", LINKS.replace("vm-1", "../vm"), "field id");
        refuses("links.yaml", LINKS.replace("10.0.0.1", "-oProxyCommand=x"), "field host", "dash");
        refuses("links.yaml", LINKS.replace("10.0.0.1", "\"a\\u202eb\""), "field host");
        refuses("links.yaml", LINKS.replace("host: 10.0.0.1", "host: 10"), "field host", "must be text");
        refuses("links.yaml", LINKS.replace("22", "'22'"), "field port", "must be a number");
        refuses("links.yaml", LINKS + "    ssh: {keyRef: ../../etc/shadow}\n", "ssh.keyRef");
        refuses("links.yaml", LINKS + "    ssh: {proxyJump: vm-1}\n", "ssh.proxyJump", "vm-1 → vm-1");
        refuses("links.yaml", LINKS + "    ssh: {hostKey: MD5:aa}\n", "ssh.hostKey");
        for (var path :
                new String[] {"/etc/passwd", "../x.sh", "a/../../x", "a\\\\b", "\"a\\0b\"", ".git/config", "a//b"}) {
            refuses("scripts.yaml", SCRIPTS.replace("scripts/update.sh", path), "script update", "field path");
        }
        refuses("scripts.yaml", SCRIPTS.replace("update.sh", "none.sh"), "line 5", "does not exist");
        world.repository
                .put("scripts.yaml", SCRIPTS)
                .symlink("scripts/update.sh", "/etc/passwd")
                .commit("main");
        assertThat(world.failedSync().text()).contains("scripts/update.sh is a symbolic link");
        world.repository.submodule("scripts/update.sh").commit("main");
        assertThat(world.failedSync().text()).contains("is a submodule");
        world.repository
                .put("scripts/update.sh", "#!/bin/bash\n" + "#".repeat(70_000))
                .commit("main");
        assertThat(world.failedSync().text()).contains("70012 bytes");
        world.repository
                .put("scripts/update.sh", "#!/bin/bash\n")
                .symlink("links.yaml", "/etc/passwd")
                .commit("main");
        assertThat(world.failedSync().text()).contains("links.yaml").contains("is a symbolic link");
        world.repository.remove("links.yaml").commit("main");
        assertThat(world.failedSync().text()).contains("links.yaml: the file does not exist");
        assertThat(world.kernel.ask(new FindLink("vm-1")).isRetired()).isFalse();
    }

    private void refuses(String file, String content, String... words) throws Exception {
        var good = file.equals("links.yaml") ? LINKS : SCRIPTS;
        world.repository.put(file, content).commit("main");
        var failure = world.failedSync();
        assertThat(failure.code()).isEqualTo(ErrorCode.INVENTORY_INVALID);
        assertThat(failure.text()).contains(file).contains(words);
        world.repository.put(file, good);
    }

    /** Whatever runs behind a fetch's back would move what is read. */
    @Test
    void manyFetchesLeaveOnePackMadeInTurnAndEveryCommitReadable() throws Exception {
        world.start();
        var mirror = world.mirror();
        var commits = new ArrayList<String>();
        for (int i = 0; i <= Packing.MAX_PACKS; i++) {
            assertThat(mirror.resolve("packed-refs")).doesNotExist();
            world.repository.put("scripts/update.sh", "#!/bin/bash\necho " + i + "\n");
            var commit = i % 5 == 4 ? world.repository.rewrite("main") : world.repository.commit("main");
            assertThat(world.sync().commit()).isEqualTo(commit);
            commits.add(commit);
        }
        assertThat(mirror.resolve("packed-refs")).content().contains("refs/linkops/tip");
        var packs = Packing.packs(mirror);
        assertThat(packs).isGreaterThan(Packing.MAX_PACKS);
        commits.add(world.repository.commit("main"));
        assertThat(world.sync().commit()).isEqualTo(commits.getLast());
        assertThat(Packing.packs(mirror)).isEqualTo(packs + 1);
        for (int i = 0; i <= Packing.MAX_PACKS; i++) {
            assertThat(world.read(commits.get(i), "scripts/update.sh").bytes().text())
                    .isEqualTo("#!/bin/bash\necho " + i + "\n");
        }
    }

    @Test
    void oddThingsAreWarnedOf() throws Exception {
        world.repository
                .put("conf/secrets.ini", "token=x")
                .put("scripts/update.sh", "#!/usr/bin/python3\n")
                .put(
                        "links.yaml",
                        LINKS + "    colour: red\n" + LINKS.substring(7).replace("vm-1", "vm-2"))
                .commit("main");
        world.start().sync();
        assertThat(String.join(
                        "\n",
                        world.kernel.ask(new FindHistory(5)).syncs().getLast().warnings()))
                .contains("conf/secrets.ini", "not a bash shebang", "colour", "same enrollment.clientId as link vm-1");
    }

    @Test
    void aMissingBranchAnEmptyOrNoRepositoryIsNamed() throws Exception {
        world.start();
        assertThat(world.failedSync().text()).contains("is empty");
        world.repository.commit("master");
        assertThat(world.failedSync().text()).contains("has no branch main (it has master)");
        world.repository.commit("main");
        world.sync();
        world.repository.delete("main");
        assertThat(world.failedSync().code()).isEqualTo(ErrorCode.GIT_FAILED);
        assertThat(world.kernel.ask(new FindLink("vm-1")).isRetired()).isFalse();
    }

    @Test
    void onlyPlainFilesOfKnownCommitsAreServed() throws Exception {
        var commit = world.repository.symlink("way/out", "/etc/passwd").commit("main");
        world.start().sync();
        for (var path : new String[] {"scripts", "way/out", "../x", "/etc/passwd", "nothing", ""}) {
            assertThat(world.kernel.refusal(new ReadFile(commit, path)).code()).isEqualTo(ErrorCode.NOT_FOUND);
        }
        for (var name : new String[] {"main", "0".repeat(40), "HEAD~1", ""}) {
            assertThat(world.kernel.refusal(new ReadFile(name, "links.yaml")).code())
                    .isEqualTo(ErrorCode.NOT_FOUND);
        }
    }

    @Test
    void anUnreachableServerIsToldWithoutTheToken() throws Exception {
        int closed;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closed = socket.getLocalPort();
        }
        var log = new ListAppender<ILoggingEvent>();
        var logger = (Logger) LoggerFactory.getLogger(RepositoryVerticle.class);
        log.start();
        logger.addAppender(log);
        world.start(world.config("https://user:pass-word@127.0.0.1:" + closed + "/x.git", null, null, "tok-en-1"));
        var failure = world.failedSync();
        logger.detachAppender(log);
        assertThat(failure.code()).isEqualTo(ErrorCode.GIT_FAILED);
        assertThat(failure.text())
                .contains("https://127.0.0.1:" + closed + "/x.git")
                .doesNotContain("pass-word", "tok-en");
        assertThat(log.list).anySatisfy(event -> {
            assertThat(event.getFormattedMessage()).contains("127.0.0.1:" + closed);
            assertThat(ThrowableProxyUtil.asString(event.getThrowableProxy())).contains("\tat ");
        });
        assertThat(log.list)
                .allSatisfy(event -> assertThat(event.getFormattedMessage()
                                + (event.getThrowableProxy() == null
                                        ? ""
                                        : ThrowableProxyUtil.asString(event.getThrowableProxy())))
                        .doesNotContain("pass-word", "tok-en"));
        assertThat(world.kernel.ask(new FindStatus()).url()).doesNotContain("pass-word");
    }

    @Test
    void onlyAllowedAddressesAreFetched() throws Exception {
        for (var url : new String[] {
            "ext::sh -c touch% /tmp/x",
            "git://h/x",
            "http://h/x",
            "sftp://h/x",
            "amazon-s3://h/x",
            "-uploadpack=x",
            "ftp://h"
        }) {
            assertThat(org.junit.jupiter.api.Assertions.assertThrows(SyncException.class, () -> RemoteUrl.parse(url)))
                    .hasMessageContaining("https, ssh or file");
        }
        assertThat(RemoteUrl.parse("git@host:a/b.git").kind()).isEqualTo(RemoteUrl.Kind.SSH);
        assertThat(RemoteUrl.parse("ssh://git:pw@host:2222/b.git").shown()).doesNotContain("pw");
        assertThat(RemoteUrl.parse("file:///srv/x.git").kind()).isEqualTo(RemoteUrl.Kind.FILE);
    }

    @Test
    void fetchesWithADeployKeyFromAnSshdWhoseKeyIsKnown() throws Exception {
        Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/git-upload-pack")), "no git-upload-pack here");
        var commit = world.repository.commit("main");
        try (var sshd = RealSshd.start(Files.createDirectories(directory.resolve("sshd")))) {
            var url = "ssh://" + sshd.user() + "@" + sshd.host(1) + ":" + sshd.port() + world.repository.directory();
            var key = sshd.keysDirectory().resolve(sshd.keyName());
            var knownHosts = directory.resolve("known_hosts");
            Files.writeString(knownHosts, "");
            world.start(world.config(url, key, knownHosts, null));
            assertThat(world.failedSync().text()).contains("known_hosts");
            Files.writeString(knownHosts, sshd.knownHostsLine(sshd.host(1), "ed25519"));
            assertThat(world.sync().commit()).isEqualTo(commit);
            Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));
            var refused = world.failedSync();
            assertThat(refused.code()).isEqualTo(ErrorCode.GIT_AUTH_FAILED);
            assertThat(refused.text()).contains("644", "chmod 600");
            Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
            sshd.makeClientKey("stranger", "ed25519");
            Files.copy(
                    sshd.keysDirectory().resolve("stranger"), key, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
            assertThat(world.failedSync().code()).isEqualTo(ErrorCode.GIT_AUTH_FAILED);
        }
    }
}
