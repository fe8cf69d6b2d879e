package io.linkops.gitsync;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkops.bus.Bus;
import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import io.linkops.config.GitConfig;
import io.linkops.gitsync.GitSync.Change;
import io.linkops.gitsync.GitSync.FindStatus;
import io.linkops.gitsync.GitSync.LinkDraft;
import io.linkops.gitsync.GitSync.Sync;
import io.linkops.gitsync.GitSync.WriteLink;
import io.linkops.inventory.Inventory.FindLink;
import io.linkops.inventory.Inventory.FindLinks;
import io.linkops.inventory.Inventory.LinkState;
import io.linkops.worlds.Kernel;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Edits that become commits in a real repository, beside others who push to it. */
class LinkWritingIT {
    private static final String KEY = "SHA256:" + "k".repeat(43);
    private static final String OTHER = "SHA256:" + "o".repeat(43);
    private static final String LINKS = """
        # The fleet.
        links:
          vm-1:   # the first
            type: VM
            host: 10.0.0.1   # moved in spring
            port: 22
            user: root
            enrollment: {clientId: LINKOPS-1}
            ssh:
              hostKey: "%s"

          # The second one is odd.
          vm-2:
            type: 'VM'
            host: 10.0.0.2
            port: 22
            user: "root"
            enrollment: {clientId: LINKOPS-2}
        # the end
        """.formatted(KEY);

    @TempDir
    Path directory;

    private GitWorld world;

    @BeforeEach
    void create() throws Exception {
        world = new GitWorld(directory);
        world.repository.content(Map.of("links.yaml", LINKS, "scripts.yaml", "scripts: []\n", "docs/a.md", "a"));
        world.repository.commit("main");
    }

    @AfterEach
    void close() throws Exception {
        world.close();
    }

    private static LinkDraft draft(String host, int number, @Nullable String hostKey) {
        return new LinkDraft(
                "VM", null, host, 22, "root", List.of(), "LINKOPS-" + number, null, null, null, hostKey, Map.of());
    }

    private Failure refusal(Change change, String id, @Nullable LinkDraft draft, @Nullable String base)
            throws Exception {
        return world.kernel.refusal(new WriteLink(id, change, draft, null, base, "alice"));
    }

    @Test
    void anEditIsACommitOfTheUserAndInForceWhenItIsAnswered() throws Exception {
        world.start().sync();
        var written = world.write(Change.CHANGED, "vm-1", draft("10.0.0.9", 1, KEY), null);
        assertThat(written.commit()).isEqualTo(world.repository.tip("main"));
        assertThat(written.sync().commit()).isEqualTo(written.commit());
        assertThat(world.repository.read("main", "links.yaml")).isEqualTo(LINKS.replace("10.0.0.1 ", "10.0.0.9 "));
        assertThat(world.repository.read("main", "docs/a.md")).isEqualTo("a");
        assertThat(world.repository.log("main")).isEqualTo("alice <alice@example.org> | Change link vm-1\n");
        assertThat(world.kernel.ask(new FindLink("vm-1")).link().host()).isEqualTo("10.0.0.9");
        world.write(Change.ADDED, "vm-3", draft("10.0.0.3", 3, null), null);
        assertThat(world.kernel.ask(new FindLink("vm-3")).link().host()).isEqualTo("10.0.0.3");
        world.write(Change.REMOVED, "vm-2", null, null);
        assertThat(world.kernel.ask(new FindLink("vm-2")).isRetired()).isTrue();
        assertThat(world.repository.read("main", "links.yaml"))
                .contains("# The fleet.", "# the first", "# moved in spring", "# The second one is odd.", "# the end")
                .doesNotContain("LINKOPS-2");
        int length = world.repository.length("main");
        assertThat(world.write(Change.CHANGED, "vm-3", draft("10.0.0.3", 3, null), null)
                        .commit())
                .isEqualTo(world.repository.tip("main"));
        assertThat(world.repository.length("main")).isEqualTo(length).isEqualTo(4);
    }

    @Test
    void theRequestMayCarryTheCommitsMessage() throws Exception {
        world.start().sync();
        world.kernel.ask(new WriteLink(
                "vm-1", Change.CHANGED, draft("h.example", 1, KEY), "Move it\n\nfor a reason", null, "bob"));
        assertThat(world.repository.log("main")).isEqualTo("bob <bob@example.org> | Move it\n\nfor a reason\n");
    }

