package io.linkops.gitsync;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkops.bus.Bus;
import io.linkops.bus.Bytes;
import io.linkops.bus.ErrorCode;
import io.linkops.gitsync.GitSync.ApproveHeld;
import io.linkops.gitsync.GitSync.Change;
import io.linkops.gitsync.GitSync.FieldChange;
import io.linkops.gitsync.GitSync.FindHistory;
import io.linkops.gitsync.GitSync.FindStatus;
import io.linkops.gitsync.GitSync.FindSync;
import io.linkops.gitsync.GitSync.HoldReason;
import io.linkops.gitsync.GitSync.HoldRule;
import io.linkops.gitsync.GitSync.Hook;
import io.linkops.gitsync.GitSync.HookOutcome;
import io.linkops.gitsync.GitSync.LinkChange;
import io.linkops.gitsync.GitSync.RejectHeld;
import io.linkops.gitsync.GitSync.SyncState;
import io.linkops.inventory.Inventory.FindLink;
import io.linkops.inventory.Inventory.FindScripts;
import io.linkops.world.Patience;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a sync changes is kept and shown, and some of it waits for an admin's word, over restarts too. */
class SyncGuardIT {
    private static final String KEY = "SHA256:" + "k".repeat(43);
    private static final String OTHER = "SHA256:" + "o".repeat(43);
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
        world.repository.content(Map.of(
                "links.yaml", links(1, 10), "scripts.yaml", SCRIPTS, "scripts/update.sh", "#!/bin/bash\necho one\n"));
    }

    @AfterEach
    void close() throws Exception {
        world.close();
    }

    private static String links(int from, int to) {
        var yaml = new StringBuilder("links:\n");
        IntStream.rangeClosed(from, to)
                .forEach(number ->
                        yaml.append("  vm-").append(number).append(":").append("""
                             {type: VM, host: 10.0.0.%1$d, port: 22, user: root, enrollment: {clientId: LINKOPS-%1$d}, ssh: {hostKey: "%2$s"}}
                            """.formatted(number, KEY)));
        return yaml.toString();
    }

    private static String firstPinned(String key) {
        return links(1, 10).replaceFirst(KEY, key);
    }

    private long rows() throws Exception {
        return world.kernel
                .rows("SELECT COUNT(*) FROM git_sync_history")
                .getFirst()
                .getLong(0);
    }

    @Test
    void theWholeDiffIsKept() throws Exception {
        var first = world.repository.commit("main");
        world.start().sync();
        world.repository.put("scripts/update.sh", "#!/bin/bash\necho two\n").commit("main");
        var second = world.repository
                .put(
                        "links.yaml",
                        links(1, 9).replace("host: 10.0.0.1,", "host: 10.0.0.99, metadata: {api_token: hush},")
                                + links(11, 11).substring("links:\n".length()))
                .put("scripts.yaml", SCRIPTS + SCRIPTS.replace("scripts:\n", "").replace("  update:", "  new:"))
                .put("README.md", "read")
                .commit("main");
        var sync = world.sync();
        assertThat(sync.isRewritten()).isFalse();
        var diff = world.kernel.ask(new FindSync(sync.id())).diff();
        assertThat(diff.before()).isEqualTo(first);
        assertThat(diff.after()).isEqualTo(second);
        assertThat(diff.links())
                .containsExactly(
                        new LinkChange(
                                "vm-1",
                                Change.CHANGED,
                                java.util.List.of(
                                        new FieldChange("host", "10.0.0.1", "10.0.0.99"),
                                        new FieldChange("metadata.api_token", null, "***"))),
                        new LinkChange("vm-10", Change.REMOVED, java.util.List.of()),
                        new LinkChange("vm-11", Change.ADDED, java.util.List.of()));
        assertThat(diff.scripts()).hasSize(2);
        assertThat(diff.scripts().getFirst().change()).isEqualTo(Change.ADDED);
        var update = diff.scripts().getLast();
        assertThat(update.sha256Before())
                .isEqualTo(world.read(first, "scripts/update.sh").sha256());
        assertThat(update.sha256After())
                .isEqualTo(world.read(second, "scripts/update.sh").sha256())
                .isNotEqualTo(update.sha256Before());
        assertThat(diff.commits()).hasSize(2).allSatisfy(commit -> {
            assertThat(commit.author()).isEqualTo("Tester");
            assertThat(commit.subject()).isEqualTo("Change the fleet");
        });
        assertThat(diff.files()).containsExactly("README.md", "links.yaml", "scripts.yaml", "scripts/update.sh");
        assertThat(world.kernel.refusal(new FindSync(4711)).code()).isEqualTo(ErrorCode.NOT_FOUND);
    }

    @Test
    void moreThanFiftyCommitsAreCounted() throws Exception {
        world.repository.commit("main");
        world.start().sync();
        for (int i = 0; i < 60; i++) {
            world.repository.put("note", "x" + i).commit("main");
        }
        var diff = world.kernel.ask(new FindSync(world.sync().id())).diff();
        assertThat(diff.commits()).hasSize(50);
        assertThat(diff.moreCommits()).isEqualTo(10);
    }

    @Test
    void aRewrittenHistoryIsFollowedAndShownAsSuch() throws Exception {
        world.repository.commit("main");
        world.start().sync();
        world.repository.put("links.yaml", links(1, 11)).rewrite("main");
        var sync = world.sync();
        assertThat(sync.isRewritten()).isTrue();
        assertThat(sync.diff().added()).containsExactly("vm-11");
        assertThat(world.kernel.ask(new FindSync(sync.id())).diff().isRewritten())
                .isTrue();
        world.repository.put("note", "x").commit("main");
        assertThat(world.sync().isRewritten()).isFalse();
    }

    @Test
    void aHeldCommitChangesNothingAndIsToldOnceAlsoOverARestart() throws Exception {
        var good = world.repository.commit("main");
        world.start().sync();
        var bad = world.repository.put("links.yaml", links(1, 6)).commit("main");
        var held = world.heldSync();
        assertThat(held.commit()).isEqualTo(bad);
        assertThat(held.base()).isEqualTo(good);
        assertThat(held.reasons()).extracting(HoldReason::rule).containsExactly(HoldRule.TOO_MANY_RETIRED);
        assertThat(held.reasons().getFirst().text()).contains("4 of 10 links", "vm-10, vm-7, vm-8, vm-9", "20 %");
        assertThat(world.kernel.ask(new FindLink("vm-10")).isRetired()).isFalse();
        assertThat(world.kernel.ask(new FindScripts()).commit()).isEqualTo(good);
        var status = world.kernel.ask(new FindStatus());
        assertThat(status.state()).isEqualTo(SyncState.HELD);
        assertThat(status.commit()).isEqualTo(good);
        assertThat(status.lastSync().heldCommit()).isEqualTo(bad);
        assertThat(world.kernel.ask(new FindSync(held.syncId())).diff().links()).hasSize(4);
        var before = rows();
        world.heldSync();
        world.heldSync();
        assertThat(rows()).isEqualTo(before);
        world.stop().start();
        assertThat(world.heldSync()).isEqualTo(held);
        assertThat(rows()).isEqualTo(before);
        assertThat(world.kernel.ask(new FindLink("vm-10")).isRetired()).isFalse();
        assertThat(world.kernel.refusal(new ApproveHeld(good, "admin")).code()).isEqualTo(ErrorCode.CONFLICT);
        var approved = world.kernel.ask(new ApproveHeld(bad, "admin"));
        assertThat(approved.commit()).isEqualTo(bad);
        assertThat(approved.approvedBy()).isEqualTo("admin");
        assertThat(approved.diff().retired()).hasSize(4);
        assertThat(world.kernel.ask(new FindLink("vm-10")).isRetired()).isTrue();
        assertThat(world.kernel.ask(new FindStatus()).state()).isEqualTo(SyncState.SYNCED);
        assertThat(world.kernel
                        .rows("SELECT state, decided_by, decided_at > 0 FROM git_held")
                        .getFirst()
                        .deepToString())
                .contains("approved", "admin", "1");
        assertThat(world.sync().isChanged()).isFalse();
    }

    @Test
    void anApprovalHoldsOnlyForTheCommitThatWasSeen() throws Exception {
        world.repository.commit("main");
        world.start().sync();
        var seen = world.repository.put("links.yaml", firstPinned(OTHER)).commit("main");
        assertThat(world.heldSync().reasons().getFirst().text()).contains("vm-1", OTHER, KEY);
        var newer = world.repository.put("note", "x").commit("main");
        assertThat(world.heldSync().commit()).isEqualTo(newer);
        assertThat(world.kernel.refusal(new ApproveHeld(seen, "admin")).text()).contains(newer);
        assertThat(world.kernel.ask(new FindLink("vm-1")).link().hostKey()).isEqualTo(KEY);
        world.kernel.ask(new ApproveHeld(newer, "admin"));
        assertThat(world.kernel.ask(new FindLink("vm-1")).link().hostKey()).isEqualTo(OTHER);
        var back = world.repository.put("links.yaml", firstPinned(KEY)).commit("main");
        assertThat(world.heldSync().commit()).isEqualTo(back);
    }

    @Test
    void anOldApprovalIsNoWordForTheSameCommitOnTopOfAnother() throws Exception {
        world.repository.commit("main");
        world.start().sync();
        var shrunk = world.repository.put("links.yaml", links(1, 6)).commit("main");
        world.heldSync();
        world.kernel.ask(new ApproveHeld(shrunk, "admin"));
        var grown = world.repository.put("links.yaml", links(1, 20)).commit("main");
        assertThat(world.sync().commit()).isEqualTo(grown);
        world.repository.reset("main", shrunk);
        assertThat(world.heldSync().commit()).isEqualTo(shrunk);
        assertThat(world.kernel.ask(new FindScripts()).commit()).isEqualTo(grown);
    }

    @Test
    void aPinIsNotRemovedNorChangedByLeavingAndComingBack() throws Exception {
        world.repository.commit("main");
        world.start().sync();
        world.repository.put("links.yaml", links(2, 10)).commit("main");
        world.sync();
        world.repository.put("links.yaml", firstPinned(OTHER)).commit("main");
        assertThat(world.heldSync().reasons()).extracting(HoldReason::rule).containsExactly(HoldRule.HOST_KEY_CHANGED);
        world.repository
                .put("links.yaml", links(1, 10).replaceFirst(", ssh: \\{[^}]*}", ""))
                .commit("main");
        assertThat(world.heldSync().reasons()).extracting(HoldReason::rule).containsExactly(HoldRule.HOST_KEY_REMOVED);
        world.repository.put("links.yaml", links(1, 10)).commit("main");
        assertThat(world.sync().isSuccess()).isTrue();
        assertThat(world.kernel.ask(new FindStatus()).held()).isNull();
    }

    @Test
    void aRejectedCommitStaysOutUntilItIsApprovedAfterAll() throws Exception {
        var good = world.repository.commit("main");
        world.start().sync();
        var bad = world.repository.put("links.yaml", "links: []\n").commit("main");
        world.heldSync();
        assertThat(world.kernel.ask(new RejectHeld(bad, "admin")).rejectedBy()).isEqualTo("admin");
        world.stop().start();
        var held = world.heldSync();
        assertThat(held.rejectedBy()).isEqualTo("admin");
        assertThat(world.kernel.ask(new FindScripts()).commit()).isEqualTo(good);
        assertThat(world.kernel.refusal(new RejectHeld(good, "admin")).code()).isEqualTo(ErrorCode.CONFLICT);
        assertThat(world.kernel.ask(new ApproveHeld(bad, "boss")).approvedBy()).isEqualTo("boss");
    }

    @Test
    void anUnrelatedHistoryInThePlaceOfTheRepositoryIsHeld() throws Exception {
        world.repository.commit("main");
        world.start().sync();
        world.repository
                .content(Map.of("links.yaml", links(50, 60), "scripts.yaml", "scripts: []\n"))
                .rewrite("main");
        var held = world.heldSync();
        assertThat(held.reasons()).extracting(HoldReason::rule).contains(HoldRule.TOO_MANY_RETIRED);
        assertThat(world.kernel.ask(new FindSync(held.syncId())).sync().isRewritten())
                .isTrue();
    }

    @Test
    void aFloodOfHooksStartsOneSyncAndAtMostOneMore() throws Exception {
        world.repository.commit("main");
        world.start().sync();
        world.sync();
        var before = rows();
        var body = "{\"ref\":\"refs/heads/main\"}".getBytes(java.nio.charset.StandardCharsets.UTF_8);
        var hook = new Hook(
                "192.0.2.1",
                Map.of(
                        "x-github-event",
                        "push",
                        "x-hub-signature-256",
                        "sha256=" + HookPolicyProperties.hmac(GitWorld.WEBHOOK_SECRET, body)),
                Bytes.of(body));
        var bus = Bus.of(world.kernel.vertx());
        var answers = Stream.generate(() -> bus.request(hook)).limit(500).toList();
        io.linkops.worlds.Kernel.await(Future.all(answers));
        assertThat(answers).allMatch(answer -> answer.result().outcome() == HookOutcome.STARTED);
        Patience.until(
                "the syncs are over", () -> !world.kernel.ask(new FindStatus()).isSyncing());
        assertThat(rows() - before).isBetween(1L, 3L);
        assertThat(world.kernel.ask(new FindHistory(1)).syncs().getFirst().startedBy())
                .isEqualTo("webhook");
        assertThat(world.kernel.ask(new FindStatus()).hooks().started()).isEqualTo(500);
        var unsigned = new Hook("192.0.2.1", Map.of("x-github-event", "push"), Bytes.of(body));
        assertThat(world.kernel.refusal(unsigned).code()).isEqualTo(ErrorCode.INVALID_CREDENTIALS);
        assertThat(world.kernel.ask(new FindStatus()).hooks().refused()).isEqualTo(1);
    }
}
