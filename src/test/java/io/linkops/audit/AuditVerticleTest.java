package io.linkops.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkops.audit.Audit.Entry;
import io.linkops.audit.Audit.Find;
import io.linkops.audit.Audit.FindHead;
import io.linkops.audit.Audit.Forget;
import io.linkops.audit.Audit.Note;
import io.linkops.audit.Audit.Noted;
import io.linkops.bus.Bus;
import io.linkops.bus.ErrorCode;
import io.linkops.config.AuditConfig;
import io.linkops.worlds.Kernel;
import io.vertx.core.Future;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.DriverManager;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The keeper of the audit on a real database file. */
class AuditVerticleTest {
    @TempDir
    private Path directory;

    private Kernel kernel;
    private String deployed;

    @BeforeEach
    void start() throws Exception {
        kernel = new Kernel(directory, Audit.class);
        deployed = deploy();
    }

    @AfterEach
    void stop() throws Exception {
        kernel.close();
    }

    private String deploy() throws Exception {
        return kernel.deploy(new AuditVerticle(
                kernel.database(),
                new AuditConfig(Duration.ofHours(1)),
                directory,
                InstantSource.system(),
                new SecureRandom()));
    }

    private static Note note(String resource) {
        return new Note(Entry.system("test.act", "tests", resource, Map.of("n", resource), Audit.SUCCESS), false);
    }

    private AuditProof.Verdict verify() throws Exception {
        var head = AuditProof.keptAnchor(directory).map(List::of).orElse(List.of());
        return new AuditProof(kernel.database())
                .verify(AuditProof.keyFile(directory), head)
                .await(30, TimeUnit.SECONDS);
    }

    @Test
    void rowsThatComeAtOnceAreOneChainWithoutAGap() throws Exception {
        var bus = Bus.of(kernel.vertx());
        List<Future<Noted>> all = new ArrayList<>();
        for (int i = 0; i < 3_000; i++) {
            all.add(bus.request(note("r" + i)));
        }
        Future.all(all).await(60, TimeUnit.SECONDS);
        assertThat(kernel.ask(new FindHead()).sequence()).isEqualTo(3_001);
        assertThat(kernel.rows("SELECT COUNT(*), MAX(seq) FROM audit")
                        .getFirst()
                        .getLong(0))
                .isEqualTo(3_001);
        assertThat(verify().damages()).isEmpty();
    }

    @Test
    void theChainGoesOnAfterARestart() throws Exception {
        kernel.ask(note("before"));
        kernel.undeploy(deployed);
        deploy();
        kernel.ask(note("after"));
        var page = kernel.ask(new Find(null, null, null, null, null, null, null, null, 10));
        assertThat(page.rows())
                .extracting(row -> row.entry().action() + " " + row.entry().resource())
                .containsExactly("test.act after", "system.start ", "system.stop ", "test.act before", "system.start ");
        assertThat(page.rows().get(1).entry().details()).doesNotContainKey("damage");
        assertThat(verify().damages()).isEmpty();
    }

    @Test
    void aStartOnADamagedChainSaysSo() throws Exception {
        kernel.ask(note("one"));
        kernel.undeploy(deployed);
        sql("UPDATE audit SET username = 'mallory' WHERE seq = 2");
        deploy();
        var started = kernel.ask(new Find(null, "system.start", null, null, null, null, null, null, 1));
        assertThat(started.rows().getFirst().entry().details().get("damage")).contains("row 2");
        assertThat(verify().damages()).containsExactly("EDITED: row 2 was edited: its seal does not fit it");
    }

    private void sql(String sql) throws Exception {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("linkops.db"));
                var statement = connection.createStatement()) {
            statement.executeUpdate(sql);
        }
    }

    @Test
    void aCutEndIsSeenAtTheNextStart() throws Exception {
        kernel.ask(note("one"));
        kernel.undeploy(deployed);
        sql("DELETE FROM audit WHERE seq > 1");
        deploy();
        var started = kernel.ask(new Find(null, "system.start", null, null, null, null, null, null, 1));
        assertThat(started.rows().getFirst().entry().details().get("damage")).contains("audit.head knows row 3");
    }

    @Test
    void damagedRowsAreNotRemovedSinceACheckpointWouldVouchForThem() throws Exception {
        for (int i = 0; i < 5; i++) {
            kernel.ask(note("r" + i));
        }
        sql("UPDATE audit SET resource = 'another' WHERE seq = 3");
        var refused = kernel.refusal(new Forget(Instant.now().plusSeconds(9), 100));
        assertThat(refused.code()).isEqualTo(ErrorCode.CONFLICT);
        assertThat(refused.text()).contains("row 3 was edited");
        assertThat(kernel.rows("SELECT COUNT(*) FROM audit").getFirst().getLong(0))
                .isEqualTo(6);
    }

    @Test
    void theKeyIsTheOwnersAlone() throws Exception {
        assertThat(Files.getPosixFilePermissions(directory.resolve("audit.key")))
                .hasSize(2);
        assertThat(Files.getPosixFilePermissions(directory.resolve("audit.head")))
                .hasSize(2);
    }
}
