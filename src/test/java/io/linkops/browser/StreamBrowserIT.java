package io.linkops.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.AriaRole;
import io.linkops.fleet.FaultyProxy;
import io.linkops.fleet.FaultyProxy.Mode;
import io.linkops.world.ApiClient;
import io.linkops.world.Chromium;
import io.linkops.world.LinkOpsProcess;
import io.linkops.world.World;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What a tab knows when its connection breaks, for real: through a proxy that refuses and resets. It says so, keeps
 * what it has, and has all of it afterwards; and whatever it shows, it holds one stream.
 */
class StreamBrowserIT {
    private static final double PATIENCE_MILLIS = 60_000;
    private static final int PART = 1_000;
    /** Counts the streams that are open. */
    private static final String COUNTING = """
        window.streams = [];
        window.EventSource = class extends EventSource {
          constructor(url) { super(url); streams.push(this); }
        };
        window.open_ = () => streams.filter(each => each.readyState !== 2).map(each => each.url);
        """;
    /** Every line of the log by its number, as somebody reads it who scrolls through. */
    private static final String READ = """
        async () => {
          const log = document.querySelector('[role=log]'), read = new Map();
          for (let top = 0; ; top += log.clientHeight / 2) {
            log.scrollTop = top;
            await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
            for (const line of log.querySelectorAll('.line'))
              read.set(Number(line.querySelector('.nr').dataset.line), line.querySelector('.text').textContent);
            if (top + log.clientHeight >= log.scrollHeight) break;
          }
          return [...read.entries()].sort((a, b) => a[0] - b[0]).map(([, text]) => text);
        }\
        """;

    private static World world;
    private static LinkOpsProcess linkops;
    private static ApiClient api;
    private static FaultyProxy proxy;
    private static Playwright playwright;
    private static Browser browser;

    private Page page;

    @BeforeAll
    static void start() throws Exception {
        Chromium.require();
        var directory = World.newDirectory();
        world = World.with(directory, 3)
                .script(
                        "parts",
                        "#!/bin/bash",
                        "for part in 0 1 2; do",
                        "  until [ -e '" + directory + "'/part-$part ]; do sleep 0.1; done",
                        "  seq -f 'line %.0f' $((part * " + PART + " + 1)) $((part * " + PART + " + " + PART + "))",
                        "done")
                .script("greet", "#!/bin/bash", "echo hello")
                .commit();
        linkops = world.serve();
        api = linkops.login();
        World.enroll(api);
        proxy = FaultyProxy.start(linkops.awaitPort());
        playwright = Chromium.playwright();
        browser = Chromium.launch(playwright);
    }

    @AfterAll
    static void stop() throws Exception {
        if (playwright != null) {
            playwright.close();
        }
        if (proxy != null) {
            proxy.close();
        }
        if (linkops != null) {
            linkops.close();
        }
        if (world != null) {
            world.close();
        }
    }

    @BeforeEach
    void logIn() throws Exception {
        proxy.mode(Mode.PASS);
        var context = browser.newContext(new Browser.NewContextOptions()
                .setViewportSize(1440, 900)
                .setBaseURL("http://127.0.0.1:" + proxy.port()));
        context.addInitScript(COUNTING);
        page = context.newPage();
        page.setDefaultTimeout(PATIENCE_MILLIS);
        page.navigate("/links");
        page.getByLabel("User name").fill("admin");
        page.getByLabel("Password").fill(LinkOpsProcess.PASSWORD);
        page.getByLabel("Password").press("Enter");
        assertThat(chip()).containsText("Live", patience());
    }

    @AfterEach
    void leave() {
        if (page != null) {
            page.context().close();
        }
    }

