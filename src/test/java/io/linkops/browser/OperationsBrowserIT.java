package io.linkops.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.AriaRole;
import io.linkops.world.ApiClient;
import io.linkops.world.Chromium;
import io.linkops.world.LinkOpsProcess;
import io.linkops.world.World;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.nio.file.Files;
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
    private static final String EVIL = "<img src=x onerror=alert(1)> \u202Eevil\u202C <b class=evil>bold</b>";
    private static final int FLOOD = 100_000;

    private static World world;
    private static LinkOpsProcess linkops;
    private static ApiClient api;
    private static Screen first;

    private Screen screen;
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
        World.enroll(api);
        first = Screen.launch(linkops);
    }

    @AfterAll
    static void stop() throws Exception {
        if (first != null) {
            first.close();
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
        screen = first.another();
        page = screen.page();
        page.navigate(screen.at("/operations"));
        screen.logIn();
    }

    @AfterEach
    void complainNot() throws Exception {
        try (var closing = screen) {
            closing.requireNothingComplainedOf();
        }
    }

    @Test
    void aCanaryStopsAtItsLimitAndWhatFailedIsRetried() throws Exception {
        var broken = Files.createFile(world.home("link-005").resolve("broken"));
        button("New run").first().click();
        screen.glance("operations/new-run-empty");
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
        screen.glance("operations/new-run");
        page.locator(".review summary").click();
        page.locator(".review-targets summary").click();
        assertThat(page.locator(".review-source")).containsText("asked for");
        assertThat(page.locator(".review-targets li")).hasCount(20);
        page.locator(".review-targets").scrollIntoViewIfNeeded();
        screen.glance("operations/new-run-review");
        button("Run on 20 links").click();

        assertThat(page.locator(".on-hold")).containsText("The canary (2 links) is done");
        assertThat(page.locator("#page h1 + .status")).containsText("Paused");
        screen.glance("operations/canary");
        button("Resume").click();
        assertThat(page.locator("#page h1 + .status")).containsText("Partly failed");
        assertThat(page.locator("#page")).containsText("more than the limit of 0");
        assertThat(page.locator(".batches")).containsText("not started");
        screen.glance("operations/stopped-at-limit");

        // The same outputs, the grid, the link to one target.
        var targets = page.getByRole(AriaRole.REGION, new Page.GetByRoleOptions().setName("Targets"));
        button("Same output").click();
        // How many were under way in the batch when its first one failed is no matter of the page.
        var counts = api.get("/api" + URI.create(page.url()).getPath()).json().getJsonObject("counts");
        assertThat(targets)
                .containsText("%d the same, 1 variant; %d not started"
                        .formatted(counts.getInteger("success"), counts.getInteger("skipped")));
        screen.glance("operations/groups");
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
        screen.glance("operations/grid");
        button("List").click();

        Files.delete(broken);
        button("Retry…").first().click();
        page.getByRole(AriaRole.DIALOG).getByLabel("Not started").uncheck();
        assertThat(dialog()).containsText("1 execution on 1 link");
        screen.glance("operations/retry");
        button("Retry on 1 link").click();
        assertThat(page.locator(".meta")).containsText("retry of");
        assertThat(page.locator("#page h1 + .status")).containsText("Succeeded");
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
        screen.shoot("operations/focus");
        page.keyboard().press("Enter");
        assertThat(page.locator("#page h1 + .status")).containsText("Succeeded");
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
        screen.go("/operations/" + lingering);
        assertThat(page.locator(".log")).containsText("waiting");
        assertThat(page.getByRole(AriaRole.BANNER).getByLabel("Runs: 1 running"))
                .isVisible();
        button("Pause").click();
        assertThat(page.locator(".on-hold")).containsText("Paused by admin");
        button("Resume").click();
        assertThat(page.locator(".on-hold")).hasCount(0);
        button("Runs: 1 running").click();
        assertThat(page.getByRole(AriaRole.REGION, new Page.GetByRoleOptions().setName("Runs")))
                .containsText("linger");
        screen.glance("operations/tray");
        page.keyboard().press("Escape");
        button("Stop…").click();
        screen.glance("operations/stop");
        button("Stop it").click();
        assertThat(page.locator("#page h1 + .status")).containsText("Stopped");
    }

    @Test
    void aScheduleIsMadeWithAPreviewAndRunNow() throws Exception {
        button("Scheduled").click();
        assertThat(page.locator("#page")).containsText("Nothing is scheduled");
        screen.glance("operations/schedules-empty");
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
        screen.glance("operations/new-schedule");
        button("Make the schedule").click();
        var detail = page.getByRole(AriaRole.COMPLEMENTARY);
        assertThat(detail).containsText("made here by admin");
        button("Switch off").click();
        assertThat(detail).containsText("Off by admin");
        button("Switch on").click();
        assertThat(detail.locator(".next-times li")).hasCount(5);
        screen.shoot("operations/schedule");
        button("Run now").click();
        assertThat(page.locator("#page h1")).containsText("flood");

        // Its output, looked through while it is written.
        page.getByRole(AriaRole.SEARCHBOX, new Page.GetByRoleOptions().setName("Search output"))
                .fill("line 77");
        assertThat(page.locator(".found")).containsText(Pattern.compile("1 of 1"));
        assertThat(page.locator("#page h1 + .status")).containsText("Succeeded");
        assertThat(page.locator(".found")).containsText("1 of 1,111");
        page.getByRole(AriaRole.SEARCHBOX, new Page.GetByRoleOptions().setName("Search output"))
                .fill("");
        page.locator(".log").focus();
        page.keyboard().press("f");
        assertThat(page.locator(".log")).containsText("line " + FLOOD + " ok");
        page.navigate(page.url().split("\\?", 2)[0] + "?line=1");
        assertThat(page.locator(".log .line.hit")).containsText("progress done");
        assertThat(page.locator(".log .line.hit")).not().containsText("two");

        screen.go("/operations?view=scheduled&schedule=nightly-look");
        assertThat(detail).containsText("nightly-look");
        button("Delete…").click();
        screen.glance("operations/delete-schedule");
        button("Delete it").click();
        assertThat(page.locator("#page")).containsText("Nothing is scheduled");
    }

    @Test
    void hostileTextStaysTextAndTheHistoryIsFiltered() throws Exception {
        var hostile = World.run(api, 5, List.of("evil"), "link-001", "link-002");
        World.await(api, hostile);
        screen.go("/operations/" + hostile);
        assertThat(page.locator(".log")).containsText("<b class=evil>bold</b>");
        assertThat(page.locator(".log")).containsText("<script>alert(2)</script>");
        assertThat(page.locator(".log")).containsText("red link");
        screen.shoot("operations/hostile");
        page.keyboard().press("w");
        screen.requireNoSidewaysScrolling("hostile");
        screen.go("/scripts/evil");
        assertThat(page.getByRole(AriaRole.COMPLEMENTARY)).containsText("<img src=x onerror=alert(1)>");
        assertThat(page.locator(".recent-runs")).containsText("2 links");
        Assertions.assertThat(page.evaluate("document.querySelectorAll('#page img, b.evil, #page script').length"))
                .isEqualTo(0);

        screen.go("/operations");
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
        screen.glance("operations/history");
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
            screen.glance("operations/not-enrolled");
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
                "**/api/operations/big/events?fleet=true",
                route -> route.fulfill(new Route.FulfillOptions()
                        .setContentType("text/event-stream")
                        .setBody(output(big))));
        // The fleet's news go on behind the end of the operation: a stream on which nothing comes.
        page.route("**/api/operations/big/events?fleet=true&after=*", route -> {});
        screen.go("/operations/big?view=grid");
        assertThat(page.locator("#page h1 + .status")).containsText("Partly failed");
        page.locator(".log").focus();
        page.keyboard().press("f");
        assertThat(page.locator(".log")).containsText("line 300000");
        System.out.println("grid, ms between frames while scrolled: " + frames(".target-grid-box"));
        System.out.println("log, ms between frames while scrolled: " + frames(".log"));
        page.getByRole(AriaRole.LISTBOX).focus();
        page.keyboard().press("End");
        page.keyboard().press("Enter");
        assertThat(page).hasURL(Pattern.compile("target=link-10000"));
        assertThat(page.locator(".log")).containsText("line 300000");
        button("List").click();
        // The chosen target was scrolled to.
        page.getByRole(AriaRole.GRID).focus();
        page.keyboard().press("Home");
        assertThat(page.locator(".grid-row").first()).containsText("link-00100");
        System.out.println("list, ms between frames while scrolled: " + frames(".grid"));
        Assertions.assertThat(((Number) page.evaluate("document.querySelectorAll('*').length")).intValue())
                .isLessThan(2_000);
        screen.shoot("operations/big");
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
                screen.go(at.getValue());
                screen.look("operations/" + at.getKey());
            }
            screen.go("/operations");
            button("New run").first().click();
            choose("shaky");
            page.getByLabel("Add targets").fill("tag:web");
            page.getByLabel("Add targets").press("Enter");
            page.getByLabel("In batches, with a canary or a failure limit").check();
            screen.look("operations/new-run");
        } finally {
            api.post("/api/operations/" + lingering + "/stop");
            api.delete("/api/schedules/weekly");
        }
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
}
