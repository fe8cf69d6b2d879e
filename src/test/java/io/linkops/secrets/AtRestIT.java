package io.linkops.secrets;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkops.config.DatabaseConfig;
import io.linkops.store.Database;
import io.linkops.store.Statement;
import io.linkops.world.LinkOpsHere;
import io.linkops.world.World;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an older version kept plain is sealed at the first start after the upgrade, and gone from the file's bytes. */
class AtRestIT {
    private static final String HOOK = "plain-secret-of-a-webhook";
    private static final String URL = "http://127.0.0.1:1/plain-token-in-a-url";
    private static final String CURSOR = "cGxhaW4ta2V5LW9mLWN1cnNvcnMtMDEyMzQ1Njc4OWE=";
    private static final String DELETED = "plain-secret-that-was-deleted";

    @TempDir
    private Path directory;

    @Test
    void plainRowsAreSealedAndTheirBytesAreGone() throws Exception {
        var data = Files.createDirectory(directory.resolve("data"));
        older(data);
        assertThat(bytes(data)).contains(HOOK, URL, CURSOR, DELETED);
        try (var world =
                World.with(directory, 1).script("ok", "#!/bin/bash", "exit 0").commit()) {
            for (int start = 0; start < 2; start++) {
                try (var linkops = LinkOpsHere.start(world, Map.of())) {
                    assertThat(bytes(data)).doesNotContain(HOOK, URL, CURSOR, DELETED);
                    assertThat(linkops.column("SELECT secret FROM notification_channels"))
                            .allMatch(kept -> kept.startsWith("sealed:1:"));
                    assertThat(linkops.column("SELECT COUNT(*) FROM sealed_since"))
                            .containsExactly("1");
                    // It is still there for LinkOps: the URL is shown to admins, and a test signs with the secret.
                    assertThat(linkops.api().get("/api/notifications/channels").body())
                            .contains(URL);
                    assertThat(linkops.api()
                                    .post("/api/notifications/channels/c-1/test")
                                    .status())
                            .isEqualTo(200);
                }
            }
        }
        assertThat(bytes(data)).doesNotContain(HOOK, URL, CURSOR, DELETED);
    }

    /** Rows as the versions before wrote them, and a deleted one in the free pages. */
    private static void older(Path data) throws Exception {
        var vertx = Vertx.vertx();
        var database = Database.open(
                        vertx, new DatabaseConfig(data.resolve("linkops.db"), 1, Duration.ofSeconds(5), 10_000))
                .await(30, TimeUnit.SECONDS);
        for (var channel : Map.of("c-1", HOOK, "c-2", DELETED).entrySet()) {
            database.write(Statement.of(
                            "INSERT INTO notification_channels (name, url, secret, recipients, topics, kinds, links,"
                                    + " is_enabled, id, kind, created_at, created_by)"
                                    + " VALUES ('Chat', ?, ?, '[]', '[\"OPERATION_FAILED\"]', '[]', '[]', 1, ?,"
                                    + " 'WEBHOOK', 0, 'alice')",
                            URL,
                            channel.getValue(),
                            channel.getKey()))
                    .await(30, TimeUnit.SECONDS);
        }
        database.write(
                        Statement.of("INSERT INTO cursor_key (id, secret) VALUES (1, ?)", CURSOR),
                        Statement.of("DELETE FROM notification_channels WHERE id = 'c-2'"))
                .await(30, TimeUnit.SECONDS);
        database.close().await(30, TimeUnit.SECONDS);
        vertx.close().await(30, TimeUnit.SECONDS);
    }

    private static String bytes(Path data) throws Exception {
        var all = new StringBuilder();
        try (var files = Files.list(data)) {
            for (var file : files.filter(Files::isRegularFile)
                    .filter(file -> file.getFileName().toString().startsWith("linkops.db"))
                    .toList()) {
                all.append(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
            }
        }
        return all.toString();
    }
}
