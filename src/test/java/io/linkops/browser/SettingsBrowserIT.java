package io.linkops.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ReducedMotion;
import io.linkops.notifications.Receiver;
import io.linkops.world.ApiClient;
import io.linkops.world.Chromium;
import io.linkops.world.LinkOpsProcess;
import io.linkops.world.World;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * An admin at the settings of a real LinkOps: users and their scopes, tokens, secrets, a channel to a real receiver, a
 * change that is held; the audit that knows of it all; and the palette, by the keyboard. What people wrote stays text.
 */
class SettingsBrowserIT {
    private static final Path AXE = Path.of("src/main/frontend/node_modules/axe-core/axe.min.js");
    private static final double PATIENCE_MILLIS = 60_000;
    private static final String HOSTILE = "<img src=x onerror=alert(1)>\"'&amp;";
    private static final String WANDA = "a password that is long";
    private static final List<String> THEMES = List.of("gray", "blue", "charcoal", "light");
    private static final List<String> PARTS = List.of(
            "git",
            "users",
            "tokens",
            "identity",
            "secrets",
            "notifications",
            "retention",
            "health",
            "backup",
            "appearance",
            "about");

    @TempDir
    Path directory;

    private World world;
    private LinkOpsProcess linkops;
    private ApiClient api;
    private Playwright playwright;
    private Browser browser;
    private Page page;
    private final List<String> complaints = new ArrayList<>();

