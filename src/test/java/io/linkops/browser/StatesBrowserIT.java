package io.linkops.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.TimeoutError;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.WaitForSelectorState;
import io.linkops.world.ApiClient;
import io.linkops.world.Chromium;
import io.linkops.world.LinkOpsProcess;
import io.linkops.world.Terminals;
import io.linkops.world.World;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Every page when it is not as usual: while its answers are awaited, when they fail and come after all, when the
 * connection is lost, before people who may not do everything, and with nothing to show. Answers are held back and
 * refused in the browser; people and emptiness are real.
 */
class StatesBrowserIT {
    private static final String PASSWORD = "a password that is long";
    private static final Pattern ASKED = Pattern.compile(".*/api/(?!auth/|events$|terminal/socket).*");
    private static final Pattern AS_OF = Pattern.compile("as of \\d\\d:\\d\\d:\\d\\d");
    /** Shows nothing that is asked for with the page. */
    private static final Set<String> STANDS_ALONE = Set.of("settings", "backup", "appearance");

    /** So long is waited for what is a fault if it does not come; the test goes on to tell all faults at once. */
    private static final double FAULT_MILLIS = 15_000;

    private static final String CUT = """
        const sources = [], Real = EventSource;
        window.EventSource = class extends Real { constructor(url) { super(url); sources.push(this); } };
        window.cut = () => sources.forEach(source => { source.close(); source.onerror?.(new Event('error')); });
        """;

    private static World world;
    private static LinkOpsProcess linkops;
    private static ApiClient api;
    private static Screen first;
    private static String operation;

    private Screen screen;
    private Page page;

    @BeforeAll
    static void start() throws Exception {
        Chromium.require();
        world = World.with(World.newDirectory(), 12)
                .script("greet", "#!/bin/bash", "echo \"hello from $LINKOPS_LINK\"")
                .script("linger", "#!/bin/bash", "echo waiting; sleep 300")
                .commit();
        linkops = world.serve();
        api = linkops.login();
        World.enroll(api);
        operation = World.run(api, 4, List.of("greet"), "tag:web");
        World.await(api, operation);
        api.put("/api/secrets/fleet-token", new JsonObject().put("value", "hush-hush-hush"));
        api.put(
                "/api/schedules/weekly",
                new JsonObject()
                        .put("cron", "0 3 * * 0")
                        .put("scripts", List.of("greet"))
                        .put("targets", List.of("tag:web")));
        Terminals.connected(api, "link-001");
        user("vera", "viewer", null);
        user("sam", "operator", new JsonObject().put("targets", List.of("tag:web")));
        first = Screen.launch(linkops);
    }

