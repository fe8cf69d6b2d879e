package io.linkops;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkops.audit.Audit;
import io.linkops.orchestrator.Operations;
import io.linkops.retention.Retention;
import io.linkops.world.LinkOpsHere;
import io.linkops.world.World;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is removed is gone from the disk too: the file gets smaller while LinkOps runs and is written. */
class RetentionIT {
    @TempDir
    private Path directory;

    private static String run(LinkOpsHere linkops, String script) throws Exception {
        var answer = linkops.api()
                .post(
                        "/api/operations/run",
                        new JsonObject()
                                .put("scripts", new JsonArray().add(script))
                                .put("targets", new JsonArray().add("link-001")));
        assertThat(answer.status()).as(answer.body()).isEqualTo(202);
        return answer.json().getString("operation_id");
    }

    @Test
    void whatIsTooMuchGoesAndTheFileGetsSmallerWhileOthersWrite() throws Exception {
        try (var world = World.with(directory, 1)) {
            world.script("much", "#!/bin/bash", "head -c 6000000 /dev/urandom | base64")
                    .script("wait", "#!/bin/bash", "sleep 600")
                    .commit();
            try (var linkops = LinkOpsHere.start(
                    world, Map.of("retention.database_max_mb", 1, "retention.interval_minutes", 1440))) {
                assertThat(linkops.api().post("/api/git/sync").status()).isEqualTo(200);
                assertThat(linkops.api().post("/api/links/link-001/verify").status())
                        .isEqualTo(200);
                var waiting = run(linkops, "wait");
                var much = run(linkops, "much");
                assertThat(World.await(linkops.api(), much).getString("status")).isEqualTo("success");
                linkops.column("PRAGMA wal_checkpoint(TRUNCATE)");
                long before = Files.size(linkops.settings().database().path());
                assertThat(before).isGreaterThan(7_000_000);

                var isOver = new AtomicBoolean();
                var writer = Thread.ofVirtual().start(() -> writeUntil(isOver, linkops));
                var status = linkops.ask(new Retention.Sweep());
                isOver.set(true);
                writer.join();

                assertThat(status.operations()).isEqualTo(1);
                assertThat(status.outputBytes()).isGreaterThan(8_000_000);
                assertThat(status.problem()).isNull();
                assertThat(status.isReclaimable()).isTrue();
                assertThat(status.reclaimedBytes()).isGreaterThan(5_000_000);
                linkops.column("PRAGMA wal_checkpoint(TRUNCATE)");
                assertThat(Files.size(linkops.settings().database().path())).isLessThan(before / 2);
                assertThat(linkops.api().get("/api/operations/" + much).status())
                        .isEqualTo(404);
                assertThat(linkops.column("SELECT COUNT(*) FROM executions WHERE operation_id = ?", much))
                        .containsExactly("0");
                assertThat(linkops.api()
                                .get("/api/operations/" + waiting)
                                .json()
                                .getString("status"))
                        .isEqualTo("running");
                assertThat(linkops.ask(new Operations.FindSummary(waiting)).status())
                        .isEqualTo(Operations.Status.RUNNING);
                linkops.api().post("/api/operations/" + waiting + "/stop");
                World.await(linkops.api(), waiting);
                theAuditStillProvesItself(linkops);
            }
        }
    }

    private static void writeUntil(AtomicBoolean isOver, LinkOpsHere linkops) {
        while (!isOver.get()) {
            try {
                linkops.ask(new Audit.Note(Audit.Entry.system("test.write", "", "", Map.of(), Audit.SUCCESS), false));
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** Rows of the audit go as well; a checkpoint vouches for them. */
    private static void theAuditStillProvesItself(LinkOpsHere linkops) throws Exception {
        long rows = Long.parseLong(linkops.column("SELECT COUNT(*) FROM audit").getFirst());
        var forgotten = linkops.ask(new Audit.Forget(Instant.now().plusSeconds(60), 5));
        assertThat(forgotten).isEqualTo(new Audit.Forgotten(5, true));
        assertThat(linkops.column("SELECT seq FROM audit_checkpoint")).containsExactly("5");
        while (linkops.ask(new Audit.Forget(Instant.now().plusSeconds(60), 500)).isMore()) {
            // until there is no more
        }
        assertThat(linkops.column("SELECT COUNT(*) FROM audit")).containsExactly("1");
        assertThat(linkops.column("SELECT seq FROM audit_checkpoint")).containsExactly(Long.toString(rows - 1));
        var database = linkops.settings().database().path();
        var out = new java.io.StringWriter();
        var surroundings = new Surroundings(
                new io.linkops.config.LoadOptions(null, Path.of("/nonexistent"), Map.of(), Map.of()),
                new io.linkops.vault.Masking());
        int code = Main.commandLine(surroundings, (_, _, _) -> 0, (_, _, _, _) -> 0)
                .setOut(new java.io.PrintWriter(out))
                .execute("audit", "verify", "--database", database.toString());
        assertThat(code).as(out.toString()).isZero();
    }
}