    @BeforeEach
    void start() throws Exception {
        Chromium.require();
        PlaywrightAssertions.setDefaultAssertionTimeout(PATIENCE_MILLIS);
        world = World.with(directory, 12)
                .script("greet", "#!/bin/bash", "echo \"hello from $LINKOPS_LINK\"")
                .script("report_disk", "#!/bin/bash", "df -h /")
                .commit();
        linkops = world.serve();
        api = linkops.login();
        World.enroll(api);
        playwright = Chromium.playwright();
        browser = Chromium.launch(playwright);
        page = open();
        logIn(page, "admin", LinkOpsProcess.PASSWORD);
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
    void anAdminNarrowsAUserWhoIsToldWhy() throws Exception {
        go(page, "/settings/users");
        press(page, "New user…");
        var sheet = page.getByRole(AriaRole.DIALOG);
        sheet.getByLabel("User name").fill(HOSTILE);
        sheet.getByLabel("First password").fill(WANDA);
        press(sheet, "Make the user");
        assertThat(sheet.locator(".field.wrong")).not().hasCount(0);
        sheet.getByLabel("User name").fill("wanda");
        sheet.getByLabel("Role").selectOption("operator");
        press(sheet, "tag:web");
        sheet.getByLabel("Scripts").fill("report_*");
        assertThat(sheet).containsText("Runs report_* on tag:web. No terminals. These are 4 links of 12 now.");
        shoot(page, "settings/new-user");
        press(sheet, "Make the user");
        var side = page.getByRole(AriaRole.COMPLEMENTARY);
        assertThat(side).containsText("Runs report_* on tag:web.");
        assertThat(page.getByRole(AriaRole.GRID)).containsText("wanda");
        shoot(page, "settings/users");

        var second = open();
        logIn(second, "wanda", WANDA);
        go(second, "/settings/secrets");
        assertThat(second.locator("#page")).containsText("needs the role admin; yours is operator");
        go(second, "/settings/git");
        assertThat(second.locator("#page"))
                .containsText("concerns the whole fleet, and your access is narrowed to tag:web");
        go(second, "/activity");
        assertThat(second.locator("#page")).containsText("The audit is for admins");
        shoot(second, "settings/activity-denied");
        go(second, "/links");
        assertThat(second.locator("#page")).containsText("4 links");

        press(side, "Sign out everywhere…");
        press(page.getByRole(AriaRole.DIALOG), "Sign out everywhere");
        assertThat(page.locator(".toasts")).containsText("Every session of wanda has ended");
        second.reload();
        assertThat(second.getByLabel("User name")).isVisible();

        for (int i = 0; i < 5; i++) {
            ApiClient.anonymous(linkops.awaitPort())
                    .post(
                            "/api/auth/login",
                            new JsonObject().put("username", "wanda").put("password", "wrong" + i));
        }
        go(page, "/settings/users?user=wanda");
        var wanda = page.getByRole(AriaRole.ROW).filter(new Locator.FilterOptions().setHasText("wanda"));
        assertThat(wanda.or(side).first()).containsText("wanda");
        press(side, "Role and scope…");
        press(page.getByRole(AriaRole.DIALOG), "Cancel");
        press(side, "Remove user…");
        press(page.getByRole(AriaRole.DIALOG), "Remove the user");
        assertThat(page.getByRole(AriaRole.GRID)).not().containsText("wanda");
        complaints.removeIf(text -> text.contains("401 (Unauthorized)") || text.contains("400 (Bad Request)"));
        Assertions.assertThat(complaints).isEmpty();
    }

    @Test
    void whatIsMadeHereWorksIsNeverShownAgainAndIsInTheAudit() throws Exception {
        makesATokenAndRevokesIt();
        putsASecret();
        try (var receiver = new Receiver()) {
            tellsAReceiver(receiver);
        }
        letsAHeldChangePass();
        findsAllOfItInTheAudit();
        complaints.removeIf(text -> text.contains("status of 4"));
        Assertions.assertThat(complaints).isEmpty();
    }

    private void makesATokenAndRevokesIt() throws Exception {
        go(page, "/settings/tokens");
        press(page, "New token…");
        var sheet = page.getByRole(AriaRole.DIALOG);
        sheet.getByLabel("Name").fill(HOSTILE);
        sheet.getByLabel("Role").selectOption("operator");
        press(sheet, "Make the token");
        assertThat(sheet).containsText("the only time");
        var secret = sheet.locator(".command code").first().textContent();
        shoot(page, "settings/token-once");
        press(sheet, "I have copied it");
        var program = ApiClient.of(linkops.awaitPort(), secret);
        Assertions.assertThat(program.get("/api/auth/me").json().getString("role"))
                .isEqualTo("operator");
        page.reload();
        assertThat(page.getByRole(AriaRole.GRID)).containsText(HOSTILE);
        Assertions.assertThat(page.content()).doesNotContain(secret);
        shoot(page, "settings/tokens");
        press(page, "Revoke…");
        press(page.getByRole(AriaRole.DIALOG), "Revoke the token");
        assertThat(page.locator("#page")).containsText("You have no API token");
        Assertions.assertThat(program.get("/api/auth/me").status()).isEqualTo(401);
    }

    private void putsASecret() throws Exception {
        go(page, "/settings/secrets");
        press(page, "Put a secret…");
        var sheet = page.getByRole(AriaRole.DIALOG);
        sheet.getByLabel("Name").fill("fleet-token");
        sheet.getByLabel("Value").fill("hush-hush-hush");
        press(sheet, "Put it");
        assertThat(page.getByRole(AriaRole.GRID)).containsText("fleet-token");
        Assertions.assertThat(page.content()).doesNotContain("hush-hush-hush");
        press(page, "Rotate the master key…");
        press(page.getByRole(AriaRole.DIALOG), "Rotate");
        assertThat(page.getByRole(AriaRole.DIALOG)).containsText("sealed anew", patience());
        press(page.getByRole(AriaRole.DIALOG).locator(".sheet-foot"), "Close");
        shoot(page, "settings/secrets");
    }

    private void tellsAReceiver(Receiver receiver) throws Exception {
        go(page, "/settings/notifications");
        press(page, "New channel…");
        var sheet = page.getByRole(AriaRole.DIALOG);
        sheet.getByLabel("Name").fill(HOSTILE);
        sheet.getByLabel("Address").fill("http://127.0.0.1:" + receiver.port() + "/hook");
        sheet.getByLabel("operation.success").check();
        shoot(page, "settings/new-channel");
        press(sheet, "Make the channel");
        assertThat(sheet).containsText("the only time");
        press(sheet, "I have copied it");
        press(page, "Test");
        assertThat(page.locator("#page")).containsText("The test arrived: the receiver answered 200", patience());
        assertThat(page.locator(".channels")).containsText(HOSTILE);
        World.await(api, World.run(api, 1, List.of("greet"), "link-001"));
        page.waitForCondition(() -> {
            press(page, "Look again");
            return page.locator("#deliveries").textContent().contains("operation.success");
        });
        Assertions.assertThat(receiver.got()).isNotEmpty();
        shoot(page, "settings/notifications");
    }

    private void letsAHeldChangePass() throws Exception {
        var yaml = world.linksYaml();
        world.commit(yaml.substring(0, yaml.indexOf("  link-007:")), "Retire half of it " + HOSTILE);
        go(page, "/settings/git");
        press(page, "Sync now");
        var held = page.getByRole(AriaRole.REGION, new Page.GetByRoleOptions().setName("A change waits for an admin"));
        assertThat(held).containsText("6 of 12", patience());
        assertThat(held).containsText("Retire half of it " + HOSTILE);
        assertThat(held).containsText("link-012");
        shoot(page, "settings/git-held");
        press(held, "Approve…");
        press(page.getByRole(AriaRole.DIALOG), "Approve and apply");
        assertThat(held).hasCount(0);
        assertThat(page.locator(".syncs")).containsText("approved by admin", patience());

        world.commit("links:\n  broken: [\n", "Break it");
        press(page, "Sync now");
        assertThat(page.locator(".trouble")).containsText("links.yaml", patience());
        page.locator(".syncs button").first().click();
        shoot(page, "settings/git-failed");
        world.commit(yaml.substring(0, yaml.indexOf("  link-007:")), "Mend it");
    }

    private void findsAllOfItInTheAudit() throws Exception {
        go(page, "/activity");
        var grid = page.getByRole(AriaRole.GRID, new Page.GetByRoleOptions().setName("Audit"));
        for (var action : List.of(
                "tokens.create",
                "tokens.delete",
                "secrets.update",
                "secrets.rotate",
                "notifications.channels.create",
                "notifications.channels.test",
                "git.held.approve")) {
            page.getByLabel("Action").fill(action);
            page.getByLabel("Action").press("Enter");
            assertThat(grid.getByRole(AriaRole.ROW)).not().hasCount(1);
            assertThat(grid.locator(".grid-row").first()).containsText(action);
            Assertions.assertThat(page.url()).contains("action=" + action);
        }
        press(page, "Clear");
        assertThat(grid.locator(".grid-row").first()).isVisible();
        grid.locator(".grid-row").first().click();
        assertThat(page.getByRole(AriaRole.COMPLEMENTARY)).containsText("Seal");
        shoot(page, "settings/activity");
        api.put("/api/secrets/another", new JsonObject().put("value", "hush-hush-hush"));
        var pill = page.locator(".fresh");
        assertThat(pill).containsText("new row", patience());
        pill.click();
        assertThat(grid).containsText("another");
        var export =
                page.waitForDownload(() -> page.getByText("Export JSON lines").click());
        var lines = Files.readAllLines(export.path());
        Assertions.assertThat(lines).hasSizeGreaterThan(20).allMatch(line -> new JsonObject(line).containsKey("seal"));
        Assertions.assertThat(String.join("\n", lines)).doesNotContain("hush-hush-hush");
    }

    @Test
    void thePaletteGoesAnywhereAndDoesThingsByKeyboard() throws Exception {
        var box = page.getByRole(AriaRole.COMBOBOX, new Page.GetByRoleOptions().setName("Go to or do"));
        go(page, "/");
        assertThat(page.getByTitle("What you see is current.")).isVisible();
        page.keyboard().press("Control+k");
        assertThat(box).isFocused();
        shoot(page, "settings/palette");
        box.fill("link-007");
        assertThat(selected()).containsText("link-007");
        page.keyboard().press("Enter");
        page.waitForURL("**/links/link-007");

        page.keyboard().press("Control+k");
        box.fill("run greet on tag:web");
        assertThat(selected()).containsText("Run greet on tag:web");
        shoot(page, "settings/palette-run");
        page.keyboard().press("Enter");
        assertThat(page.getByRole(AriaRole.DIALOG)).containsText("tag:web");
        assertThat(page.getByRole(AriaRole.DIALOG)).containsText("greet");
        page.keyboard().press("Escape");

        page.keyboard().press("Control+k");
        box.fill("verify link-00");
        page.keyboard().press("ArrowDown");
        assertThat(selected()).containsText("Verify link-002");
        page.keyboard().press("Enter");
        assertThat(page.locator(".toasts")).containsText("link-002 is enrolled", patience());

        page.keyboard().press("Control+k");
        box.fill("theme blue");
        page.keyboard().press("Enter");
        assertThat(page.locator("html")).hasAttribute("data-theme", "blue");
        page.keyboard().press("Control+k");
        assertThat(selected()).containsText("Theme blue");
        box.fill("nothing is called so");
        assertThat(page.locator(".palette")).containsText("Nothing is called so.");
        box.fill("settings backup");
        page.keyboard().press("Enter");
        page.waitForURL("**/settings/backup");
        assertThat(page.locator("#page")).containsText("linkops backup /srv/backup/linkops.zip");

        go(page, "/settings/git");
        page.keyboard().press("Control+k");
        box.fill("log out");
        page.keyboard().press("Enter");
        assertThat(page.getByLabel("User name")).isVisible();
        complaints.removeIf(text -> text.endsWith("401 (Unauthorized)"));
        Assertions.assertThat(complaints).isEmpty();
    }

    @Test
    void looksRightInEveryThemeAndOnAPhone() throws Exception {
        api.put("/api/secrets/fleet-token", new JsonObject().put("value", "hush-hush-hush"));
        api.post(
                "/api/tokens",
                new JsonObject()
                        .put("name", "a pipeline with a rather long name")
                        .put("role", "viewer"));
        api.post(
                "/api/users",
                new JsonObject()
                        .put("username", "wanda")
                        .put("password", WANDA)
                        .put("role", "operator")
                        .put("scope", new JsonObject().put("targets", List.of("tag:web", "!link-004"))));
        api.post(
                "/api/notifications/channels",
                new JsonObject()
                        .put("name", "Chat")
                        .put("kind", "webhook")
                        .put("url", "https://127.0.0.1:1/hook")
                        .put("events", List.of("operation.failed", "link.offline")));
        var channel = api.get("/api/notifications/channels")
                .json()
                .getJsonArray("channels")
                .getJsonObject(0)
                .getString("id");
        api.post("/api/notifications/channels/" + channel + "/test");
        var yaml = world.linksYaml();
        world.commit(yaml.substring(0, yaml.indexOf("  link-007:")), "Retire half of it");
        api.post("/api/git/sync");
        var paths =
                new ArrayList<>(PARTS.stream().map(part -> "/settings/" + part).toList());
        paths.addAll(List.of("/settings", "/settings/users?user=wanda", "/activity", "/activity?row=3"));
        var axe = Files.readString(AXE);
        var findings = new ArrayList<String>();
        for (var size : List.of(new int[] {1440, 900}, new int[] {390, 844})) {
            page.setViewportSize(size[0], size[1]);
            for (var path : paths) {
                go(page, path);
                assertThat(page.locator(".skeleton")).hasCount(0);
                page.evaluate(axe);
                for (var theme : THEMES) {
                    page.evaluate("theme => { document.documentElement.dataset.theme = theme; }", theme);
                    look(path, theme, size[0], findings);
                }
                var maker = page.locator("#page .button.primary", new Page.LocatorOptions().setHasText("New"));
                if (path.matches("/settings/(users|tokens|notifications)")) {
                    maker.click();
                    look(path + "/new", "gray", size[0], findings);
                    page.keyboard().press("Escape");
                }
            }
            go(page, "/activity");
            page.evaluate(axe);
            press(page, "Sealed chain…");
            look("/activity-chain", "gray", size[0], findings);
            press(page.getByRole(AriaRole.DIALOG).locator(".sheet-foot"), "Close");
            page.keyboard().press("Control+k");
            look("/palette", "light", size[0], findings);
            page.keyboard().press("Escape");
        }
        Assertions.assertThat(findings).isEmpty();
        Assertions.assertThat(complaints).isEmpty();
    }

    private void look(String path, String theme, int width, List<String> findings) {
        var name = path.substring(1).replaceAll("[^a-z0-9]+", "-");
        if (theme.equals("gray") || theme.equals("light")) {
            shoot(page, "settings/themes/" + name + "-" + theme + "-" + width);
        }
        if (!Boolean.TRUE.equals(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))) {
            findings.add(path + " scrolls sideways at " + width);
        }
        // Themes differ in colours only.
        var found = page.evaluate("""
            async whole => (await axe.run(document, {runOnly: whole
              ? {type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
              : {type: "rule", values: ["color-contrast"]}})).violations
              .map(v => v.id + ": " + v.nodes.map(n => n.html.slice(0, 160) + n.failureSummary).join(" | "))
            """, theme.equals("gray") || path.equals("/palette"));
        ((List<?>) found).forEach(each -> findings.add(path + " " + theme + " " + width + ": " + each));
    }

