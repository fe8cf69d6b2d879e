package io.linkops.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkops.Server;
import io.linkops.config.Settings;
import io.linkops.vault.Secret;
import io.linkops.world.ApiClient;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A whole LinkOps and a real Keycloak, whose form is filled in as a person does. Runs with {@code mvn verify
 * -Pkeycloak}.
 */
class KeycloakIT {
    private static final String PASSWORD = "correct horse battery";
    private static final Vertx VERTX = Vertx.vertx();

    @TempDir
    static Path directory;

    private static Keycloak keycloak;
    private static Server server;

    private final Visitor visitor = new Visitor(server.port());
    private final Keycloak.Page page = new Keycloak.Page();

    @BeforeAll
    static void start() throws Exception {
        var distribution = Keycloak.distribution();
        assertThat(distribution).as("target/keycloak: mvn verify -Pkeycloak").isPresent();
        keycloak = Keycloak.start(
                distribution.orElseThrow(),
                Path.of("src/test/resources/keycloak-realm.json"),
                directory.resolve("keycloak.log"));
        var settings = Settings.of(new JsonObject()
                .put("api", new JsonObject().put("port", 0))
                .put(
                        "database",
                        new JsonObject()
                                .put("path", directory.resolve("linkops.db").toString()))
                .put(
                        "git",
                        new JsonObject()
                                .put("local_path", directory.resolve("git").toString()))
                .put(
                        "ssh",
                        new JsonObject()
                                .put("keys_directory", directory.resolve("keys").toString())
                                .put(
                                        "known_hosts_path",
                                        directory.resolve("known_hosts").toString()))
                .put(
                        "oidc",
                        new JsonObject()
                                .put("issuer", keycloak.issuer())
                                .put("client_id", "linkops")
                                .put("client_secret", "a secret of Keycloak & LinkOps")
                                .put("public_url", Visitor.PUBLIC)
                                .put("display_name", "Keycloak")
                                .put("admin_values", new JsonArray().add("linkops-admin"))
                                .put("operator_values", new JsonArray().add("linkops-operator"))
                                .put("viewer_values", new JsonArray().add("linkops-viewer"))));
        server = Server.start(VERTX, settings, new Secret(PASSWORD), made -> {}).await(60, TimeUnit.SECONDS);
    }

    @AfterAll
    static void stop() throws Exception {
        if (server != null) {
            server.stop().await(60, TimeUnit.SECONDS);
        }
        VERTX.close().await(60, TimeUnit.SECONDS);
        if (keycloak != null) {
            keycloak.close();
        }
    }

    @Test
    void logsInThroughKeycloaksForm() throws Exception {
        assertThat(logIn("alice", "/operations?status=failed")).isEqualTo("/operations?status=failed");

        assertThat(visitor.me().getString("username")).isEqualTo("alice");
        assertThat(visitor.me().getString("role")).isEqualTo("operator");
        assertThat(visitor.get("/api/links").statusCode()).isEqualTo(200);
        assertThat(visitor.get("/api/users").statusCode()).isEqualTo(403);
    }

    @Test
    void staysOutsideWithAWrongPassword() throws Exception {
        assertThat(page.open(visitor.begin(""))).isEmpty();
        assertThat(page.submit(Map.of("username", "alice", "password", "wrong")))
                .isEmpty();

        assertThat(page.html()).contains("Invalid username or password");
        assertThat(visitor.me()).isNull();
    }

    @Test
    void refusesWhomKeycloakGivesNoRole() throws Exception {
        assertThat(logIn("bob", "/")).isEqualTo("/?login_problem=no_role");
        assertThat(visitor.me()).isNull();
    }

    @Test
    void goesOnAfterKeycloakChangedItsKeys() throws Exception {
        logIn("alice", "/");
        keycloak.rotateKeys();

        var again = new Visitor(server.port());
        // Keycloak knows this browser: it asks for nothing.
        var back = page.open(again.begin("")).orElseThrow();
        assertThat(Visitor.location(again.get(back.substring(Visitor.PUBLIC.length()))))
                .isEqualTo("/");
        assertThat(again.me().getString("username")).isEqualTo("alice");
    }

    @Test
    void takesRolesAnewAsKeycloakGivesThem() throws Exception {
        keycloak.role("POST", "bob", "linkops-admin");
        assertThat(logIn("bob", "/")).isEqualTo("/");
        assertThat(visitor.me().getString("role")).isEqualTo("admin");

        keycloak.role("DELETE", "bob", "linkops-admin");
        assertThat(new KeycloakLogIn(new Visitor(server.port())).as("bob", "/")).isEqualTo("/?login_problem=no_role");
        assertThat(visitor.me()).as("the session that the role gave").isNull();
    }

    @Test
    void offersToEndTheSessionAtKeycloakToo() throws Exception {
        logIn("alice", "/");
        var oidc = new JsonObject(visitor.get("/api/auth/methods").body()).getJsonObject("oidc");

        assertThat(oidc.getString("name")).isEqualTo("Keycloak");
        assertThat(page.open(oidc.getString("logout_url"))).isEmpty();
        assertThat(page.html()).contains("Do you want to log out?");
    }

    @Test
    void keepsTheLocalLogIn() throws Exception {
        assertThat(ApiClient.login(server.port(), "admin", PASSWORD)
                        .get("/api/users")
                        .status())
                .isEqualTo(200);
    }

    private String logIn(String username, String returnTo) throws Exception {
        return new KeycloakLogIn(visitor, page).as(username, returnTo);
    }

    /** From the button through the form and back. */
    private record KeycloakLogIn(Visitor visitor, Keycloak.Page page) {
        KeycloakLogIn(Visitor visitor) {
            this(visitor, new Keycloak.Page());
        }

        String as(String username, String returnTo) throws Exception {
            var start = visitor.begin(
                    "?return_to=" + java.net.URLEncoder.encode(returnTo, java.nio.charset.StandardCharsets.UTF_8));
            assertThat(page.open(start)).isEmpty();
            var back = page.submit(Map.of("username", username, "password", username + "'s password"))
                    .orElseThrow(() -> new AssertionError(page.html()));
            assertThat(back).startsWith(Visitor.PUBLIC + "/api/auth/oidc/callback?");
            return Visitor.location(visitor.get(back.substring(Visitor.PUBLIC.length())));
        }
    }
}
