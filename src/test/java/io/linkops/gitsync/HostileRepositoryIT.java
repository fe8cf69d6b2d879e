package io.linkops.gitsync;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkops.bus.ErrorCode;
import io.linkops.gitsync.GitSync.FindHistory;
import io.linkops.gitsync.GitSync.FindStatus;
import io.linkops.gitsync.GitSync.FindSync;
import io.linkops.inventory.Inventory.FindLink;
import io.linkops.inventory.Inventory.FindLinks;
import io.linkops.inventory.Inventory.FindScripts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A repository whose content, names and refs are made to hurt: whatever it holds, the last good inventory stays. */
class HostileRepositoryIT {
    private static final String LINKS = """
        links:
          vm-1: {type: VM, host: 10.0.0.1, port: 22, user: root, enrollment: {clientId: LINKOPS-1}}
        """;
    private static final String SCRIPTS = """
        scripts:
          update: {name: Update, description: Updates, path: scripts/update.sh}
        """;

    @TempDir
    Path directory;

    private GitWorld world;
    private String good;

    @BeforeEach
    void create() throws Exception {
        world = new GitWorld(directory);
        reset();
        good = world.repository.commit("main");
        world.start().sync();
    }

    @AfterEach
    void close() throws Exception {
        world.close();
    }

    private void reset() throws Exception {
        world.repository.content(
                Map.of("links.yaml", LINKS, "scripts.yaml", SCRIPTS, "scripts/update.sh", "#!/bin/bash\n"));
    }

    private void requireLastGood() throws Exception {
        assertThat(world.kernel.ask(new FindScripts()).commit()).isEqualTo(good);
        assertThat(world.kernel.ask(new FindLink("vm-1")).isRetired()).isFalse();
        assertThat(world.kernel
                        .ask(new FindLinks(null, null, null, null, null, null, false, true))
                        .links())
                .hasSize(1);
    }

    private void refuses(String... words) throws Exception {
        world.repository.commit("main");
        var failure = world.failedSync();
        assertThat(failure.code()).isIn(ErrorCode.INVENTORY_INVALID, ErrorCode.GIT_FAILED);
        assertThat(failure.text()).contains(words);
        assertThat(failure.text().codePoints())
                .as("printable: " + failure.text())
                .allMatch(c -> c == '\n' || !Character.isISOControl(c));
        requireLastGood();
        reset();
    }

    @Test
    void filesThatAreNoneAreRefused() throws Exception {
        for (var name : new String[] {"links.yaml", "scripts.yaml", "scripts/update.sh"}) {
            world.repository.symlink(name, "/etc/passwd");
            refuses(name, "symbolic link");
            world.repository.symlink(name, "docs/other.yaml").put("docs/other.yaml", LINKS);
            refuses(name, "symbolic link");
            world.repository.submodule(name);
            refuses(name, "submodule");
            world.repository.remove(name).put(name + "/inner", "x");
            refuses(name, "is a directory");
            world.repository.put(name, new byte[70_000]);
            refuses(name, "70000 bytes");
        }
    }

    @Test
    void oddNamesAreRefusedAndNeverPrintedAsTheyAre() throws Exception {
        for (var id : new String[] {"a\\nb", "\\u001b[2Jx", "..", ".", "-rf", "a b", "\\u202ea", "a/b", ""}) {
            world.repository.put("links.yaml", LINKS.replace("vm-1:", "\"" + id + "\":"));
            refuses("links.yaml");
        }
        for (var path : new String[] {
            "scripts/\\u001b[31m.sh", "a\\nb.sh", "../../etc/passwd", "scripts/..", "/scripts/update.sh", "\\0", "~/x"
        }) {
            world.repository.put("scripts.yaml", SCRIPTS.replace("scripts/update.sh", "\"" + path + "\""));
            refuses("script update");
        }
    }

    @Test
    void oddFilesOfTheTreeAreShownHarmlessly() throws Exception {
        var odd = "docs/\u001b[31mred\nline\u202e.md";
        world.repository
                .put(odd, "x")
                .put("deep/" + "d/".repeat(200) + "f", "x")
                .put("conf/secrets.ini", "t=1");
        good = world.repository.commit("main");
        var sync = world.sync();
        assertThat(sync.warnings()).anyMatch(text -> text.contains("conf/secrets.ini"));
        var files = world.kernel.ask(new FindSync(sync.id())).diff().files();
        assertThat(files).hasSize(3).allMatch(file -> file.codePoints().noneMatch(Character::isISOControl));
        requireLastGood();
    }

