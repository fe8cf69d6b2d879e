package io.linkops;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkops.config.LoadOptions;
import io.linkops.vault.Masking;
import io.linkops.world.ApiClient;
import io.linkops.world.LinkOpsHere;
import io.linkops.world.World;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The audit of a real LinkOps in a real file, which sqlite3 then edits: {@code audit verify} names what was done. */
class AuditIT {
    private static final int FAILED_LOGINS = 60;

    @TempDir
    private static Path world;

    @TempDir
    private Path directory;

    private static Path database;
    private static String running;
    private static String rows;
    private static List<JsonObject> found = new ArrayList<>();
    private String printed = "";

    @BeforeAll
    static void useLinkOps() throws Exception {
        try (var links = World.with(world, 1)) {
            links.script("hello", "#!/bin/bash", "echo hello").commit();
            try (var linkops = LinkOpsHere.start(links, Map.of("security.max_failed_attempts", 100, "security.max_failed_attempts_per_address", 1000))) {
                database = linkops.settings().database().path();
                use(linkops);
                var proof = new AuditIT();
                assertThat(proof.audit("verify", "--database", database.toString()))
                        .isZero();
                running = proof.printed;
            }
        }
        rows = sql(database, "SELECT COUNT(*) FROM audit").strip();
    }

    private static void use(LinkOpsHere linkops) throws Exception {
        var api = linkops.api();
        assertThat(api.post(
                                "/api/users",
                                new JsonObject()
                                        .put("username", "bob")
                                        .put("password", "a-planted-secret")
                                        .put("role", "viewer"))
                        .status())
                .isEqualTo(201);
        for (int i = 0; i < FAILED_LOGINS; i++) {
            ApiClient.anonymous(linkops.port())
                    .post(
                            "/api/auth/login",
                            new JsonObject().put("username", "eve" + i).put("password", "guess"));
        }
        var bob = ApiClient.login(linkops.port(), "bob", "a-planted-secret");
        assertThat(bob.get("/api/users").status()).isEqualTo(403);
        assertThat(bob.get("/api/audit").status()).isEqualTo(403);
        assertThat(api.delete("/api/users/bob").status()).isEqualTo(204);
        assertThat(api.post("/api/git/sync").status()).isEqualTo(200);
        var page = api.get("/api/audit?limit=3").json();
        while (true) {
            page.getJsonArray("rows").forEach(row -> found.add((JsonObject) row));
            if (page.getLong("next") == null) {
                return;
            }
            page = api.get("/api/audit?limit=3&before=" + page.getLong("next")).json();
        }
    }

    @AfterAll
    static void forget() {
        found = new ArrayList<>();
    }

    private static String sql(Path file, String sql) throws Exception {
        var process = new ProcessBuilder("sqlite3", file.toString(), sql)
                .redirectErrorStream(true)
                .start();
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(said).isZero();
        return said;
    }

