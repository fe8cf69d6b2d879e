package io.linkops.bench;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import io.linkops.world.ApiClient;
import io.linkops.world.Chromium;
import io.linkops.world.LinkOpsProcess;
import io.linkops.world.World;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;

/**
 * Measures the pages with much on them in a real browser before a real LinkOps: ten thousand links, a log of 300,000
 * lines, a run that writes 2,000 lines a second, ten thousand targets. Prints each figure beside its goal, and first
 * what an empty page comes to on the same machine.
 */
final class BrowserBenchmark {
    private static final int LINKS = Integer.getInteger("benchmark.browser.links", 10_000);
    private static final int LINES = Integer.getInteger("benchmark.browser.lines", 300_000);
    private static final int REAL = 4;
    private static final int RATE = 2_000;
    private static final int LIVE_SECONDS = 40;
    private static final int FOLLOWED_MILLIS = 15_000;
    private static final int WARM_LOADS = 5;
    private static final int SCROLL_FRAMES = 600;
    /** Pixels: three rows. */
    private static final int WHEEL = 102;

    private static final int LOG_LINE = 18;
    private static final double PATIENCE_MILLIS = 300_000;

    private final ApiClient api;
    private final Page page;
    private final PageProbe probe;

    private BrowserBenchmark(ApiClient api, Page page) {
        this.api = api;
        this.page = page;
        this.probe = new PageProbe(page);
    }

    public static void main(String[] arguments) throws Exception {
        try (var world = World.with(World.newDirectory(), REAL)) {
            world.script(
                            "flood",
                            "#!/bin/bash",
                            "seq -f $'\\033[32mok\\033[0m line %.0f of the \\033[1;34mflood\\033[0m, which says"
                                    + " nothing' 1 " + (LINES - 1),
                            "echo needle")
                    .script(
                            "live",
                            "#!/bin/bash",
                            "end=$((SECONDS + " + LIVE_SECONDS + ")) n=0 next=${EPOCHREALTIME/[.,]/}",
                            "while ((SECONDS < end)); do",
                            "  now=${EPOCHREALTIME/[.,]/}",
                            "  for i in {1.." + RATE / 20 + "}; do printf '\\033[32m%s\\033[0m line %d\\n' \"at=$now\""
                                    + " $((n++)); done",
                            "  next=$((next + 50000)) rest=$((next - ${EPOCHREALTIME/[.,]/}))",
                            "  ((rest <= 0)) || sleep \"$(printf '0.%06d' \"$rest\")\"",
                            "done")
                    .commit(world.linksYaml() + more());
            try (var linkops = world.serve(
                            Map.of(
                                    "git.max_file_bytes", 100_000_000,
                                    "operations.output_limit", 200_000_000,
                                    "ssh.max_retries", 0),
                            List.of("-Xmx1g"));
                    var playwright = Chromium.playwright();
                    var browser = Chromium.launch(playwright)) {
                var api = linkops.login();
                api.post("/api/git/sync");
                World.await(api, World.verify(api, world.ids().toArray(String[]::new)));
                var page = logIn(browser, "http://127.0.0.1:" + linkops.awaitPort());
                System.out.println(ProcFs.machine() + "; Chromium " + browser.version()
                        + " without a GPU; load average " + ProcFs.loadAverage());
                System.out.println();
                System.out.println("| what | measured | goal |\n|---|---|---|");
                new BrowserBenchmark(api, page).run();
                System.out.println("\nload average at the end " + ProcFs.loadAverage());
            }
        }
        System.exit(0);
    }

    /** Links that nobody answers for, each different. */
    private static String more() {
        var random = new Random(5);
        var yaml = new StringBuilder();
        var roles = List.of("web", "db", "cache", "queue", "build", "mail", "log", "dns");
        var stages = List.of("prod", "staging", "dev");
        for (int i = REAL; i < LINKS; i++) {
            var role = roles.get(random.nextInt(roles.size()));
            yaml.append("""
                  %s-%05d:
                    type: %s
                    provider: %s
                    host: 127.3.%d.%d
                    port: 1
                    user: ops
                    tags: [%s, %s]
                    enrollment: {clientId: LINKOPS-%08d, path: /etc/linkops/client_id}
                    ssh: {hostKey: "SHA256:%043d"}
                """.formatted(
                            role,
                            i,
                            random.nextInt(5) == 0 ? "VPS" : "VM",
                            List.of("Hetzner", "Linode", "Proxmox").get(random.nextInt(3)),
                            i / 250,
                            i % 250 + 1,
                            role,
                            stages.get(random.nextInt(stages.size())),
                            i,
                            i));
        }
        return yaml.toString();
    }

