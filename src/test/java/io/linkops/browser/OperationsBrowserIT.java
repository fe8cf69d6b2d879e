package io.linkops.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.AriaRole;
import io.linkops.world.ApiClient;
import io.linkops.world.Chromium;
import io.linkops.world.LinkOpsProcess;
import io.linkops.world.World;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A person who runs scripts, at a real browser before a real LinkOps and a real sshd: a canary that stops at its limit,
 * retries, groups, schedules, a flood of output, hostile text. By mouse, and the main path by keyboard.
 */
class OperationsBrowserIT {
    private static final Path AXE = Path.of("src/main/frontend/node_modules/axe-core/axe.min.js");
    private static final double PATIENCE_MILLIS = 60_000;
    private static final String EVIL = "<img src=x onerror=alert(1)> \u202Eevil\u202C <b class=evil>bold</b>";
    private static final int FLOOD = 100_000;

    private static World world;
    private static LinkOpsProcess linkops;
    private static ApiClient api;
    private static Playwright playwright;
    private static Browser browser;
    private static String base;

    private final List<String> complaints = new ArrayList<>();
    private Page page;

    @BeforeAll
    static void start() throws Exception {
        Chromium.require();
        var directory = World.newDirectory();
        world = World.with(directory, 20)
                .script(
                        "shaky",
                        "#!/bin/bash",
                        "echo \"asked for $*\"",
                        "if [ -e '" + directory + "/links/'$LINKOPS_LINK/broken ]; then echo broken >&2; exit 3; fi",
                        "echo done")
                .fields(
                        "shaky",
                        "parameters:",
                        "  level: {type: int, min: 1, max: 9, required: true, description: How deep it looks}",
                        "  mode: {type: enum, values: [quick, thorough], default: quick}",
                        "  label: {type: text, pattern: '[a-z]+', description: A word for the report}",
                        "  loud: {type: bool, description: Says more}",
                        "tags: [check]")
                .script("linger", "#!/bin/bash", "trap '' TERM", "echo waiting", "sleep 300 & wait; sleep 300")
                .script(
                        "flood",
                        "#!/bin/bash",
                        "printf '\\rone\\rtwo\\rprogress done\\n'",
                        "for i in 0 1 2 3 4 5 6 7 8 9; do",
                        "  seq -f $'line %.0f \\033[32mok\\033[0m' $((i * 10000 + 1)) $((i * 10000 + 10000)); sleep"
                                + " 0.3",
                        "done")
                .script(
                        "evil",
                        "#!/bin/bash",
                        "printf '%s\\n' '" + EVIL.replace("'", "") + "'",
                        "printf '\\033]0;title\\007\\033[2J\\033[31mred\\033[0m"
                                + " \\033]8;;http://x\\007link\\033]8;;\\007\\n"
                                + "'",
                        "printf 'x%.0s' $(seq 5000); echo",
                        "printf '<script>alert(2)</script>\\n' >&2; exit 7")
                .named("evil", EVIL)
                .commit();
        linkops = world.serve();
        api = linkops.login();
        base = "http://127.0.0.1:" + linkops.awaitPort();
        World.enroll(api);
        playwright = Chromium.playwright();
        browser = Chromium.launch(playwright);
    }