    @Test
    void whatASyncWouldRefuseIsRefusedBeforeItIsCommitted() throws Exception {
        world.start().sync();
        var before = world.repository.tip("main");
        var refused = refusal(Change.CHANGED, "vm-1", draft("a b", 1, "MD5:x"), null);
        assertThat(refused.code()).isEqualTo(ErrorCode.VALIDATION_FAILED);
        assertThat(refused.details().get("fields").toString())
                .contains("host=must not contain white space", "ssh.pinned_host_key=must be SHA256:");
        assertThat(refusal(Change.ADDED, "../x", draft("h", 1, null), null).code())
                .isEqualTo(ErrorCode.VALIDATION_FAILED);
        assertThat(refusal(Change.ADDED, "vm-1", draft("h", 1, null), null).code())
                .isEqualTo(ErrorCode.CONFLICT);
        assertThat(refusal(Change.CHANGED, "vm-9", draft("h", 1, null), null).code())
                .isEqualTo(ErrorCode.LINK_NOT_FOUND);
        assertThat(refusal(Change.REMOVED, "vm-9", null, null).code()).isEqualTo(ErrorCode.LINK_NOT_FOUND);
        assertThat(world.repository.tip("main")).isEqualTo(before);
    }

    @Test
    void anAdminsEditOfAHostKeyIsTheWordForIt() throws Exception {
        world.start().sync();
        world.write(Change.CHANGED, "vm-1", draft("10.0.0.1", 1, OTHER), null);
        assertThat(world.kernel.ask(new FindLink("vm-1")).link().hostKey()).isEqualTo(OTHER);
        assertThat(world.kernel.ask(new FindStatus()).held()).isNull();
    }

    @Test
    void whatOthersPushedMeanwhileIsStillJudged() throws Exception {
        world.start().sync();
        var theirs =
                world.repository.put("links.yaml", LINKS.replace(KEY, OTHER)).commit("main");
        var refused = refusal(Change.CHANGED, "vm-2", draft("10.0.0.7", 2, null), null);
        assertThat(refused.code()).isEqualTo(ErrorCode.SYNC_HELD);
        assertThat(refused.text()).contains("pushed as commit " + world.repository.tip("main"), "vm-1");
        assertThat(world.kernel.ask(new FindLink("vm-1")).link().hostKey()).isEqualTo(KEY);
        assertThat(world.kernel.ask(new FindLink("vm-2")).link().host()).isEqualTo("10.0.0.2");
        assertThat(refusal(Change.CHANGED, "vm-2", draft("10.0.0.8", 2, null), null)
                        .code())
                .isEqualTo(ErrorCode.SYNC_HELD);
        assertThat(theirs).isNotEqualTo(world.repository.tip("main"));
    }

    @Test
    void anEditOfAStaleEntryIsRefusedAndOneOfAnotherIsNot() throws Exception {
        var seen = world.repository.tip("main");
        world.start().sync();
        world.repository
                .put("links.yaml", LINKS.replace("10.0.0.2", "10.0.0.22"))
                .commit("main");
        var stale = refusal(Change.CHANGED, "vm-2", draft("10.0.0.7", 2, null), seen);
        assertThat(stale.code()).isEqualTo(ErrorCode.CONFLICT);
        assertThat(stale.text()).contains(seen);
        assertThat(refusal(Change.CHANGED, "vm-2", draft("h", 2, null), "0".repeat(40))
                        .code())
                .isEqualTo(ErrorCode.CONFLICT);
        assertThat(refusal(Change.CHANGED, "vm-2", draft("h", 2, null), "HEAD").code())
                .isEqualTo(ErrorCode.CONFLICT);
        world.write(Change.CHANGED, "vm-1", draft("10.0.0.9", 1, KEY), seen);
        assertThat(world.repository.read("main", "links.yaml")).contains("10.0.0.22", "10.0.0.9");
    }

    /** Another clone pushes while ten admins edit: every change of both is in the end there. */
    @Test
    void aConcurrentPushLosesNothingOfEither() throws Exception {
        world.start().sync();
        var other = Thread.ofPlatform().start(() -> {
            for (int i = 0; i < 20; i++) {
                pushFromAnotherClone("notes/" + i, "note " + i);
            }
        });
        var bus = Bus.of(world.kernel.vertx());
        var edits = new ArrayList<Future<?>>();
        for (int i = 10; i < 20; i++) {
            edits.add(bus.request(
                    new WriteLink("vm-" + i, Change.ADDED, draft("10.0.1." + i, i, null), null, null, "user" + i),
                    java.time.Duration.ofMinutes(1)));
        }
        Kernel.await(Future.join(edits).transform(_ -> Future.succeededFuture()));
        other.join();
        var lost = edits.stream().filter(Future::failed).toList();
        assertThat(lost).as("%s", lost.stream().map(Future::cause).toList()).isEmpty();
        world.kernel.ask(new Sync("tester"));
        var ids = new TreeSet<String>();
        world.kernel
                .ask(new FindLinks(null, null, null, null, null, null, false, false))
                .links()
                .forEach((LinkState state) -> ids.add(state.link().id()));
        assertThat(ids).hasSize(12);
        assertThat(world.repository.length("main")).isEqualTo(1 + 10 + 20);
        for (int i = 0; i < 20; i++) {
            assertThat(world.repository.read("main", "notes/" + i)).isEqualTo("note " + i);
        }
        assertThat(world.repository.read("main", "links.yaml")).contains("# the first", "# the end");
    }