    @Test
    void bombsAndTagsAreRefusedQuickly() throws Exception {
        var bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 12; i++) {
            bomb.append("a").append(i).append(": &a").append(i).append(" [");
            bomb.append(("*a" + (i - 1) + ", ").repeat(9))
                    .append("*a")
                    .append(i - 1)
                    .append("]\n");
        }
        world.repository.put("links.yaml", bomb + LINKS.replace("10.0.0.1,", "10.0.0.1, metadata: {x: *a11},"));
        refuses("links.yaml");
        world.repository.put("links.yaml", "x: " + "*a ".repeat(2000) + "\n" + LINKS);
        refuses("links.yaml");
        world.repository.put("links.yaml", LINKS.replace("10.0.0.1", "!!java.net.URL [\"http://x\"]"));
        refuses("links.yaml", "tag");
        world.repository.put("links.yaml", "&a [*a]: 1\n" + LINKS);
        refuses("links.yaml");
        world.repository.put("links.yaml", "links: &l\n  vm-1: *l\n");
        refuses("links.yaml");
        world.repository.put("links.yaml", "{".repeat(10_000));
        refuses("links.yaml");
        world.repository.put("links.yaml", "links: " + "[".repeat(30_000) + "]".repeat(30_000));
        refuses("links.yaml");
        world.repository.put("links.yaml", new byte[] {(byte) 0xff, (byte) 0xfe, 'l', 0});
        refuses("links.yaml", "UTF-8");
    }

    @Test
    void manyRefsOfOddNamesAndTagsChangeNothing() throws Exception {
        for (var name : new String[] {
            "refs/heads/feature/ü",
            "refs/heads/-x",
            "refs/heads/main2",
            "refs/tags/main",
            "refs/notes/main",
            "refs/heads/a b",
            "refs/heads/..x",
            "refs/linkops/tip",
            "refs/remotes/origin/main"
        }) {
            world.repository.ref(name, "main");
        }
        world.repository.put("links.yaml", LINKS.replace("10.0.0.1", "10.0.0.2"));
        good = world.repository.commit("main");
        assertThat(world.sync().commit()).isEqualTo(good);
        assertThat(world.kernel.ask(new FindLink("vm-1")).link().host()).isEqualTo("10.0.0.2");
        world.repository.delete("main");
        var gone = world.failedSync();
        assertThat(gone.code()).isEqualTo(ErrorCode.GIT_FAILED);
        assertThat(gone.text()).contains("has no branch main");
        requireLastGood();
        assertThat(world.kernel.ask(new FindStatus()).state()).isEqualTo(GitSync.SyncState.FAILED);
    }

    @Test
    void anEmptiedOrVanishedRepositoryIsToldAndChangesNothing() throws Exception {
        world.repository.delete("main");
        assertThat(world.failedSync().text()).contains("is empty");
        requireLastGood();
        Files.move(world.repository.directory(), directory.resolve("moved.git"));
        assertThat(world.failedSync().text()).contains("There is no repository at");
        requireLastGood();
        Files.move(directory.resolve("moved.git"), world.repository.directory());
        reset();
        // with the same content in the same second it would be the same commit
        good = world.repository.put("README.md", "Begun anew\n").commit("main");
        assertThat(world.sync().isRewritten()).isTrue();
    }

    @Test
    void aDamagedObjectOfTheRemoteIsNotTaken() throws Exception {
        world.repository.put("links.yaml", LINKS.replace("10.0.0.1", "10.0.0.66"));
        var damaged = world.repository.commit("main");
        var object =
                world.repository.directory().resolve("objects/" + damaged.substring(0, 2) + "/" + damaged.substring(2));
        Files.write(object, new byte[] {1, 2, 3});
        assertThat(world.failedSync().code()).isEqualTo(ErrorCode.GIT_FAILED);
        requireLastGood();
        assertThat(world.kernel.ask(new FindHistory(1)).syncs().getFirst().isSuccess())
                .isFalse();
    }
}