    @AfterAll
    static void stop() throws Exception {
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

    @BeforeEach
    void logIn() {
        page = browser.newPage(new Browser.NewPageOptions().setViewportSize(1440, 900));
        page.setDefaultTimeout(PATIENCE_MILLIS);
        page.onConsoleMessage(message -> {
            if (message.type().equals("error") || message.type().equals("warning")) {
                complaints.add(message.text());
            }
        });
        page.onPageError(complaints::add);
        page.onDialog(dialog -> complaints.add("dialog: " + dialog.message()));
        page.navigate(base + "/operations");
        page.getByLabel("User name").fill("admin");
        page.getByLabel("Password").fill(LinkOpsProcess.PASSWORD);
        button("Log in").click();
        assertThat(page.locator("#page")).isVisible();
        // The browser itself remarks on the answer to "who am I?" before there is anybody.
        complaints.removeIf(text -> text.endsWith("401 (Unauthorized)"));
    }

    @AfterEach
    void complainNot() {
        if (page != null) {
            page.close();
        }
        Assertions.assertThat(complaints).isEmpty();
    }

    @Test
    void aCanaryStopsAtItsLimitAndWhatFailedIsRetried() throws Exception {
        var broken = Files.createFile(world.home("link-005").resolve("broken"));
        button("New run").first().click();
        choose("shaky");
        assertThat(dialog()).containsText("shaky, level: It needs a value.");
        page.getByLabel("level").fill("12");
        assertThat(dialog()).containsText("It must be 1 to 9.");
        page.getByLabel("level").fill("3");
        page.getByLabel("label").fill("UPPER");
        assertThat(dialog()).containsText("It must match [a-z]+");
        page.getByLabel("label").fill("weekly");
        page.getByLabel("mode").selectOption("thorough");
        page.getByLabel("loud").check();
        page.getByLabel("Add targets").fill("tag:test");
        page.getByLabel("Add targets").press("Enter");
        assertThat(dialog()).containsText("20 links");
        page.getByLabel("In batches, with a canary or a failure limit").check();
        page.getByLabel("Canary", new Page.GetByLabelOptions().setExact(true)).fill("2");
        page.getByLabel("Batch size", new Page.GetByLabelOptions().setExact(true))
                .fill("6");
        page.getByLabel("Stop when more failed than").fill("0");
        assertThat(dialog()).containsText("in 4 batches (2, 6, 6, 6)");
        assertThat(dialog()).containsText("a dry run found nothing against it");
        assertThat(dialog()).containsText("shaky --level=3 --mode=thorough --label=weekly --loud");
        shoot("operations/new-run");
        page.locator(".review summary").click();
        page.locator(".review-targets summary").click();
        assertThat(page.locator(".review-source")).containsText("asked for");
        assertThat(page.locator(".review-targets li")).hasCount(20);
        page.locator(".review-targets").scrollIntoViewIfNeeded();
        shoot("operations/new-run-review");
        button("Run on 20 links").click();

        assertThat(page.locator(".on-hold")).containsText("The canary (2 links) is done", patience());
        assertThat(page.locator("#page h1 + .status")).containsText("Paused");
        shoot("operations/canary");
        button("Resume").click();
        assertThat(page.locator("#page h1 + .status")).containsText("Partly failed", patience());
        assertThat(page.locator("#page")).containsText("more than the limit of 0");
        assertThat(page.locator(".batches")).containsText("not started");
        shoot("operations/stopped-at-limit");

        // The same outputs, the grid, the link to one target.
        var targets = page.getByRole(AriaRole.REGION, new Page.GetByRoleOptions().setName("Targets"));
        button("Same output").click();
        assertThat(targets).containsText("7 the same, 1 variant; 12 not started");
        shoot("operations/groups");
        targets.getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName(Pattern.compile("exit 3")))
                .click();
        assertThat(page.locator(".target-strip")).containsText("link-005");
        assertThat(page).hasURL(Pattern.compile("target=link-005"));
        assertThat(page.locator(".log")).containsText("broken");
        button("Grid").click();
        page.getByRole(AriaRole.LISTBOX).focus();
        page.keyboard().press("End");
        page.keyboard().press("Enter");
        assertThat(page).hasURL(Pattern.compile("target=link-020"));
        page.reload();
        assertThat(page.locator(".target-strip")).containsText("link-020");
        shoot("operations/grid");
        button("List").click();

        Files.delete(broken);
        button("Retry…").first().click();
        page.getByRole(AriaRole.DIALOG).getByLabel("Not started").uncheck();
        assertThat(dialog()).containsText("1 execution on 1 link");
        shoot("operations/retry");
        button("Retry on 1 link").click();
        assertThat(page.locator(".meta")).containsText("retry of");
        assertThat(page.locator("#page h1 + .status")).containsText("Succeeded", patience());
        assertThat(page.locator(".log")).containsText("asked for --level=3 --mode=thorough --label=weekly --loud");
    }