    private static void user(String name, String role, JsonObject scope) throws Exception {
        var body = new JsonObject()
                .put("username", name)
                .put("password", PASSWORD)
                .put("role", role)
                .put("scope", scope);
        Assertions.assertThat(api.post("/api/users", body).status()).isEqualTo(201);
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
    void open() {
        screen = first.another();
        page = screen.page();
        page.addInitScript("localStorage.setItem('linkops.checklist', 'done')");
        page.addInitScript(CUT);
    }

    @AfterEach
    void complainNot() throws Exception {
        try (var closing = screen) {
            closing.requireNothingComplainedOf();
        }
    }

    private static Map<String, String> pages() {
        var pages = new LinkedHashMap<String, String>();
        pages.put("overview", "/");
        pages.put("links", "/links");
        pages.put("map", "/links?view=map");
        pages.put("link", "/links/link-001");
        pages.put("link-health", "/links/link-001?tab=health");
        pages.put("link-runs", "/links/link-001?tab=runs");
        pages.put("link-sessions", "/links/link-001?tab=sessions");
        pages.put("operations", "/operations");
        pages.put("active", "/operations?view=active");
        pages.put("schedules", "/operations?view=scheduled");
        pages.put("run", "/operations/" + operation);
        pages.put("scripts", "/scripts");
        pages.put("script", "/scripts/greet");
        pages.put("terminal", "/terminal");
        pages.put("recordings", "/terminal?view=recordings");
        pages.put("activity", "/activity");
        pages.put("settings", "/settings");
        for (var part : List.of(
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
                "about")) {
            pages.put(part, "/settings/" + part);
        }
        return pages;
    }

    @Test
    void everyPageShowsThatItWaitsThenWhatFailedAndComesBackByItsOwnButton() {
        screen.logIn();
        var held = Collections.synchronizedList(new ArrayList<Route>());
        var mood = new AtomicReference<>(Mood.ANSWERING);
        page.route(ASKED, route -> {
            switch (mood.get()) {
                case ANSWERING -> route.fallback();
                case WAITING -> held.add(route);
                case FAILING -> route.abort();
            }
        });
        var faults = new ArrayList<String>();
        pages().forEach((name, path) -> {
            if (STANDS_ALONE.contains(name)) {
                return;
            }
            mood.set(Mood.WAITING);
            screen.go(path);
            var waits = page.locator("#page .skeleton");
            if (!shows(waits)) {
                faults.add(name + " does not show that it waits");
            }
            screen.shoot("states/" + name + "-loading");
            mood.set(Mood.FAILING);
            release(held);
            var trouble = page.locator("#page .trouble");
            if (!shows(trouble)) {
                faults.add(name + " does not say what failed");
            }
            screen.shoot("states/" + name + "-error");
            mood.set(Mood.ANSWERING);
            faults.addAll(comesBack(name, trouble, waits));
            screen.forgive("net::ERR_FAILED");
        });
        Assertions.assertThat(faults).isEmpty();
    }

    private enum Mood {
        ANSWERING,
        WAITING,
        FAILING
    }

    private static void release(List<Route> held) {
        List.copyOf(held).forEach(Route::abort);
        held.clear();
    }

    /** Presses the buttons that the page itself offers until nothing is wrong any more. */
    private List<String> comesBack(String name, Locator trouble, Locator waits) {
        while (trouble.count() > 0) {
            var button = trouble.first().getByRole(AriaRole.BUTTON);
            if (button.count() == 0) {
                return List.of(
                        name + " offers nothing to do after: " + trouble.first().textContent());
            }
            int before = trouble.count();
            try {
                button.first().click(new Locator.ClickOptions().setTimeout(2_000));
            } catch (TimeoutError e) {
                continue; // another button, or news, has put it right meanwhile
            }
            page.waitForCondition(() -> trouble.count() < before);
        }
        return shows(waits, WaitForSelectorState.HIDDEN) ? List.of() : List.of(name + " waits for ever");
    }

    private static boolean shows(Locator what) {
        return shows(what, WaitForSelectorState.VISIBLE);
    }

    private static boolean shows(Locator what, WaitForSelectorState state) {
        try {
            what.first().waitFor(new Locator.WaitForOptions().setState(state).setTimeout(FAULT_MILLIS));
            return true;
        } catch (TimeoutError e) {
            return false;
        }
    }

    @Test
    void everyPageStaysAndSaysOfWhenItIsWhileTheConnectionIsLost() {
        screen.logIn();
        var faults = new ArrayList<String>();
        pages().forEach((name, path) -> {
            screen.go(path);
            screen.settle();
            var live = page.getByTitle("What you see is current.");
            assertThat(live).isVisible();
            var before = page.locator("#page").innerText().length();
            page.route(Pattern.compile(".*/api/.*"), route -> route.abort());
            page.evaluate("cut()");
            assertThat(page.getByRole(AriaRole.BANNER)).containsText(AS_OF);
            if (!shows(page.locator("#page").getByText(AS_OF))) {
                faults.add(name + " does not say of when it is");
            }
            if (page.locator("#page").innerText().length() < before * 3 / 4) {
                faults.add(name + " loses what it showed");
            }
            screen.shoot("states/" + name + "-stale");
            page.unroute(Pattern.compile(".*/api/.*"));
            screen.forgive("net::ERR_FAILED");
        });
        Assertions.assertThat(faults).isEmpty();
    }

    @Test
    void everyPageTellsAViewerWhyItIsClosed() {
        tells("vera", "viewer");
    }

    @Test
    void everyPageTellsAPersonWithAScopeWhyItIsClosed() {
        tells("sam", "scoped");
    }

    /** Nothing is asked for that the server refuses, and whatever is closed says why. */
    private void tells(String user, String kind) {
        screen.logIn(user, PASSWORD);
        var faults = new ArrayList<String>();
        pages().forEach((name, path) -> {
            screen.go(path);
            screen.settle();
            if (page.locator("#page .trouble").count() > 0) {
                faults.add(name + " calls it trouble: "
                        + page.locator("#page .trouble").first().textContent());
            }
            var unsaid = page.evaluate("""
                () => [...document.querySelectorAll('[aria-disabled=true], :disabled')]
                  .filter(e => !(e.title.length > 20 || e.closest('label, [title]')?.title.length > 20))
                  .map(e => e.outerHTML.slice(0, 200))\
                """);
            ((List<?>) unsaid).forEach(each -> faults.add(name + " does not say why: " + each));
            screen.shoot("states/" + name + "-" + kind);
        });
        Assertions.assertThat(faults).isEmpty();
        screen.requireNothingComplainedOf();
    }

    @Test
    void everyPageSaysWhatToDoWhereThereIsNothing() throws Exception {
        try (var nothing = World.with(World.newDirectory(), 1).withoutScripts().commit("links: {}\n");
                var fresh = nothing.serve();
                var empty = Screen.launch(fresh)) {
            Assertions.assertThat(fresh.login().post("/api/git/sync").status()).isEqualTo(200);
            empty.page().addInitScript("localStorage.setItem('linkops.checklist', 'done')");
            empty.logIn();
            var said = Map.ofEntries(
                    Map.entry("/links", "The inventory has no links"),
                    Map.entry("/links?view=map", "The inventory has no links"),
                    Map.entry("/links/nobody", "There is no such link"),
                    Map.entry("/operations", "Nothing has run yet"),
                    Map.entry("/operations?view=active", "Nothing runs at the moment"),
                    Map.entry("/operations?view=scheduled", "Nothing is scheduled"),
                    Map.entry("/operations/nothing", "There is no such operation"),
                    Map.entry("/scripts", "The catalogue is empty"),
                    Map.entry("/terminal", "No workspace is open"),
                    Map.entry("/terminal?view=recordings", "Nothing is recorded yet"),
                    Map.entry("/settings/tokens", "You have no API token"),
                    Map.entry("/settings/secrets", "secret"),
                    Map.entry("/settings/notifications", "Nothing was sent yet"),
                    Map.entry("/nowhere", "There is no such page"),
                    Map.entry("/", "The inventory is empty"));
            for (var each : said.entrySet()) {
                empty.go(each.getKey());
                assertThat(empty.page().locator("#page")).containsText(each.getValue());
                empty.settle();
                empty.shoot("states/" + each.getKey().replaceAll("[^a-z0-9]+", "-") + "-empty");
            }
            empty.forgive("404 (Not Found)");
            empty.requireNothingComplainedOf();
        }
    }
}
