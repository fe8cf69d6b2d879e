package io.linkops;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.AriaRole;
import io.linkops.world.Chromium;
import io.linkops.world.LinkOpsProcess;
import io.linkops.world.World;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A person at a real browser, before a real LinkOps that reaches a real sshd: the main job by mouse. The console and
 * the content security policy's reports stay empty; screenshots go to {@code target/screenshots}.
 */
class BrowserIT {
    private static final double PATIENCE_MILLIS = 60_000;

    @TempDir
    Path directory;

    private World world;
    private LinkOpsProcess linkops;
    private Playwright playwright;
    private Browser browser;
    private final List<String> complaints = new ArrayList<>();

    @BeforeEach
    void start() throws Exception {
        Chromium.require();
        world = World.with(directory, 20)
                .script(
                        "greet",
                        "#!/bin/bash",
                        "echo \"hello from $LINKOPS_LINK with $*\"",
                        "printf '\\033[31mred\\033[0m <b>not bold</b>\\n' >&2",
                        "for i in $(seq 1 40); do echo \"line $i\"; sleep 0.02; done")
                .script("linger", "#!/bin/bash", "trap '' TERM", "echo waiting", "sleep 300 & wait; sleep 300")
                .commit();
        linkops = world.serve();
        playwright = Chromium.playwright();
        browser = Chromium.launch(playwright);
    }

    @AfterEach
    void stop() throws Exception {
        if (playwright != null) {
            playwright.close();
        }
        if (linkops != null) {
            linkops.close();
        }
        if (world != null) {
            world.close();
        }
    }

    @Test
    void runsAScriptOnChosenLinksWatchesItAndStopsAnother() throws Exception {
        var page = open(1440, 900);
        var api = linkops.login();
        World.enroll(api);
        logIn(page);
        assertThat(page.getByRole(AriaRole.HEADING, new Page.GetByRoleOptions().setLevel(1))
                        .first())
                .isVisible();
        shoot(page, "overview");

        page.getByRole(
                        AriaRole.LINK,
                        new Page.GetByRoleOptions().setName("Links").setExact(true))
                .first()
                .click();
        var grid = page.getByRole(AriaRole.GRID);
        assertThat(grid).isVisible();
        assertThat(grid.getByRole(AriaRole.ROW)).not().hasCount(1);
        for (var id : List.of("link-001", "link-002", "link-003")) {
            row(page, id).getByRole(AriaRole.CHECKBOX).click();
        }
        var bulk = page.getByRole(AriaRole.TOOLBAR, new Page.GetByRoleOptions().setName("Selected links"));
        assertThat(bulk).containsText("3 selected");
        shoot(page, "links");

        bulk.getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Run script…"))
                .click();
        choose(page, "greet");
        shoot(page, "new-run");
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Run on 3 links"))
                .click();
        var output = page.getByRole(AriaRole.REGION, new Page.GetByRoleOptions().setName("Output"));
        assertThat(page.locator("#page")).containsText("3 of 3", patience());
        assertThat(output).containsText("line 40", patience());
        shoot(page, "operation");
        page.getByRole(AriaRole.SEARCHBOX, new Page.GetByRoleOptions().setName("Search output"))
                .fill("not bold");
        assertThat(output).containsText("<b>not bold</b>");

        var running = World.run(api, 5, List.of("linger"), "link-004", "link-005");
        page.navigate("http://127.0.0.1:" + linkops.awaitPort() + "/operations/" + running);
        assertThat(output).containsText("waiting", patience());
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Stop…"))
                .click();
        page.getByRole(AriaRole.DIALOG)
                .getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Stop it"))
                .click();
        assertThat(page.locator("#page"))
                .containsText(Pattern.compile("stopped", Pattern.CASE_INSENSITIVE), patience());
        Assertions.assertThat(World.await(api, running).getString("status")).isEqualTo("stopped");
        shoot(page, "stopped");
        Assertions.assertThat(complaints).isEmpty();
    }

    @Test
    void looksRightInEveryThemeAndOnAPhone() throws Exception {
        var page = open(1440, 900);
        var api = linkops.login();
        World.enroll(api);
        Files.writeString(world.clientIdFile("link-007"), "LINKOPS-of-another");
        Files.delete(world.clientIdFile("link-009"));
        for (var id : List.of("link-007", "link-009")) {
            api.post("/api/links/" + id + "/verify");
        }
        var operation = World.run(api, 5, List.of("greet"), "link-001", "link-002");
        World.await(api, operation);
        shoot(page, "login");
        logIn(page);
        var base = "http://127.0.0.1:" + linkops.awaitPort();
        for (var theme : List.of("gray", "light")) {
            page.evaluate("theme => localStorage.setItem('linkops.theme', theme)", theme);
            for (var size : List.of(new int[] {1440, 900}, new int[] {390, 844})) {
                page.setViewportSize(size[0], size[1]);
                for (var path : List.of(
                        "/", "/links", "/links/link-009", "/scripts", "/operations", "/operations/" + operation)) {
                    page.navigate(base + path);
                    assertThat(page.locator("#page")).isVisible();
                    page.waitForLoadState();
                    assertThat(page.locator(".skeleton")).hasCount(0);
                    var name = path.equals("/")
                            ? "overview"
                            : path.substring(1).replace(operation, "one").replace('/', '-');
                    shoot(page, "themes/" + name + "-" + theme + "-" + size[0]);
                    Assertions.assertThat(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))
                            .as("no sideways scrolling on " + path + " at " + size[0])
                            .isEqualTo(true);
                }
            }
        }
        Assertions.assertThat(complaints).isEmpty();
    }

    private Page open(int width, int height) throws Exception {
        var page = browser.newPage(new Browser.NewPageOptions().setViewportSize(width, height));
        page.setDefaultTimeout(PATIENCE_MILLIS);
        page.onConsoleMessage(message -> {
            if (message.type().equals("error") || message.type().equals("warning")) {
                complaints.add(message.text());
            }
        });
        page.onPageError(complaints::add);
        page.navigate("http://127.0.0.1:" + linkops.awaitPort() + "/");
        return page;
    }

    private void logIn(Page page) {
        page.getByLabel("User name").fill("admin");
        page.getByLabel("Password").fill(LinkOpsProcess.PASSWORD);
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Log in"))
                .click();
        assertThat(page.locator("#page")).isVisible();
        // The browser itself remarks on the answer to "who am I?" before there is anybody.
        complaints.removeIf(text -> text.endsWith("401 (Unauthorized)"));
    }

    private static Locator row(Page page, String id) {
        return page.getByRole(AriaRole.ROW).filter(new Locator.FilterOptions().setHasText(id));
    }

    private static void choose(Page page, String script) {
        page.getByRole(AriaRole.SEARCHBOX, new Page.GetByRoleOptions().setName("Find a script to add"))
                .fill(script);
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Add " + script))
                .first()
                .click();
    }

    private static LocatorAssertions.ContainsTextOptions patience() {
        return new LocatorAssertions.ContainsTextOptions().setTimeout(PATIENCE_MILLIS);
    }

    private static void shoot(Page page, String name) {
        page.screenshot(new Page.ScreenshotOptions().setPath(Path.of("target/screenshots/" + name + ".png")));
    }
}