    private static Page logIn(Browser browser, String base) {
        BrowserContext context = browser.newContext(
                new Browser.NewContextOptions().setViewportSize(1440, 900).setBaseURL(base));
        context.addInitScript(PageProbe.SCRIPT);
        context.setDefaultTimeout(PATIENCE_MILLIS);
        var page = context.newPage();
        page.navigate("/links");
        page.getByLabel("User name").fill("admin");
        page.getByLabel("Password").fill(LinkOpsProcess.PASSWORD);
        page.getByLabel("Password").press("Enter");
        page.locator(".grid-row").first().waitFor();
        return page;
    }

    private void run() throws Exception {
        floor();
        links();
        live();
        grid();
        log();
        follow();
    }

    private static void row(String what, String measured, String goal) {
        System.out.printf("| %s | %s | %s |%n", what, measured, goal);
    }

    private static String millis(double value) {
        return Report.number(value) + " ms";
    }

    private void floor() {
        page.navigate("/healthz");
        row("an empty page: frames", probe.frames("() => bench.idle(3000)").text(), "the floor");
    }

    private void links() {
        double[] paint = new double[WARM_LOADS];
        double[] rows = new double[WARM_LOADS];
        for (int i = 0; i < WARM_LOADS; i++) {
            page.navigate("/links");
            page.locator(".grid-row").first().waitFor();
            paint[i] = number("() => performance.getEntriesByName('first-contentful-paint')[0].startTime");
            rows[i] = number("() => bench.marks.rows");
        }
        var what = "%,d links".formatted(LINKS);
        row(what + ": first paint, warm", median(paint), "< 500 ms");
        row(what + ": first rows, warm", median(rows), "< 500 ms");
        row(what + ": the answer", text("""
            () => { const e = performance.getEntriesByType('resource').find(e => /\\/api\\/links$/.test(e.name));
              return `${Math.round(e.encodedBodySize / 1024)} KiB sent, ${Math.round(e.decodedBodySize / 1024)} KiB of JSON,`
                + ` there after ${Math.round(e.responseEnd)} ms, of which ${Math.round(e.responseStart - e.requestStart)} ms`
                + ` until its first byte`; }\
            """), "–");
        row(what + ": scrolled, 3 rows a frame", scroll(".grid", WHEEL), "60 a second");
        row(what + ": flung, %d rows a frame".formatted(LINKS / SCROLL_FRAMES), scroll(".grid"), "60 a second");
        row(what + ": filter, per key", work(keys("type:vm status:unknown web")), "< 50 ms of the main thread");
        page.getByLabel("Filter links").fill("");
        List<Runnable> orders = new ArrayList<>();
        for (var column : List.of("Status", "Name", "Type", "Address", "Latency", "Last seen")) {
            var head = page.getByRole(
                    AriaRole.COLUMNHEADER, new Page.GetByRoleOptions().setName(Pattern.compile("^" + column)));
            orders.add(() -> head.getByRole(AriaRole.BUTTON).click());
            orders.add(() -> head.getByRole(AriaRole.BUTTON).click());
        }
        row(what + ": sort", work(orders), "< 50 ms of the main thread");
        row(what + ": palette opens", work(List.of(() -> page.keyboard().press("Control+k"))), "–");
        row(what + ": palette, per key", work(keys("cache 00123")), "< 50 ms of the main thread");
        page.keyboard().press("Escape");
    }

    /** Every link is checked, for real; nobody answers, so that is quick. */
    private void live() throws Exception {
        page.navigate("/links");
        page.locator(".grid-row").first().waitFor();
        var checks = CompletableFuture.runAsync(() -> {
            try {
                api.post("/api/links/check", new JsonObject().put("targets", new JsonArray().add("*")));
            } catch (Exception e) {
                throw new IllegalStateException("the links could not be checked", e);
            }
        });
        page.waitForFunction("() => bench.told > 20");
        double told = number("() => bench.told");
        long begun = System.nanoTime();
        var scrolled = scroll(".grid");
        double seconds = (System.nanoTime() - begun) / 1e9;
        double rate = (number("() => bench.told") - told) / seconds;
        row("%.0f changes a second while scrolling".formatted(rate), scrolled, "60 a second");
        checks.join();
    }

    private void grid() throws Exception {
        var operation = World.verify(api, "*");
        page.navigate("/operations/" + operation + "?view=grid");
        page.locator(".target-grid canvas").waitFor();
        var frames = probe.frames("() => bench.idle(10000)");
        var ended = text("() => document.querySelector('.progress-row .num').textContent");
        row("%,d targets change, %s".formatted(LINKS, ended), frames.text(), "60 a second");
        World.await(api, operation);
    }

