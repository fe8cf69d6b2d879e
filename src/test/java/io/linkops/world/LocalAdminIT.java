package io.linkops.world;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Break-glass: users and tokens by the local command line, beside a running LinkOps and without one. */
class LocalAdminIT {
    private static final String WORDS = "a password that is long";

    @TempDir
    private Path directory;

    private World world;
    private Path config;
    private LinkOpsProcess linkops;

    private record Said(int exit, String out, String err) {}

    @BeforeEach
    void makeWorld() throws Exception {
        world = World.with(directory, 1).commit();
        config = world.configure(java.util.Map.of());
    }

    @AfterEach
    void end() throws Exception {
        if (linkops != null) {
            linkops.close();
        }
        world.close();
    }

    private Said run(String input, String... arguments) throws Exception {
        var words = new ArrayList<>(List.of(arguments));
        words.addAll(List.of("--config", config.toString()));
        var command = Program.command(List.of(), words);
        var out = Files.createTempFile(directory, "said", ".out");
        var err = Files.createTempFile(directory, "said", ".err");
        var process = new ProcessBuilder(command)
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        try (var stdin = process.getOutputStream()) {
            stdin.write(input.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            // it did not want to hear it
        }
        assertThat(process.waitFor(90, TimeUnit.SECONDS)).isTrue();
        return new Said(process.exitValue(), Files.readString(out), Files.readString(err));
    }

    private Said good(String input, String... arguments) throws Exception {
        var said = run(input, arguments);
        assertThat(said.exit()).as(said.toString()).isZero();
        return said;
    }

    @Test
    void aLockedOutAdminGetsInAgainWhileLinkOpsRuns() throws Exception {
        linkops = world.serve();
        int port = linkops.awaitPort();
        var admin = ApiClient.login(port, "admin", LinkOpsProcess.PASSWORD);
        var socket = directory.resolve("data/linkops.db.admin");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
                .isEqualTo("rw-------");
        for (int i = 0; i < 5; i++) {
            assertThat(login(port, "wrong").status()).isEqualTo(401);
        }
        assertThat(login(port, LinkOpsProcess.PASSWORD).errorCode()).isEqualTo("ACCOUNT_LOCKED");
        assertThat(good("", "user", "unlock", "admin").out()).startsWith("Unlocked admin");
        assertThat(login(port, LinkOpsProcess.PASSWORD).status()).isEqualTo(200);

        good(WORDS + "\n", "user", "passwd", "admin", "--password-stdin");
        assertThat(admin.get("/api/auth/me").status()).isEqualTo(401);
        assertThat(login(port, WORDS).status()).isEqualTo(200);

        var last = run("", "user", "disable", "admin");
        assertThat(last.exit()).isEqualTo(1);
        assertThat(last.err()).contains("admin is the last admin").doesNotContain("\tat ");

        var secret = good("", "token", "create", "admin", "ci", "--role", "viewer", "--target", "link-*")
                .out()
                .strip();
        var token = ApiClient.of(port, secret);
        assertThat(token.get("/api/auth/me").json().getJsonArray("scopes")).hasSize(1);
        var id = new JsonArray(good("", "token", "list", "--json").out())
                .getJsonObject(0)
                .getString("id");
        good("", "token", "revoke", id);
        assertThat(token.get("/api/auth/me").status()).isEqualTo(401);
        assertThat(Files.readString(logs())).doesNotContain(WORDS, secret);
        assertThat(recorded(ApiClient.login(port, "admin", WORDS)))
                .containsExactlyInAnyOrder(
                        "users.unlock admin success",
                        "users.update admin success",
                        "users.update admin CONFLICT",
                        "tokens.create  success",
                        "tokens.delete " + id + " success");
    }

    /** What the audit has of the local command line, apart from what is only begun. */
    private static List<String> recorded(ApiClient admin) throws Exception {
        return admin.get("/api/audit?limit=200").json().getJsonArray("rows").stream()
                .map(JsonObject.class::cast)
                .filter(row -> "local".equals(row.getString("auth")) && !"begun".equals(row.getString("result")))
                .map(row -> row.getString("action") + " " + row.getString("resource") + " " + row.getString("result"))
                .toList();
    }

    private Path logs() throws IOException {
        return Files.writeString(directory.resolve("all.log"), linkops.output());
    }

    private static ApiClient.Answer login(int port, String password) throws Exception {
        return ApiClient.anonymous(port)
                .post(
                        "/api/auth/login",
                        new JsonObject().put("username", "admin").put("password", password));
    }

    @Test
    void theSameIsDoneOnTheDatabaseWhenNoLinkOpsRuns() throws Exception {
        var made = good(WORDS, "user", "add", "ada", "--role", "operator", "--password-stdin", "--target", "tag:web");
        assertThat(made.err()).contains("The first one is admin with the password ");
        good("", "user", "role", "ada", "admin");
        good("", "user", "scope", "ada", "--none");
        good("", "user", "disable", "ada");
        good("", "user", "enable", "ada");
        assertThat(good("", "user", "list").out().lines())
                .anyMatch(line -> line.matches("ada +admin +false +- +-"))
                .anyMatch(line -> line.matches("admin +admin +false +- +-"));
        var secret = good("", "token", "create", "ada", "ci", "--role", "operator", "--days", "30")
                .out()
                .strip();
        good("a value for the vault\n", "secrets", "put", "fleet");
        assertThat(run("", "secrets", "delete", "other").exit()).isEqualTo(1);
        linkops = world.serve();
        int port = linkops.awaitPort();
        var ada = ApiClient.login(port, "ada", WORDS);
        assertThat(ada.get("/api/users").status()).isEqualTo(200);
        assertThat(recorded(ada))
                .contains("users.create ada success", "tokens.create  success")
                .contains("secrets.update fleet success", "secrets.delete other NOT_FOUND")
                .hasSize(8);
        assertThat(ApiClient.of(port, secret).get("/api/links").status()).isEqualTo(200);
        // what a killed LinkOps leaves behind is in nobody's way
        linkops.kill();
        good("", "user", "unlock", "ada");
    }

    @Test
    void whatCannotBeDoneIsOneSentenceAndNoPasswordIsAnArgument() throws Exception {
        assertThat(run("short", "user", "add", "ada", "--role", "viewer", "--password-stdin"))
                .satisfies(said -> assertThat(said.exit()).isEqualTo(1))
                .satisfies(said -> assertThat(said.err()).contains("must have at least 12 characters"));
        assertThat(run("", "user", "passwd", "admin"))
                .satisfies(said -> assertThat(said.exit()).isEqualTo(1))
                .satisfies(said -> assertThat(said.err()).contains("--password-stdin"));
        assertThat(run("", "user", "passwd", "admin", WORDS).exit()).isEqualTo(2);
        assertThat(run("", "user", "role", "nobody", "admin").err()).contains("There is no user nobody");
        assertThat(run("", "user").exit()).isEqualTo(2);
        assertThat(run("", "user", "scope", "admin").exit()).isEqualTo(1);
    }
}
