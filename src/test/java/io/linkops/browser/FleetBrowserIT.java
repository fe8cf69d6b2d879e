package io.linkops.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import io.linkops.world.ApiClient;
import io.linkops.world.LinkOpsProcess;
import io.linkops.world.World;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The fleet's pages before a real LinkOps and a real sshd: from an empty LinkOps to a first script, a link that is
 * refused, one whose host key nobody has confirmed, one that is off; the table, the map, health, edits by a commit.
 * What comes from the repository stays text.
 */
class FleetBrowserIT {
    private static final String REFUSED = "link-004";
    private static final String UNCONFIRMED = "link-002";
    private static final String OFF = "link-003";
    private static final String HOSTILE = "<img src=x onerror=alert(1)>";

    private static final Map<String, String> PAGES = Map.of(
            "overview", "/",
            "links", "/links?open=" + REFUSED,
            "map", "/links?view=map",
            "link", "/links/" + REFUSED,
            "link-hostile", "/links/link-005",
            "health", "/links/link-007?tab=health",
            "runs", "/links/link-007?tab=runs",
            "yaml", "/links/link-005?tab=yaml");

    @TempDir
    Path directory;

    private World world;
    private LinkOpsProcess linkops;
    private Screen screen;
    private Page page;

    @BeforeEach
    void start() throws Exception {
        world = World.with(directory, 36)
                .script("greet", "#!/bin/bash", "echo \"hello from $LINKOPS_LINK\"", "printf '<b>not bold</b>\\n'");
        world.commit(troubled(world.linksYaml()));
        Files.delete(world.clientIdFile(REFUSED));
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

    /** One link without a known host key, one that is off, most behind link-001, and one with a hostile description. */
    private static String troubled(String yaml) {
        var entries = yaml.split("(?m)^(?=  link-)", -1);
        var told = new StringBuilder();
        for (var entry : entries) {
            var id = entry.strip().split(":", 2)[0];
            if (id.equals(UNCONFIRMED)) {
                entry = entry.replaceAll("(?m)^ +hostKey: .*\n", "");
            }
            if (id.equals(OFF)) {
                entry = entry.replaceAll("(?m)^( +port: ).*$", "$11");
            }
            if (id.matches("link-0(0[6-9]|[1-3]\\d)")) {
                entry = entry.replace("type: VPS", "type: VM")
                        .replace("    ssh:\n", "    ssh:\n      proxyJump: link-001\n");
            }
            if (id.equals("link-005")) {
                entry = entry.replace("provider: loopback", "provider: \"" + HOSTILE + "\"")
                                .replace("tags: [test,", "tags: [\"=cmd|' /C calc'!A0\", \"" + HOSTILE + "\",")
                        + "    metadata:\n      \"<b>owner</b>\": \"" + HOSTILE + "\"\n";
            }
            told.append(entry);
        }
        return told.toString();
    }

    @Test
    void leadsFromAnEmptyLinkOpsToAFirstScriptAndPutsTroubleRight() throws Exception {
        screen.logIn();
        var first = page.getByRole(AriaRole.REGION, new Page.GetByRoleOptions().setName("First steps"));
        assertThat(first).isVisible();
        screen.shoot("fleet/first-steps-begin");
        press(first, "I chose it myself");
        assertThat(first).containsText("36 links");
        press(first, "Verify all 36");
        assertThat(page.locator(".progress-row")).containsText("36 of 36");
        screen.go("/");
        assertThat(first.locator(".first-step.done")).hasCount(3);
        screen.glance("fleet/first-steps-middle");
        press(first, "New run");
        runGreetOn("link-001");
        screen.go("/");
        var over = page.getByRole(AriaRole.REGION, new Page.GetByRoleOptions().setName("Everything is set up"));
        assertThat(over.locator(".first-step.done")).hasCount(4);
        press(over, "Show the overview");
        var attention = page.getByRole(AriaRole.REGION, new Page.GetByRoleOptions().setName("need attention"));
        assertThat(attention).containsText("Host key to be confirmed: " + UNCONFIRMED);
        assertThat(attention).containsText("No client id on the machine: " + REFUSED);
        assertThat(page.locator(".happenings")).containsText("greet");
        screen.shoot("fleet/overview");

        // A refused link, by LinkOps writing the id.
        attention.getByText("No client id on the machine: " + REFUSED).click();
        assertThat(page).hasURL(Pattern.compile("/links/" + REFUSED + "$"));
        press(page.locator("main"), "Enroll over SSH…");
        screen.glance("fleet/enroll-ask");
        press(dialog(), "Enroll over SSH");
        assertThat(dialog()).containsText(REFUSED + " is enrolled");
        Assertions.assertThat(Files.readString(world.clientIdFile(REFUSED)).strip())
                .isEqualTo(world.clientId(REFUSED));
        screen.glance("fleet/enroll-done");
        press(dialog(), "Done");
        assertThat(page.locator(".run-title")).containsText("Enrolled");

        // A host key that nobody has confirmed, by the keyboard alone.
        screen.go("/links/" + UNCONFIRMED);
        focus("Confirm this key…");
        page.keyboard().press("Enter");
        assertThat(dialog()).containsText("Confirm the host key of " + UNCONFIRMED);
        screen.glance("fleet/confirm-key");
        dialog().getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Confirm the key"))
                .focus();
        page.keyboard().press("Enter");
        assertThat(dialog()).hasCount(0);
        page.keyboard().press("v");
        assertThat(page.locator(".run-title")).containsText("Enrolled");
        screen.requireNothingComplainedOf();
    }

    @Test
    void findsExportsVerifiesAndChecksManyLinksByMouseAndKeyboard() throws Exception {
        screen.logIn();
        World.verify(synced(), "*");
        page.evaluate("localStorage.setItem('linkops.checklist', 'done')");
        screen.go("/links");
        var grid = page.getByRole(AriaRole.GRID);
        var filter = page.getByRole(AriaRole.SEARCHBOX, new Page.GetByRoleOptions().setName("Filter links"));
        assertThat(grid).containsText("link-001");
        filter.fill("id:link-005");
        assertThat(page.locator(".title p")).containsText("1 of 36");
        assertThat(grid).containsText(HOSTILE);
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Export what is filtered"))
                .click();
        var download = page.waitForDownload(
                () -> page.getByRole(AriaRole.MENUITEM, new Page.GetByRoleOptions().setName("As CSV"))
                        .click());
        var csv = Files.readString(download.path());
        Assertions.assertThat(csv.lines()).hasSize(2);
        Assertions.assertThat(csv).contains("link-005").contains("'=cmd|").doesNotContain(",=cmd");

        // By the keyboard: filter, down into the table, all of them, verify.
        filter.fill("via:link-001 link-01*");
        assertThat(page.locator(".title p")).containsText("10 of 36");
        filter.press("ArrowDown");
        page.keyboard().press("Control+a");
        var bulk = page.getByRole(AriaRole.TOOLBAR, new Page.GetByRoleOptions().setName("Selected links"));
        assertThat(bulk).containsText("10 selected");
        screen.glance("fleet/links-bulk");
        screen.phone();
        screen.shoot("fleet/links-bulk-390");
        screen.wide();
        page.keyboard().press(".");
        assertThat(page.getByRole(AriaRole.MENU)).isVisible();
        screen.glance("fleet/links-row-menu");
        page.keyboard().press("Escape");
        assertThat(grid).isFocused();
        page.keyboard().press("v");
        assertThat(page.locator(".progress-row")).containsText("10 of 10");
        page.goBack();

        // By the mouse: select all that match, check their health.
        filter.fill("");
        page.getByRole(AriaRole.ROW)
                .filter(new Locator.FilterOptions().setHasText("link-001"))
                .first()
                .getByRole(AriaRole.CHECKBOX)
                .click();
        press(bulk, "Select all 36 matching");
        press(bulk, "Check health");
        assertThat(dialog()).containsText("36 checked");
        assertThat(dialog().locator(".batch-list li").filter(new Locator.FilterOptions().setHasText(OFF)))
                .containsText("cannot be reached");
        screen.glance("fleet/links-checked");
        press(dialog(), "Done");
        filter.fill("status:offline stage:tcp");
        assertThat(page.locator(".title p")).containsText("1 of 36");
        filter.fill("status:offline");

        // Columns and a view of one's own.
        page.getByRole(
                        AriaRole.BUTTON,
                        new Page.GetByRoleOptions().setName("Columns").setExact(true))
                .click();
        dialog().getByLabel("What is wrong").check();
        screen.glance("fleet/columns");
        press(dialog(), "Done");
        assertThat(page).hasURL(Pattern.compile("cols="));
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Saved views"))
                .click();
        dialog().getByLabel("Save what is shown now as").fill("Off now");
        screen.glance("fleet/views");
        page.keyboard().press("Enter");
        page.keyboard().press("Escape");
        screen.go("/links");
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Saved views"))
                .click();
        dialog().getByText("Off now").click();
        assertThat(filter).hasValue("status:offline");
        assertThat(grid.getByRole(AriaRole.COLUMNHEADER, new Locator.GetByRoleOptions().setName("What is wrong")))
                .isVisible();
        screen.requireNothingComplainedOf();
    }

    @Test
    void showsTheWaysOnAMapAndEachLinkWithItsHealthAndPieceOfGit() throws Exception {
        screen.logIn();
        var api = synced();
        World.await(api, World.verify(api, "*"));
        page.evaluate("localStorage.setItem('linkops.checklist', 'done')");

        // The map, by the keyboard.
        screen.go("/links?view=map");
        var map = page.getByRole(AriaRole.TREE);
        map.focus();
        assertThat(page.getByRole(AriaRole.TREEITEM).filter(new Locator.FilterOptions().setHasText("31 VM")))
                .isVisible();
        screen.glance("fleet/map");
        page.keyboard().press("ArrowRight");
        page.keyboard().press("Home");
        page.keyboard().press("ArrowRight");
        page.keyboard().press("End");
        page.keyboard().press("Enter");
        var side = page.getByRole(AriaRole.COMPLEMENTARY);
        assertThat(side).isVisible();
        screen.glance("fleet/map-side");
        page.keyboard().press("Escape");
        assertThat(side).hasCount(0);
        var filter = page.getByRole(AriaRole.SEARCHBOX, new Page.GetByRoleOptions().setName("Filter links"));
        filter.fill("link-033");
        assertThat(page.getByRole(AriaRole.TREEITEM).filter(new Locator.FilterOptions().setHasText("link-033")))
                .isVisible();
        filter.fill("");

        // A check shows how far it came.
        screen.go("/links/" + OFF + "?tab=health");
        press(page.locator("main"), "Check now");
        assertThat(page.locator(".stages .stage-bad")).containsText("Reach the port");
        screen.go("/links/link-007?tab=health");
        press(page.locator("main"), "Check now");
        assertThat(page.locator(".stages").last()).containsText("Read the client id");
        assertThat(page.locator(".chart svg").first()).isVisible();
        assertThat(page.locator(".chart circle").first()).isVisible();
        press(page.locator("main"), "Open a window…");
        dialog().getByLabel("Reason").fill(HOSTILE);
        screen.glance("fleet/open-window");
        press(dialog(), "Open the window");
        assertThat(page.locator(".run-title")).containsText("in maintenance");
        assertThat(page.locator("#tab-panel")).containsText(HOSTILE);
        screen.glance("fleet/health");
        press(page.locator("main"), "End");
        assertThat(page.locator("#tab-panel")).containsText("No window is open");
        page.locator("#tab-health").focus();
        page.keyboard().press("ArrowRight");
        assertThat(page.locator("#tab-panel")).containsText("Verify");
        page.keyboard().press("ArrowRight");
        assertThat(page.locator("#tab-panel")).containsText("No shell was opened here yet");
        page.keyboard().press("ArrowRight");
        assertThat(page.locator("#tab-panel")).containsText("proxyJump: link-001");

        // Add, edit, remove: each a commit.
        screen.go("/links");
        press(page.locator("main"), "Add link…");
        press(dialog(), "Add by a commit");
        assertThat(dialog()).containsText("Give the link a name.");
        screen.glance("fleet/add-faults");
        screen.phone();
        screen.shoot("fleet/add-faults-390");
        screen.wide();
        exactly("Name").fill("new-1");
        exactly("Host").fill("no spaces allowed");
        press(dialog(), "Add by a commit");
        assertThat(dialog().locator(".field.wrong")).containsText("Host");
        // The browser itself remarks on the refusal that was meant to be.
        screen.forgive("400 (Bad Request)");
        exactly("Host").fill("127.0.0.9");
        press(dialog(), "Add by a commit");
        assertThat(dialog()).hasCount(0);
        screen.go("/links/new-1?tab=yaml");
        press(page.locator("main"), "Edit…");
        exactly("Tags").fill("fresh");
        dialog().getByLabel("Commit message").fill("Tag it " + HOSTILE);
        screen.glance("fleet/edit");
        press(dialog(), "Change by a commit");
        assertThat(page.locator("#tab-panel")).containsText("tags: [fresh]");
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("More actions for new-1"))
                .click();
        page.getByRole(AriaRole.MENUITEM, new Page.GetByRoleOptions().setName("Remove…"))
                .click();
        dialog().getByLabel("Type new-1 to confirm").fill("new-1");
        screen.glance("fleet/remove");
        press(dialog(), "Remove by a commit");
        assertThat(page).hasURL(Pattern.compile("/links$"));
        filter.fill("retired");
        assertThat(page.getByRole(AriaRole.GRID)).containsText("new-1");
        screen.requireNothingComplainedOf();
    }