    /** As git would do it: on what is there, by compare and set, until it succeeds. */
    private void pushFromAnotherClone(String path, String text) {
        try (var repository = new org.eclipse.jgit.internal.storage.file.FileRepository(
                world.repository.directory().toFile())) {
            while (true) {
                var tip = repository.exactRef("refs/heads/main").getObjectId();
                if (commitOn(repository, tip, path, text)) {
                    return;
                }
            }
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static boolean commitOn(
            org.eclipse.jgit.lib.Repository repository, org.eclipse.jgit.lib.ObjectId tip, String path, String text)
            throws java.io.IOException {
        try (var inserter = repository.newObjectInserter();
                var walk = new org.eclipse.jgit.revwalk.RevWalk(repository)) {
            var index = org.eclipse.jgit.dircache.DirCache.read(
                    walk.getObjectReader(), walk.parseCommit(tip).getTree());
            var blob = inserter.insert(org.eclipse.jgit.lib.Constants.OBJ_BLOB, text.getBytes(StandardCharsets.UTF_8));
            var editor = index.editor();
            editor.add(new org.eclipse.jgit.dircache.DirCacheEditor.PathEdit(path) {
                @Override
                public void apply(org.eclipse.jgit.dircache.DirCacheEntry entry) {
                    entry.setFileMode(org.eclipse.jgit.lib.FileMode.REGULAR_FILE);
                    entry.setObjectId(blob);
                }
            });
            editor.finish();
            var commit = new org.eclipse.jgit.lib.CommitBuilder();
            commit.setTreeId(index.writeTree(inserter));
            commit.setParentId(tip);
            commit.setAuthor(new org.eclipse.jgit.lib.PersonIdent("Other", "other@example.org"));
            commit.setCommitter(commit.getAuthor());
            commit.setMessage("Note");
            var id = inserter.insert(commit);
            inserter.flush();
            var update = repository.updateRef("refs/heads/main");
            update.setExpectedOldObjectId(tip);
            update.setNewObjectId(id);
            return update.update() == org.eclipse.jgit.lib.RefUpdate.Result.FAST_FORWARD;
        }
    }

    @Test
    void whereLinkOpsMayNotWriteItSaysSo() throws Exception {
        var url = world.repository.directory().toString();
        world.start(world.config(url, null, null, null, GitConfig.Writable.NEVER));
        var never = refusal(Change.CHANGED, "vm-1", draft("h", 1, KEY), null);
        assertThat(never.code()).isEqualTo(ErrorCode.FORBIDDEN);
        assertThat(never.text()).contains("git.writable");
        assertThat(world.kernel.ask(new FindStatus()).isWritable()).isFalse();
        world.stop().start(world.config(null, null, null, null, GitConfig.Writable.AUTO));
        var none = refusal(Change.CHANGED, "vm-1", draft("h", 1, KEY), null);
        assertThat(none.code()).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(none.text()).contains("git.repository_url");
    }

    @Test
    void aProtectedBranchIsToldAsTheServerSaysIt() throws Exception {
        Files.writeString(
                world.repository.directory().resolve("config"),
                Files.readString(world.repository.directory().resolve("config"))
                        + "[receive]\n\tdenyCurrentBranch = refuse\n\tdenyNonFastForwards = true\n");
        world.start().sync();
        Files.setPosixFilePermissions(
                Files.writeString(world.repository.directory().resolve("refs/heads/main.lock"), ""),
                java.nio.file.attribute.PosixFilePermissions.fromString("rw-r--r--"));
        var locked = refusal(Change.CHANGED, "vm-1", draft("h", 1, KEY), null);
        assertThat(locked.code()).isIn(ErrorCode.CONFLICT, ErrorCode.GIT_FAILED);
        Files.delete(world.repository.directory().resolve("refs/heads/main.lock"));
        world.write(Change.CHANGED, "vm-1", draft("h", 1, KEY), null);
    }

    @Test
    void aBrokenFileInTheRepositoryIsNotWrittenOn() throws Exception {
        world.start().sync();
        world.repository.put("links.yaml", LINKS + "  vm-3: {}\n").commit("main");
        assertThat(refusal(Change.CHANGED, "vm-1", draft("h", 1, KEY), null).code())
                .isEqualTo(ErrorCode.INVENTORY_INVALID);
        world.repository.symlink("links.yaml", "/etc/passwd").commit("main");
        assertThat(refusal(Change.CHANGED, "vm-1", draft("h", 1, KEY), null).text())
                .contains("symbolic link");
    }
}