    @Test
    void thePathToAnOutputByKeyboardAndTheLogsKeys() throws Exception {
        page.locator("h1").focus();
        page.keyboard().press("r");
        assertThat(page.getByRole(AriaRole.SEARCHBOX, new Page.GetByRoleOptions().setName("Find a script to add")))
                .isFocused();
        page.keyboard().type("shaky");
        page.keyboard().press("Enter");
        assertThat(page.getByLabel("level")).isFocused();
        page.keyboard().type("4");
        tabTo("Add targets");
        page.keyboard().type("link-00*");
        page.keyboard().press("Enter");
        tabTo("Run on 9 links");
        shoot("operations/focus");
        page.keyboard().press("Enter");
        assertThat(page.locator("#page h1 + .status")).containsText("Succeeded", patience());
        page.locator("h1").focus();
        page.keyboard().press("w");
        assertThat(button("Wrap")).hasAttribute("aria-pressed", "true");
        page.keyboard().press("Control+f");
        page.keyboard().type("asked");
        assertThat(page.locator(".found")).containsText("1 of 9");
        page.keyboard().press("Enter");
        assertThat(page.locator(".found")).containsText("2 of 9");
        page.keyboard().press("Escape");
        page.keyboard().press("Control+f");
        page.keyboard().type("done");
        assertThat(page.locator(".found")).containsText("1 of 9");
        page.locator(".log").focus();
        page.keyboard().press("n");
        assertThat(page.locator(".found")).containsText("2 of 9");
        page.keyboard().press("N");
        page.keyboard().press("N");
        assertThat(page.locator(".found")).containsText("9 of 9");
        page.keyboard().press("l");
        assertThat(page).hasURL(Pattern.compile("line=\\d+"));
        page.getByRole(AriaRole.GRID).focus();
        page.keyboard().press("ArrowDown");
        page.keyboard().press("Enter");
        assertThat(page).hasURL(Pattern.compile("target=link-002"));

        // A stop, after a pause and going on.
        var lingering = World.run(api, 2, List.of("linger"), "link-001", "link-002", "link-003");
        page.navigate(base + "/operations/" + lingering);
        assertThat(page.locator(".log")).containsText("waiting", patience());
        assertThat(page.getByRole(AriaRole.BANNER).getByLabel("Runs: 1 running"))
                .isVisible();
        button("Pause").click();
        assertThat(page.locator(".on-hold")).containsText("Paused by admin");
        button("Resume").click();
        assertThat(page.locator(".on-hold")).hasCount(0);
        button("Runs: 1 running").click();
        assertThat(page.getByRole(AriaRole.REGION, new Page.GetByRoleOptions().setName("Runs")))
                .containsText("linger");
        shoot("operations/tray");
        page.keyboard().press("Escape");
        button("Stop…").click();
        button("Stop it").click();
        assertThat(page.locator("#page h1 + .status")).containsText("Stopped", patience());
    }

    @Test
    void aScheduleIsMadeWithAPreviewAndRunNow() throws Exception {
        button("Scheduled").click();
        assertThat(page.locator("#page")).containsText("Nothing is scheduled");
        shoot("operations/schedules-empty");
        button("New schedule").first().click();
        page.getByLabel("Name").fill("nightly-look");
        page.getByLabel("Time (cron)").fill("61 * * * *");
        assertThat(page.locator(".preview .wrong-note")).isVisible();
        page.getByLabel("Time (cron)").fill("30 4 * * 1-5");
        page.getByLabel("Time zone").fill("Europe/Berlin");
        assertThat(page.locator(".next-times li")).hasCount(5);
        assertThat(page.locator(".next-times")).containsText("04:30");
        choose("flood");
        page.getByLabel("Add targets").fill("link-001");
        page.getByLabel("Add targets").press("Enter");
        shoot("operations/new-schedule");
        button("Make the schedule").click();
        var detail = page.getByRole(AriaRole.COMPLEMENTARY);
        assertThat(detail).containsText("made here by admin");
        button("Switch off").click();
        assertThat(detail).containsText("Off by admin");
        button("Switch on").click();
        assertThat(detail.locator(".next-times li")).hasCount(5);
        shoot("operations/schedule");
        button("Run now").click();
        assertThat(page.locator("#page h1")).containsText("flood");

        // Its output, looked through while it is written.
        page.getByRole(AriaRole.SEARCHBOX, new Page.GetByRoleOptions().setName("Search output"))
                .fill("line 77");
        assertThat(page.locator(".found")).containsText(Pattern.compile("1 of 1"), patience());
        assertThat(page.locator("#page h1 + .status")).containsText("Succeeded", patience());
        assertThat(page.locator(".found")).containsText("1 of 1,111", patience());
        page.getByRole(AriaRole.SEARCHBOX, new Page.GetByRoleOptions().setName("Search output"))
                .fill("");
        page.locator(".log").focus();
        page.keyboard().press("f");
        assertThat(page.locator(".log")).containsText("line " + FLOOD + " ok");
        page.navigate(page.url().split("\\?", 2)[0] + "?line=1");
        assertThat(page.locator(".log .line.hit")).containsText("progress done");
        assertThat(page.locator(".log .line.hit")).not().containsText("two");

        page.navigate(base + "/operations?view=scheduled&schedule=nightly-look");
        assertThat(detail).containsText("nightly-look");
        button("Delete…").click();
        button("Delete it").click();
        assertThat(page.locator("#page")).containsText("Nothing is scheduled");
    }