    @Test
    void isAccessibleInEveryThemeAtBothWidths() throws Exception {
        screen.logIn();
        var api = synced();
        World.await(api, World.verify(api, "*"));
        api.post("/api/links/link-007/check");
        api.post("/api/links/" + OFF + "/check");
        screen.go("/");
        screen.look("fleet/themes/first-steps");
        page.evaluate("localStorage.setItem('linkops.checklist', 'done')");
        for (var path : PAGES.entrySet()) {
            screen.go(path.getValue());
            screen.look("fleet/themes/" + path.getKey());
        }
        screen.requireNothingComplainedOf();
    }

    private ApiClient synced() throws Exception {
        var api = linkops.login();
        Assertions.assertThat(api.post("/api/git/sync").status()).isEqualTo(200);
        return api;
    }

    private void runGreetOn(String id) {
        page.getByRole(AriaRole.SEARCHBOX, new Page.GetByRoleOptions().setName("Find a script to add"))
                .fill("greet");
        page.keyboard().press("Enter");
        page.getByLabel("Add targets").fill(id);
        page.keyboard().press("Enter");
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Run on 1 link"))
                .click();
        assertThat(page.locator("#page")).containsText("1 of 1");
    }

    private Locator dialog() {
        return page.locator("dialog[open]");
    }

    private Locator exactly(String label) {
        return dialog().getByLabel(label, new Locator.GetByLabelOptions().setExact(true));
    }

    private void focus(String button) {
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName(button))
                .focus();
    }

    private static void press(Locator within, String button) {
        within.getByRole(
                        AriaRole.BUTTON,
                        new Locator.GetByRoleOptions().setName(button).setExact(true))
                .first()
                .click();
    }
}
