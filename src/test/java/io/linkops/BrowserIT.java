package io.linkops;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import io.linkops.browser.Screen;
import io.linkops.world.Chromium;
import io.linkops.world.LinkOpsProcess;
import io.linkops.world.World;
import java.nio.file.Files;
import java.nio.file.Path;
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
    @TempDir
    Path directory;

    private World world;
    private LinkOpsProcess linkops;
    private Screen screen;
    private Page page;

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
        screen = Screen.launch(linkops);
        page = screen.page();
    }

    @AfterEach
    void stop() throws Exception {
        if (screen != null) {
            screen.close();
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
        var api = linkops.login();
        World.enroll(api);
        screen.logIn();
        assertThat(page.getByRole(AriaRole.HEADING, new Page.GetByRoleOptions().setLevel(1))
                        .first())
                .isVisible();
        screen.shoot("overview");

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
        screen.glance("links");

        bulk.getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Run script…"))
                .click();
        choose(page, "greet");
        screen.glance("new-run");
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Run on 3 links"))
                .click();
        var output = page.getByRole(AriaRole.REGION, new Page.GetByRoleOptions().setName("Output"));
        assertThat(page.locator("#page")).containsText("3 of 3");
        assertThat(output).containsText("line 40");
        screen.shoot("operation");
        page.getByRole(AriaRole.SEARCHBOX, new Page.GetByRoleOptions().setName("Search output"))
                .fill("not bold");
        assertThat(output).containsText("<b>not bold</b>");

        var running = World.run(api, 5, List.of("linger"), "link-004", "link-005");
        screen.go("/operations/" + running);
        assertThat(output).containsText("waiting");
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Stop…"))
                .click();
        page.getByRole(AriaRole.DIALOG)
                .getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Stop it"))
                .click();
        assertThat(page.locator("#page")).containsText(Pattern.compile("stopped", Pattern.CASE_INSENSITIVE));
        Assertions.assertThat(World.await(api, running).getString("status")).isEqualTo("stopped");
        screen.glance("stopped");
        screen.requireNothingComplainedOf();
    }

    @Test
    void looksRightInEveryThemeAndOnAPhone() throws Exception {
        var api = linkops.login();
        World.enroll(api);
        Files.writeString(world.clientIdFile("link-007"), "LINKOPS-of-another");
        Files.delete(world.clientIdFile("link-009"));
        for (var id : List.of("link-007", "link-009")) {
            api.post("/api/links/" + id + "/verify");
        }
        var operation = World.run(api, 5, List.of("greet"), "link-001", "link-002");
        World.await(api, operation);
        page.navigate(screen.at("/"));
        assertThat(page.getByLabel("User name")).isVisible();
        screen.look("themes/login");
        screen.logIn();
        for (var path :
                List.of("/", "/links", "/links/link-009", "/scripts", "/operations", "/operations/" + operation)) {
            screen.go(path);
            var name = path.equals("/")
                    ? "overview"
                    : path.substring(1).replace(operation, "one").replace('/', '-');
            screen.look("themes/" + name);
        }
        screen.requireNothingComplainedOf();
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
}