    @Test
    void hostileTextStaysTextAndTheHistoryIsFiltered() throws Exception {
        var hostile = World.run(api, 5, List.of("evil"), "link-001", "link-002");
        World.await(api, hostile);
        page.navigate(base + "/operations/" + hostile);
        assertThat(page.locator(".log")).containsText("<b class=evil>bold</b>", patience());
        assertThat(page.locator(".log")).containsText("<script>alert(2)</script>");
        assertThat(page.locator(".log")).containsText("red link");
        shoot("operations/hostile");
        page.keyboard().press("w");
        requireNoSidewaysScrolling("hostile");
        page.navigate(base + "/scripts/evil");
        assertThat(page.getByRole(AriaRole.COMPLEMENTARY)).containsText("<img src=x onerror=alert(1)>");
        assertThat(page.locator(".recent-runs")).containsText("2 links");
        Assertions.assertThat(page.evaluate("document.querySelectorAll('#page img, b.evil, #page script').length"))
                .isEqualTo(0);

        page.navigate(base + "/operations");
        page.getByLabel("Outcome").selectOption("failed");
        page.getByLabel("Script", new Page.GetByLabelOptions().setExact(true)).fill("evil");
        assertThat(page.locator(".grid-row")).hasCount(1);
        assertThat(page).hasURL(Pattern.compile("script=evil"));
        page.getByLabel("Target", new Page.GetByLabelOptions().setExact(true)).fill("link-019");
        assertThat(page.locator("#page")).containsText("No operation matches the filter");
        button("Clear").first().click();
        assertThat(page.locator(".grid-row").first()).isVisible();
        page.getByRole(AriaRole.COLUMNHEADER, new Page.GetByRoleOptions().setName("Took"))
                .getByRole(AriaRole.BUTTON)
                .click();
        assertThat(page).hasURL(Pattern.compile("sort=duration_ms"));
        assertThat(page.locator(".grid-row").first()).isVisible();
        page.getByLabel("Kind").selectOption("verify");
        assertThat(page.locator(".grid-row")).hasCount(1);
        shoot("operations/history");
        whoIsNotEnrolledIsLeftOut();
    }

    private void whoIsNotEnrolledIsLeftOut() throws Exception {
        var identity = world.clientIdFile("link-020");
        Files.writeString(identity, "LINKOPS-of-another");
        api.post("/api/links/link-020/verify");
        try {
            button("New run").first().click();
            choose("linger");
            page.getByLabel("Add targets").fill("link-019,link-02*");
            page.getByLabel("Add targets").press("Enter");
            assertThat(dialog().locator(".unfit")).containsText("1 link would refuse it");
            assertThat(dialog().locator(".unfit")).containsText("link-020");
            shoot("operations/not-enrolled");
            button("Leave it out").click();
            assertThat(dialog().locator(".unfit")).hasCount(0);
            assertThat(button("Run on 1 link")).not().hasAttribute("aria-disabled", "true");
            page.keyboard().press("Escape");
        } finally {
            Files.writeString(identity, world.clientId("link-020") + "\n");
            api.post("/api/links/link-020/verify");
        }
    }

    /** The record and the events are made up here; the server's part of it is measured elsewhere. */
    @Test
    void tenThousandTargetsAndThreeHundredThousandLinesAreDrawnInAFewElements() {
        var big = big();
        page.route(
                "**/api/operations/big",
                route -> route.fulfill(new Route.FulfillOptions()
                        .setContentType("application/json")
                        .setBody(big.encode())));
        page.route(
                "**/api/operations/big/events",
                route -> route.fulfill(new Route.FulfillOptions()
                        .setContentType("text/event-stream")
                        .setBody(output(big))));
        page.navigate(base + "/operations/big?view=grid");
        assertThat(page.locator("#page h1 + .status")).containsText("Partly failed", patience());
        page.locator(".log").focus();
        page.keyboard().press("f");
        assertThat(page.locator(".log")).containsText("line 300000", patience());
        System.out.println("grid, ms between frames while scrolled: " + frames(".target-grid-box"));
        System.out.println("log, ms between frames while scrolled: " + frames(".log"));
        page.getByRole(AriaRole.LISTBOX).focus();
        page.keyboard().press("End");
        page.keyboard().press("Enter");
        assertThat(page).hasURL(Pattern.compile("target=link-10000"));
        assertThat(page.locator(".log")).containsText("line 300000");
        button("List").click();
        assertThat(page.locator(".grid-row").first()).containsText("link-00100");
        System.out.println("list, ms between frames while scrolled: " + frames(".grid"));
        Assertions.assertThat(((Number) page.evaluate("document.querySelectorAll('*').length")).intValue())
                .isLessThan(2_000);
        shoot("operations/big");
    }

