package io.linkops.gitsync;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import io.linkops.gitsync.GitSync.ApproveHeld;
import io.linkops.gitsync.GitSync.SyncResult;
import io.linkops.inventory.Inventory.FindLinks;
import io.linkops.inventory.Inventory.FindScripts;
import io.linkops.inventory.Inventory.Link;
import io.linkops.inventory.Inventory.LinkState;
import io.linkops.inventory.Inventory.Script;
import io.linkops.worlds.Fleets;
import io.vertx.core.json.JsonArray;
import io.vertx.sqlclient.Row;
import java.nio.file.Files;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** From a real bare repository to a real database. */
class GitSyncProperties {
    private static GitWorld world;

    @BeforeContainer
    static void start() throws Exception {
        world = new GitWorld(Files.createTempDirectory("linkops-git")).start();
    }

    @AfterContainer
    static void stop() throws Exception {
        world.close();
    }

    @Provide
    Arbitrary<List<Link>> links() {
        return Fleets.links(4);
    }

    @Provide
    Arbitrary<List<Script>> scripts() {
        return Fleets.scripts(3);
    }

    /** P4 For any successful sync, links.yaml and scripts.yaml are parsed and are what the database holds. */
    @Property(tries = 100)
    @Tag("P4")
    void aSyncBringsBothFilesIntoTheDatabase(
            @ForAll("links") List<Link> links, @ForAll("scripts") List<Script> scripts, @ForAll boolean isKeyed)
            throws Exception {
        var commit =
                world.repository.content(Fleets.files(links, scripts, isKeyed)).commit("main");
        var sync = syncOrApprove(commit);
        assertThat(sync.isSuccess()).isTrue();
        assertThat(sync.commit()).isEqualTo(commit);
        var found = world.kernel.ask(new FindLinks(null, null, null, null, null, null, false, false));
        assertThat(found.links().stream().map(LinkState::link)).containsExactlyInAnyOrderElementsOf(links);
        var catalog = world.kernel.ask(new FindScripts());
        assertThat(catalog.commit()).isEqualTo(commit);
        assertThat(catalog.scripts())
                .isEqualTo(scripts.stream()
                        .sorted(Comparator.comparing(Script::id))
                        .toList());
        assertThat(onDisk("SELECT id, host, port, client_id, proxy_jump FROM links WHERE is_retired = 0"))
                .containsExactlyInAnyOrderElementsOf(links.stream()
                        .map(link -> row(link.id(), link.host(), (long) link.port(), link.clientId(), link.proxyJump()))
                        .toList());
        assertThat(onDisk("SELECT id, name, description, path, flags FROM scripts"))
                .containsExactlyInAnyOrderElementsOf(scripts.stream()
                        .map(script -> row(
                                script.id(),
                                script.name(),
                                script.description(),
                                script.path(),
                                new JsonArray(script.flags()).encode()))
                        .toList());
        for (var script : scripts) {
            assertThat(world.read(commit, script.path()).bytes().text()).endsWith("echo " + script.id() + "\n");
        }
    }

    /** A generated inventory may well change the pinned key of a link that was there before. */
    private static SyncResult syncOrApprove(String commit) throws Exception {
        try {
            return world.sync();
        } catch (ExecutionException e) {
            assertThat(((Failure) e.getCause()).code()).isEqualTo(ErrorCode.SYNC_HELD);
            return world.kernel.ask(new ApproveHeld(commit, "admin"));
        }
    }

    private static List<String> onDisk(String sql) throws Exception {
        return world.kernel.rows(sql).stream().map(GitSyncProperties::row).toList();
    }

    private static String row(Row row) {
        return row(
                row.getValue(0),
                row.getValue(1),
                row.getValue(2) instanceof Number number ? number.longValue() : row.getValue(2),
                row.getValue(3),
                row.getValue(4));
    }

    private static String row(Object... values) {
        return java.util.Arrays.toString(values);
    }
}