    @Test
    void aRunWhoseConnectionBreaksTwiceIsShownWholeAndNothingTwice() throws Exception {
        var operation = World.run(api, 1, List.of("parts"), "link-001");
        go("/operations/" + operation);
        write(0);
        assertThat(log()).containsText("line " + PART, patience());

        proxy.mode(Mode.REFUSE);
        assertThat(chip()).containsText("Stale", patience());
        assertThat(page.getByText("Connection lost; goes on by itself")).isVisible();
        assertThat(log()).containsText("line " + PART);
        write(1);
        stored(operation, "line " + 2 * PART);
        assertThat(log()).containsText("line " + PART);
        assertThat(log()).not().containsText("line " + 2 * PART);

        proxy.mode(Mode.PASS);
        assertThat(chip()).containsText("Live", patience());
        assertThat(log()).containsText("line " + 2 * PART, patience());
        assertThat(page.getByText("Connection lost; goes on by itself")).isHidden();

        proxy.mode(Mode.RESET);
        write(2);
        stored(operation, "line " + 3 * PART);
        proxy.mode(Mode.PASS);
        assertThat(log()).containsText("line " + 3 * PART, patience());
        assertThat(page.locator(".run-title")).containsText("Succeeded", patience());

        page.getByRole(
                        AriaRole.BUTTON,
                        new Page.GetByRoleOptions().setName("Follow").setExact(true))
                .click();
        var expected = IntStream.rangeClosed(1, 3 * PART)
                .mapToObj(number -> "line " + number)
                .toList();
        assertThat(page.evaluate(READ)).isEqualTo(expected);
    }

    @Test
    void theLinksStayWhereTheyAreAndCatchUpWhenTheConnectionIsBack() throws Exception {
        var row = row("link-002");
        assertThat(row).containsText("Enrolled", patience());
        proxy.mode(Mode.REFUSE);
        assertThat(chip()).containsText("Stale as of", patience());
        assertThat(page.locator(".title")).containsText("as of");
        assertThat(row).containsText("Enrolled");
        Files.delete(world.clientIdFile("link-002"));
        World.await(api, World.verify(api, "link-002"));
        assertThat(row).containsText("Enrolled");
        proxy.mode(Mode.PASS);
        assertThat(row).containsText("Refused", patience());
        assertThat(page.locator(".title")).not().containsText("as of");
    }

    @Test
    void aTabHoldsOneStreamWhateverItShows() throws Exception {
        var operation = World.run(api, 1, List.of("greet"), "link-001");
        World.await(api, operation);
        for (var to : List.of(
                "/", "/links/link-001", "/operations", "/scripts", "/terminal", "/activity", "/settings", "/links")) {
            go(to);
            oneStream("/api/events");
            go("/operations/" + operation);
            oneStream("/api/operations/" + operation + "/events?fleet=true");
            assertThat(log()).containsText("hello", patience());
        }
        go("/links");
        oneStream("/api/events");
    }

    @Test
    void aTabThatWasFrozenWhileItsConnectionWentShowsWhatIsSoNow() throws Exception {
        go("/operations");
        page.getByRole(AriaRole.HEADING, new Page.GetByRoleOptions().setName("Operations"))
                .waitFor();
        lifecycle("frozen");
        var operation = World.run(api, 1, List.of("greet"), "link-003");
        World.await(api, operation);
        proxy.mode(Mode.RESET);
        proxy.mode(Mode.PASS);
        lifecycle("active");
        page.locator("a[href^='/operations/" + operation + "']").first().waitFor();
        assertThat(chip()).containsText("Live", patience());
        oneStream("/api/events");
    }

    /** Lets the script write its next lines. */
    private static void write(int part) throws Exception {
        Files.createFile(world.directory().resolve("part-" + part));
    }

    /** Waits until LinkOps has this line, whatever the browser has. */
    private static void stored(String operation, String line) throws Exception {
        api.events(
                "/api/operations/" + operation + "/events",
                0,
                event -> event.isOutput() && new String(event.bytes(), StandardCharsets.UTF_8).contains(line));
    }

    /** As a link within the page does, without loading it anew. */
    private void go(String to) {
        page.evaluate("to => { history.pushState(null, '', to); dispatchEvent(new PopStateEvent('popstate')); }", to);
    }

    private void oneStream(String path) {
        page.waitForFunction("path => open_().length === 1 && open_()[0].includes(path)", path);
    }

    private void lifecycle(String state) {
        var parameters = new JsonObject();
        parameters.addProperty("state", state);
        page.context().newCDPSession(page).send("Page.setWebLifecycleState", parameters);
    }

    private Locator row(String link) {
        return page.getByRole(AriaRole.ROW, new Page.GetByRoleOptions().setName(link));
    }

    private Locator log() {
        return page.getByRole(AriaRole.LOG);
    }

    private Locator chip() {
        return page.locator(".chip.live");
    }

    private static LocatorAssertions.ContainsTextOptions patience() {
        return new LocatorAssertions.ContainsTextOptions().setTimeout(PATIENCE_MILLIS);
    }
}