    private String frames(String scrolled) {
        return String.valueOf(page.evaluate("""
            async selector => {
              const box = document.querySelector(selector), gaps = [];
              let last = performance.now();
              for (let i = 0; i < 120; i++) {
                box.scrollTop = (i / 120) * box.scrollHeight;
                await new Promise(requestAnimationFrame);
                gaps.push(performance.now() - last);
                last = performance.now();
              }
              gaps.sort((a, b) => a - b);
              return 'p50 ' + gaps[60].toFixed(1) + ', p95 ' + gaps[114].toFixed(1) + ', max ' + gaps[119].toFixed(1);
            }\
            """, scrolled));
    }

    private static JsonObject big() {
        var executions = new JsonArray();
        for (int i = 0; i < 10_000; i++) {
            boolean isBad = (i + 1) % 100 == 0;
            executions.add(new JsonObject()
                    .put("id", "big-" + i)
                    .put("index", i)
                    .put("target", "link-%05d".formatted(i + 1))
                    .put("script", "shaky")
                    .put("arguments", new JsonArray())
                    .put("status", isBad ? "failed" : "success")
                    .put("exit_code", isBad ? 1 : 0)
                    .put("duration_ms", 1000)
                    .put("output_bytes", 100)
                    .put("is_truncated", false));
        }
        var at = "2030-01-31T12:00:00Z";
        return new JsonObject()
                .put("id", "big")
                .put("kind", "script")
                .put("status", "partial")
                .put("scripts", new JsonArray().add("shaky"))
                .put("selectors", new JsonArray().add("*"))
                .put("targets", 10_000)
                .put("concurrency", 100)
                .put("started_by", "admin")
                .put("queued_at", at)
                .put("started_at", at)
                .put("ended_at", at)
                .put("duration_ms", 60_000)
                .put("counts", new JsonObject().put("success", 9_900).put("failed", 100))
                .put("retries", new JsonArray())
                .put("inputs", new JsonArray())
                .put("executions", executions);
    }

    private static String output(JsonObject big) {
        var text = new StringBuilder();
        int line = 0;
        for (int i = 0; i < 10_000; i++) {
            var lines = new StringBuilder();
            for (int k = 0; k < 30; k++) {
                lines.append("\u001b[32mline ").append(++line).append("\u001b[0m of the flood\n");
            }
            text.append("id: ")
                    .append(i + 1)
                    .append("\nevent: execution.output\ndata: ")
                    .append(new JsonObject()
                            .put("execution", "big-" + i)
                            .put("target", "link-%05d".formatted(i + 1))
                            .put("stream", "stdout")
                            .put("data", lines.toString())
                            .encode())
                    .append("\n\n");
        }
        return text.append("id: 10001\nevent: operation.finished\ndata: ")
                .append(new JsonObject()
                        .put("operation", "big")
                        .put("status", "partial")
                        .put("counts", big.getJsonObject("counts"))
                        .put("at", big.getString("ended_at"))
                        .encode())
                .append("\n\n")
                .toString();
    }

