package io.linkops.oidc;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import io.linkops.Server;
import io.linkops.browser.Screen;
import io.linkops.config.Settings;
import io.linkops.vault.Secret;
import io.linkops.world.Chromium;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The button, at a real browser with its own mind about cookies: LinkOps and the provider are different sites to it.
 */
class SingleSignOnBrowserIT {

    @TempDir
    Path directory;

    private final Vertx vertx = Vertx.vertx();
    private final FaithfulProvider provider = new FaithfulProvider();
    private Server server;
    private Screen screen;
    private Page page;
    private String here;

    @BeforeEach
    void start() throws Exception {
        Chromium.require();
        int port;
        try (var free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        here = "http://localhost:" + port;
        server = Server.start(vertx, settings(port), new Secret("correct horse battery"), made -> {})
                .await(60, TimeUnit.SECONDS);
        screen = Screen.launch(here);
        page = screen.page();
    }

    @AfterEach
    void stop() throws Exception {
        if (screen != null) {
            screen.close();
        }
        if (server != null) {
            server.stop().await(60, TimeUnit.SECONDS);
        }
        vertx.close().await(60, TimeUnit.SECONDS);
        provider.close();
    }

    @Test
    void entersByTheButtonAndEndsOnThePageAskedFor() {
        provider.person("subject", "alice", "op");
        page.navigate(here + "/links?q=web");
        button().click();

        page.waitForURL(here + "/links?q=web");
        assertThat(page.getByLabel("Account: alice")).isVisible();
        page.reload();
        assertThat(page.getByLabel("Account: alice")).isVisible();

        page.getByLabel("Account: alice").click();
        page.getByText("Log out", new Page.GetByTextOptions().setExact(true)).click();
        assertThat(page.getByText("Your session at Faithful goes on")).isVisible();
        assertThat(page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("log out there too")))
                .hasAttribute("href", Pattern.compile("^" + provider.issuer().replace(".", "\\.") + "/logout\\?.*"));
        screen.forgive("401 (Unauthorized)");
        screen.requireNothingComplainedOf();
    }

    @Test
    void saysInWordsOfItsOwnWhyItDidNotWork() {
        provider.person("subject", "alice");
        page.navigate(here);
        button().click();

        assertThat(page.getByRole(AriaRole.ALERT)).containsText("gives you no role in LinkOps");
        assertThat(page).hasURL(here + "/");
        page.navigate(here + "/?login_problem=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E");
        assertThat(page.getByRole(AriaRole.ALERT)).containsText("The log-in did not work.");
        Assertions.assertThat(page.content()).doesNotContain("<img", "onerror");
        screen.forgive("401 (Unauthorized)");
        screen.requireNothingComplainedOf();
    }

    private Locator button() {
        return page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Log in with Faithful"));
    }

    private Settings settings(int port) {
        return Settings.of(new JsonObject()
                .put("api", new JsonObject().put("port", port))
                .put("database", new JsonObject().put("path", directory + "/linkops.db"))
                .put("git", new JsonObject().put("local_path", directory + "/git"))
                .put(
                        "ssh",
                        new JsonObject()
                                .put("keys_directory", directory + "/keys")
                                .put("known_hosts_path", directory + "/known_hosts"))
                .put(
                        "oidc",
                        new JsonObject()
                                .put("issuer", provider.issuer())
                                .put("client_id", FaithfulProvider.CLIENT)
                                .put("client_secret", FaithfulProvider.SECRET)
                                .put("public_url", here)
                                .put("display_name", "Faithful")
                                .put("roles_claim", "realm_access.roles")
                                .put("operator_values", new JsonArray().add("op"))));
    }
}