    private void log() throws Exception {
        var operation = World.run(api, 1, List.of("flood"), "link-001");
        World.await(api, operation);
        page.navigate("/operations/" + operation);
        var first = page.waitForFunction("() => document.querySelector('.log .line') && performance.now()");
        var all = page.waitForFunction(
                "height => parseFloat(document.querySelector('.log-space')?.style.height) >= height &&"
                        + " performance.now()",
                LINES * LOG_LINE);
        var what = "%,d lines".formatted(LINES);
        row(
                what + ": opened",
                "first line after %s, all after %s".formatted(millis(value(first)), millis(value(all))),
                "–");
        row(what + ": scrolled through", scroll(".log"), "60 a second");
        var box = page.getByPlaceholder("Search output");
        double begun = number("() => performance.now()");
        double before = probe.worked();
        box.fill("needle");
        var found = page.waitForFunction("() => document.querySelector('.line.hit') && performance.now()");
        row(
                what + ": search to its last line",
                "%s, %s of the main thread".formatted(millis(value(found) - begun), millis(probe.worked() - before)),
                "–");
    }

    private void follow() throws Exception {
        var operation = World.run(api, 1, List.of("live"), "link-001");
        page.navigate("/operations/" + operation);
        page.locator(".log .line").first().waitFor();
        page.getByPlaceholder("Search output").fill("99");
        page.getByRole(
                        AriaRole.BUTTON,
                        new Page.GetByRoleOptions().setName("Follow").setExact(true))
                .click();
        page.evaluate("""
            () => { bench.lags = []; bench.lines = 0;
              const look = () => {
                const height = parseFloat(document.querySelector('.log-space').style.height) / 18;
                if (height > bench.lines) {
                  const last = [...document.querySelectorAll('.log .line .text')].at(-1)?.textContent.match(/at=(\\d+)/);
                  if (last && bench.lines) bench.lags.push(Date.now() - Number(last[1]) / 1000);
                  bench.first ??= [performance.now(), height];
                  bench.lines = height; bench.last = performance.now();
                }
                requestAnimationFrame(look);
              };
              look(); }\
            """);
        var frames = probe.frames("() => bench.idle(" + FOLLOWED_MILLIS + ")");
        double rate = number("() => (bench.lines - bench.first[1]) / (bench.last - bench.first[0]) * 1000");
        @SuppressWarnings("unchecked") // an array of numbers
        var lags = ((List<Number>) page.evaluate("() => bench.lags"))
                .stream().mapToDouble(Number::doubleValue).toArray();
        var what = "%,.0f lines a second followed, searched meanwhile".formatted(rate);
        row(what, frames.text(), "2,000 lines a second, 60 frames");
        row(
                what + ": from the script to the screen",
                "p50 %s, p99 %s"
                        .formatted(millis(PageProbe.percentile(lags, 0.5)), millis(PageProbe.percentile(lags, 0.99))),
                "–");
        World.await(api, operation);
    }

    /** Through all of it. */
    private String scroll(String selector) {
        return probe.frames("() => bench.scroll('" + selector + "', " + SCROLL_FRAMES + ", Infinity)")
                .text();
    }

    /** So many pixels a frame, as a wheel does. */
    private String scroll(String selector, int pixels) {
        return probe.frames("() => bench.scroll('" + selector + "', " + SCROLL_FRAMES + ", " + pixels + ")")
                .text();
    }

    private List<Runnable> keys(String text) {
        if (page.locator("dialog.palette").count() == 0) {
            page.getByLabel("Filter links").focus();
        }
        return text.chars()
                .<Runnable>mapToObj(key -> () -> page.keyboard().type(Character.toString(key)))
                .toList();
    }

    /** The main thread's work for each of these. */
    private String work(List<Runnable> acts) {
        double[] each = acts.stream().mapToDouble(probe::work).toArray();
        return each.length == 1
                ? millis(each[0])
                : "median %s, most %s"
                        .formatted(millis(PageProbe.percentile(each, 0.5)), millis(PageProbe.percentile(each, 1)));
    }

    private static String median(double[] values) {
        return "median %s, best %s"
                .formatted(millis(PageProbe.percentile(values, 0.5)), millis(PageProbe.percentile(values, 0)));
    }

    private static double value(com.microsoft.playwright.JSHandle handle) {
        return ((Number) handle.jsonValue()).doubleValue();
    }

    private double number(String script) {
        return ((Number) page.evaluate(script)).doubleValue();
    }

    private String text(String script) {
        return String.valueOf(page.evaluate(script)).toLowerCase(Locale.ROOT);
    }
}