    @Test
    void looksRightAndIsAccessibleInEveryTheme() throws Exception {
        var broken = Files.createFile(world.home("link-012").resolve("broken"));
        var some = World.run(
                api,
                new JsonObject()
                        .put("scripts", new JsonArray().add("shaky"))
                        .put("targets", new JsonArray().add("*"))
                        .put("parameters", new JsonObject().put("shaky", new JsonObject().put("level", 2)))
                        .put("batch", new JsonObject().put("canary", 2).put("size", 9)));
        World.await(api, some);
        Files.delete(broken);
        var lingering = World.run(api, 2, List.of("linger"), "link-001", "link-002", "link-003");
        api.put(
                "/api/schedules/weekly",
                new JsonObject()
                        .put("cron", "0 3 * * 0")
                        .put("scripts", new JsonArray().add("linger"))
                        .put("targets", new JsonArray().add("tag:web")));
        var pages = Map.of(
                "run",
                "/operations/" + some,
                "run-grid",
                "/operations/" + some + "?view=grid&target=link-012",
                "run-groups",
                "/operations/" + some + "?view=groups",
                "run-live",
                "/operations/" + lingering,
                "retry-sheet",
                "/operations/" + some + "?ask=retry",
                "history",
                "/operations",
                "active",
                "/operations?view=active",
                "schedules",
                "/operations?view=scheduled&schedule=weekly",
                "schedule-sheet",
                "/operations?view=scheduled&edit=new&start=linger",
                "script",
                "/scripts/shaky");
        try {
            for (var at : pages.entrySet()) {
                page.setViewportSize(1440, 900);
                page.navigate(base + at.getValue());
                assertThat(page.locator("#page h1").first()).isVisible();
                look(at.getKey());
            }
            page.setViewportSize(1440, 900);
            page.navigate(base + "/operations");
            button("New run").first().click();
            choose("shaky");
            page.getByLabel("Add targets").fill("tag:web");
            page.getByLabel("Add targets").press("Enter");
            page.getByLabel("In batches, with a canary or a failure limit").check();
            look("new-run");
        } finally {
            api.post("/api/operations/" + lingering + "/stop");
            api.delete("/api/schedules/weekly");
        }
    }

    /** Pictures of what is there, wide and narrow; all of axe's rules in one theme, those of colour in each. */
    private void look(String name) throws Exception {
        assertThat(page.locator(".skeleton")).hasCount(0);
        for (var theme : List.of("charcoal", "blue", "light", "gray")) {
            page.evaluate("theme => { document.documentElement.dataset.theme = theme; }", theme);
            drawn();
            requireAccessible(name + " in " + theme, "{type: 'rule', values: ['color-contrast']}");
            if (theme.equals("light") || theme.equals("gray")) {
                shoot("operations/" + name + "-" + theme + "-1440");
            }
        }
        for (int width : List.of(1440, 390)) {
            page.setViewportSize(width, width == 390 ? 844 : 900);
            drawn();
            requireNoSidewaysScrolling(name + " at " + width);
            requireAccessible(name + " at " + width, "['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']");
        }
        shoot("operations/" + name + "-gray-390");
    }

    private void drawn() {
        page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))");
        page.evaluate("() => Promise.all(document.getAnimations().map(each => each.finished)).catch(() => {})");
    }

    private void requireNoSidewaysScrolling(String where) {
        Assertions.assertThat(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))
                .as("no sideways scrolling: " + where)
                .isEqualTo(true);
    }

    private void requireAccessible(String where, String rules) throws Exception {
        if (!Boolean.TRUE.equals(page.evaluate("typeof axe === 'object'"))) {
            page.evaluate(Files.readString(AXE) + "; undefined");
        }
        var found = page.evaluate(
                "async () => (await axe.run(document, {runOnly: " + rules + "})).violations.map(v => v.id + ': ' +"
                        + " v.nodes.slice(0, 3).map(n =>"
                        + " n.target.join(' ') + ' ' +"
                        + " n.failureSummary).join(' | '))");
        Assertions.assertThat((List<?>) found).as("axe: " + where).isEmpty();
    }

    private void tabTo(String name) {
        for (int i = 0; i < 60; i++) {
            page.keyboard().press("Tab");
            var there = page.evaluate("() => { const e = document.activeElement; return e.getAttribute('aria-label') ??"
                    + " e.labels?.[0]?.textContent ?? e.textContent; }");
            if (String.valueOf(there).startsWith(name)) {
                return;
            }
        }
        throw new AssertionError("the Tab key does not reach " + name);
    }

    private Locator button(String name) {
        return page.getByRole(
                AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    private Locator dialog() {
        return page.getByRole(AriaRole.DIALOG);
    }

    private void choose(String script) {
        page.getByRole(AriaRole.SEARCHBOX, new Page.GetByRoleOptions().setName("Find a script to add"))
                .fill(script);
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Add " + script))
                .first()
                .click();
    }

    private static LocatorAssertions.ContainsTextOptions patience() {
        return new LocatorAssertions.ContainsTextOptions().setTimeout(PATIENCE_MILLIS);
    }

    private void shoot(String name) {
        page.screenshot(new Page.ScreenshotOptions().setPath(Path.of("target/screenshots/" + name + ".png")));
    }
}