    private Locator selected() {
        return page.locator(".palette [role=option][aria-selected=true]");
    }

    private Page open() throws Exception {
        var opened = browser.newContext(new Browser.NewContextOptions()
                        .setViewportSize(1440, 900)
                        .setReducedMotion(ReducedMotion.REDUCE))
                .newPage();
        opened.setDefaultTimeout(PATIENCE_MILLIS);
        opened.onConsoleMessage(message -> {
            if (message.type().equals("error") || message.type().equals("warning")) {
                complaints.add(message.text());
            }
        });
        opened.onPageError(complaints::add);
        opened.navigate(base() + "/");
        return opened;
    }

    private String base() throws Exception {
        return "http://127.0.0.1:" + linkops.awaitPort();
    }

    private void go(Page where, String path) throws Exception {
        where.navigate(base() + path);
        assertThat(where.locator("#page")).isVisible();
    }

    private void logIn(Page where, String user, String password) {
        where.getByLabel("User name").fill(user);
        where.getByLabel("Password").fill(password);
        where.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Log in"))
                .click();
        assertThat(where.locator("#page")).isVisible();
        // The browser itself remarks on the answer to "who am I?" before there is anybody.
        complaints.removeIf(text -> text.endsWith("401 (Unauthorized)"));
    }

    private static void press(Page where, String button) {
        where.getByRole(
                        AriaRole.BUTTON,
                        new Page.GetByRoleOptions().setName(button).setExact(true))
                .first()
                .click();
    }

    private static void press(Locator where, String button) {
        where.getByRole(
                        AriaRole.BUTTON,
                        new Locator.GetByRoleOptions().setName(button).setExact(true))
                .first()
                .click();
    }

    private static LocatorAssertions.ContainsTextOptions patience() {
        return new LocatorAssertions.ContainsTextOptions().setTimeout(PATIENCE_MILLIS);
    }

    private static void shoot(Page where, String name) {
        where.screenshot(new Page.ScreenshotOptions().setPath(Path.of("target/screenshots/" + name + ".png")));
    }
}