    private int audit(String... arguments) {
        var out = new StringWriter();
        var surroundings =
                new Surroundings(new LoadOptions(null, Path.of("/nonexistent"), Map.of(), Map.of()), new Masking());
        var all = new ArrayList<>(List.of("audit"));
        all.addAll(List.of(arguments));
        int code = Main.commandLine(surroundings, (_, _, _) -> 0, (_, _, _, _) -> 0)
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(out))
                .execute(all.toArray(String[]::new));
        printed = out.toString();
        return code;
    }

    /** A copy to damage, with the key and the head beside it. */
    private Path copy() throws Exception {
        for (var name : List.of("audit.key", "audit.head", "master.key")) {
            Files.copy(
                    database.resolveSibling(name), directory.resolve(name), StandardCopyOption.COPY_ATTRIBUTES);
        }
        return Files.copy(database, directory.resolve("linkops.db"));
    }

    @Test
    void whatWasDoneIsThereNewestFirstAndWithoutASecret() throws Exception {
        assertThat(found)
                .extracting(row -> row.getLong("sequence"))
                .isSortedAccordingTo(java.util.Comparator.reverseOrder())
                .doesNotHaveDuplicates();
        assertThat(found)
                .extracting(row -> row.getString("action") + " " + row.getString("user") + " "
                        + row.getString("resource") + " " + row.getString("result"))
                .contains(
                        "system.start system  success",
                        "auth.login admin  success",
                        "users.create admin  begun",
                        "users.create admin bob success",
                        "auth.login bob  success",
                        "users.read bob  FORBIDDEN",
                        "users.delete admin bob success",
                        "git.sync admin  success");
        assertThat(sql(database, "SELECT COUNT(*) FROM audit WHERE action = 'git.synced' AND result = 'success'")
                        .strip())
                .isEqualTo("1");
        assertThat(sql(database, "SELECT * FROM audit"))
                .doesNotContain("a-planted-secret")
                .doesNotContain("guess");
    }

    @Test
    void aFloodOfFailedLoginsIsFewRowsThatTellHowManyThereWere() throws Exception {
        var failed = "FROM audit WHERE action = 'auth.login' AND result = 'INVALID_CREDENTIALS'";
        assertThat(Integer.parseInt(sql(database, "SELECT COUNT(*) " + failed).strip()))
                .isLessThan(40);
        assertThat(sql(database, "SELECT SUM(COALESCE(details ->> 'times', 1)) " + failed)
                        .strip())
                .isEqualTo(Integer.toString(FAILED_LOGINS));
    }

    @Test
    void anUntouchedOneIsWholeWhileItGrowsAndAfterwards() throws Exception {
        assertThat(running).startsWith("The audit is whole: ");
        assertThat(audit("verify", "--database", copy().toString())).as(printed).isZero();
        assertThat(printed).startsWith("The audit is whole: " + rows + " rows, up to " + rows + ":");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(database.resolveSibling("audit.key"))))
                .isEqualTo("rw-------");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        UPDATE audit SET username = 'mallory' WHERE seq = 5                           | EDITED: row 5 was edited
        UPDATE audit SET result = 'success' WHERE seq = 6                             | EDITED: row 6 was edited
        UPDATE audit SET at = at + 1 WHERE seq = 7                                    | EDITED: row 7 was edited
        UPDATE audit SET seal = lower(hex(randomblob(32))) WHERE seq = 4              | EDITED: row 4 was edited
        DELETE FROM audit WHERE seq = 3                                               | MISSING: row 3 was deleted
        DELETE FROM audit WHERE seq IN (3, 4); UPDATE audit SET seq = seq - 2 WHERE seq > 4 | MISSING: rows 3 to 4 were deleted
        DELETE FROM audit WHERE seq = 1                                               | MISSING: row 1 was deleted
        DELETE FROM audit WHERE seq > 8                                               | CUT: the end is cut: rows 9 to
        DELETE FROM audit                                                             | CUT: the end is cut: rows 1 to
        INSERT INTO audit SELECT seq + 100000, at, username, token_id, auth, address, action, kind, resource, details, result, request_id, previous, seal FROM audit WHERE seq = 2 | INSERTED: row 100002 is
        UPDATE audit SET seq = 100000 WHERE seq = 5                                   | MOVED: row 100000 holds what was sealed as row 5
        UPDATE audit SET (username, result, previous, seal) = (SELECT o.username, o.result, o.previous, o.seal FROM audit o WHERE o.seq = 3) WHERE seq = 2 | EDITED: row 2 was edited
        INSERT INTO audit_checkpoint VALUES (1, 4, 'x', 1, 'y'); DELETE FROM audit WHERE seq <= 4 | CHECKPOINT: the checkpoint
        """)
    void whatSqliteDidToItIsNamed(String sql, String finding) throws Exception {
        var copy = copy();
        sql(copy, sql);
        assertThat(audit("verify", "--database", copy.toString())).isEqualTo(1);
        assertThat(printed).contains(finding).contains("The audit is DAMAGED");
    }

    @Test
    void anExportProvesItselfAndAnEditOfItIsNamed() throws Exception {
        var export = directory.resolve("audit.jsonl");
        var key = database.resolveSibling("audit.key").toString();
        assertThat(audit("export", "--database", database.toString(), "--to", export.toString()))
                .as(printed)
                .isZero();
        var anchor = Files.readString(database.resolveSibling("audit.head")).strip();
        assertThat(audit("verify", "--export", export.toString(), "--key", key, "--anchor", anchor))
                .as(printed)
                .isZero();
        var lines = new ArrayList<>(Files.readAllLines(export));
        lines.set(4, lines.get(4).replace("\"result\":\"", "\"result\":\"x"));
        lines.removeLast();
        Files.write(export, lines);
        assertThat(audit("verify", "--export", export.toString(), "--key", key, "--anchor", anchor))
                .isEqualTo(1);
        assertThat(printed).contains("EDITED: row 5 was edited", "CUT: the end is cut: row " + rows);
        assertThat(audit("verify", "--export", export.toString(), "--key", key)).isEqualTo(1);
        assertThat(printed).doesNotContain("CUT");
    }

    @Test
    void theVerifierInTheDocumentProvesAnExportToo() throws Exception {
        var text = Files.readString(Path.of("docs/AUDIT.md"));
        var code = text.substring(text.indexOf("```python\n") + 10);
        var verifier = Files.writeString(directory.resolve("verify.py"), code.substring(0, code.indexOf("```")));
        var export = directory.resolve("audit.jsonl");
        assertThat(audit("export", "--database", database.toString(), "--to", export.toString()))
                .isZero();
        var python = new ProcessBuilder(
                        "python3",
                        verifier.toString(),
                        export.toString(),
                        database.resolveSibling("audit.key").toString())
                .redirectErrorStream(true)
                .start();
        var said = new String(python.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(said.strip())
                .isEqualTo(
                        Files.readString(database.resolveSibling("audit.head")).strip());
    }

    @Test
    void withoutItsKeyNothingIsStartedOnTheOldChain() throws Exception {
        var copy = copy();
        Files.delete(directory.resolve("audit.key"));
        var vertx = io.vertx.core.Vertx.vertx();
        try {
            var settings = io.linkops.config.Settings.of(new JsonObject()
                    .put("database", new JsonObject().put("path", copy.toString()))
                    .put("git", new JsonObject().put("repository_url", "file:///nonexistent")));
            var start = Server.start(vertx, settings, null, _ -> {});
            org.assertj.core.api.Assertions.assertThatThrownBy(() -> start.await(60, TimeUnit.SECONDS))
                    .hasMessageContaining("audit.key is not there; restore it from the backup");
        } finally {
            vertx.close().await(30, TimeUnit.SECONDS);
        }
    }
}
