package io.linkops.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import io.linkops.notifications.Receiver;
import io.linkops.world.ApiClient;
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
    private static final String HOSTILE = "<img src=x onerror=alert(1)>\"'&amp;";
    private static final String WANDA = "a password that is long";
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
    private Screen screen;
    private Page page;

    @BeforeEach
    void start() throws Exception {
        world = World.with(directory, 12)
                .script("greet", "#!/bin/bash", "echo \"hello from $LINKOPS_LINK\"")
                .script("report_disk", "#!/bin/bash", "df -h /")
                .commit();
        linkops = world.serve();
        api = linkops.login();
        World.enroll(api);
        screen = Screen.launch(linkops).logIn();
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
    void anAdminNarrowsAUserWhoIsToldWhy() throws Exception {
        screen.go("/settings/users");
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
        screen.glance("settings/new-user");
        press(sheet, "Make the user");
        var side = page.getByRole(AriaRole.COMPLEMENTARY);
        assertThat(side).containsText("Runs report_* on tag:web.");
        assertThat(page.getByRole(AriaRole.GRID)).containsText("wanda");
        screen.glance("settings/users");

        var wandas = screen.another().logIn("wanda", WANDA);
        var second = wandas.page();
        wandas.go("/settings/secrets");
        assertThat(second.locator("#page")).containsText("needs the role admin; yours is operator");
        wandas.go("/settings/git");
        assertThat(second.locator("#page"))
                .containsText("concerns the whole fleet, and your access is narrowed to tag:web");
        wandas.go("/activity");
        assertThat(second.locator("#page")).containsText("The audit is for admins");
        wandas.glance("settings/activity-denied");
        wandas.go("/links");
        assertThat(second.locator("#page")).containsText("4 links");

        press(side, "Sign out everywhere…");
        screen.glance("settings/sign-out");
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
        screen.go("/settings/users?user=wanda");
        var wanda = page.getByRole(AriaRole.ROW).filter(new Locator.FilterOptions().setHasText("wanda"));
        assertThat(wanda.or(side).first()).containsText("wanda");
        press(side, "Role and scope…");
        screen.glance("settings/edit-user");
        press(page.getByRole(AriaRole.DIALOG), "Cancel");
        press(side, "Remove user…");
        screen.glance("settings/remove-user");
        press(page.getByRole(AriaRole.DIALOG), "Remove the user");
        assertThat(page.getByRole(AriaRole.GRID)).not().containsText("wanda");
        screen.forgive("401 (Unauthorized)");
        screen.forgive("400 (Bad Request)");
        screen.requireNothingComplainedOf();
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
        screen.forgive("409 (Conflict)");
        screen.forgive("400 (Bad Request)");
        screen.requireNothingComplainedOf();
    }

    private void makesATokenAndRevokesIt() throws Exception {
        screen.go("/settings/tokens");
        press(page, "New token…");
        var sheet = page.getByRole(AriaRole.DIALOG);
        sheet.getByLabel("Name").fill(HOSTILE);
        sheet.getByLabel("Role").selectOption("operator");
        press(sheet, "Make the token");
        assertThat(sheet).containsText("the only time");
        var secret = sheet.locator(".command code").first().textContent();
        screen.glance("settings/token-once");
        press(sheet, "I have copied it");
        var program = ApiClient.of(linkops.awaitPort(), secret);
        Assertions.assertThat(program.get("/api/auth/me").json().getString("role"))
                .isEqualTo("operator");
        page.reload();
        assertThat(page.getByRole(AriaRole.GRID)).containsText(HOSTILE);
        Assertions.assertThat(page.content()).doesNotContain(secret);
        screen.glance("settings/tokens");
        press(page, "Revoke…");
        screen.glance("settings/revoke");
        press(page.getByRole(AriaRole.DIALOG), "Revoke the token");
        assertThat(page.locator("#page")).containsText("You have no API token");
        Assertions.assertThat(program.get("/api/auth/me").status()).isEqualTo(401);
    }

    private void putsASecret() throws Exception {
        screen.go("/settings/secrets");
        press(page, "Put a secret…");
        screen.glance("settings/put-secret");
        var sheet = page.getByRole(AriaRole.DIALOG);
        sheet.getByLabel("Name").fill("fleet-token");
        sheet.getByLabel("Value").fill("hush-hush-hush");
        press(sheet, "Put it");
        assertThat(page.getByRole(AriaRole.GRID)).containsText("fleet-token");
        Assertions.assertThat(page.content()).doesNotContain("hush-hush-hush");
        press(page, "Rotate the master key…");
        screen.glance("settings/rotate");
        press(page.getByRole(AriaRole.DIALOG), "Rotate");
        assertThat(page.getByRole(AriaRole.DIALOG)).containsText("sealed anew");
        press(page.getByRole(AriaRole.DIALOG).locator(".sheet-foot"), "Close");
        screen.glance("settings/secrets");
    }

    private void tellsAReceiver(Receiver receiver) throws Exception {
        screen.go("/settings/notifications");
        press(page, "New channel…");
        var sheet = page.getByRole(AriaRole.DIALOG);
        sheet.getByLabel("Name").fill(HOSTILE);
        sheet.getByLabel("Address").fill("http://127.0.0.1:" + receiver.port() + "/hook");
        sheet.getByLabel("operation.success").check();
        screen.glance("settings/new-channel");
        press(sheet, "Make the channel");
        assertThat(sheet).containsText("the only time");
        press(sheet, "I have copied it");
        press(page, "Test");
        assertThat(page.locator("#page")).containsText("The test arrived: the receiver answered 200");
        assertThat(page.locator(".channels")).containsText(HOSTILE);
        World.await(api, World.run(api, 1, List.of("greet"), "link-001"));
        page.waitForCondition(() -> {
            press(page, "Look again");
            return page.locator("#deliveries").textContent().contains("operation.success");
        });
        Assertions.assertThat(receiver.got()).isNotEmpty();
        screen.glance("settings/notifications");
    }

    private void letsAHeldChangePass() throws Exception {
        var yaml = world.linksYaml();
        world.commit(yaml.substring(0, yaml.indexOf("  link-007:")), "Retire half of it " + HOSTILE);
        screen.go("/settings/git");
        press(page, "Sync now");
        var held = page.getByRole(AriaRole.REGION, new Page.GetByRoleOptions().setName("A change waits for an admin"));
        assertThat(held).containsText("6 of 12");
        assertThat(held).containsText("Retire half of it " + HOSTILE);
        assertThat(held).containsText("link-012");
        screen.glance("settings/git-held");
        press(held, "Approve…");
        screen.glance("settings/approve");
        press(page.getByRole(AriaRole.DIALOG), "Approve and apply");
        assertThat(held).hasCount(0);
        assertThat(page.locator(".syncs")).containsText("approved by admin");

        world.commit("links:\n  broken: [\n", "Break it");
        press(page, "Sync now");
        assertThat(page.locator(".trouble")).containsText("links.yaml");
        page.locator(".syncs button").first().click();
        screen.glance("settings/git-failed");
        world.commit(yaml.substring(0, yaml.indexOf("  link-007:")), "Mend it");
    }

    private void findsAllOfItInTheAudit() throws Exception {
        screen.go("/activity");
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
        screen.glance("settings/activity");
        api.put("/api/secrets/another", new JsonObject().put("value", "hush-hush-hush"));
        var pill = page.locator(".fresh");
        assertThat(pill).containsText("new row");
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
        screen.go("/");
        assertThat(page.getByTitle("What you see is current.")).isVisible();
        page.keyboard().press("Control+k");
        assertThat(box).isFocused();
        screen.glance("settings/palette");
        box.fill("link-007");
        assertThat(selected()).containsText("link-007");
        page.keyboard().press("Enter");
        page.waitForURL("**/links/link-007");

        page.keyboard().press("Control+k");
        box.fill("run greet on tag:web");
        assertThat(selected()).containsText("Run greet on tag:web");
        screen.shoot("settings/palette-run");
        page.keyboard().press("Enter");
        assertThat(page.getByRole(AriaRole.DIALOG)).containsText("tag:web");
        assertThat(page.getByRole(AriaRole.DIALOG)).containsText("greet");
        page.keyboard().press("Escape");

        page.keyboard().press("Control+k");
        box.fill("verify link-00");
        page.keyboard().press("ArrowDown");
        assertThat(selected()).containsText("Verify link-002");
        page.keyboard().press("Enter");
        assertThat(page.locator(".toasts")).containsText("link-002 is enrolled");

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

        screen.go("/settings/git");
        page.keyboard().press("Control+k");
        box.fill("log out");
        page.keyboard().press("Enter");
        assertThat(page.getByLabel("User name")).isVisible();
        screen.forgive("401 (Unauthorized)");
        screen.requireNothingComplainedOf();
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
        for (var path : paths) {
            screen.go(path);
            look(path);
            var maker = page.locator("#page .button.primary", new Page.LocatorOptions().setHasText("New"));
            if (path.matches("/settings/(users|tokens|notifications)")) {
                maker.click();
                look(path + "/new");
                page.keyboard().press("Escape");
            }
        }
        screen.go("/activity");
        press(page, "Sealed chain…");
        look("/activity-chain");
        press(page.getByRole(AriaRole.DIALOG).locator(".sheet-foot"), "Close");
        page.keyboard().press("Control+k");
        look("/palette");
        screen.requireNothingComplainedOf();
    }

    private void look(String path) {
        screen.look("settings/themes/" + path.substring(1).replaceAll("[^a-z0-9]+", "-"));
    }

    private Locator selected() {
        return page.locator(".palette [role=option][aria-selected=true]");
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
}
