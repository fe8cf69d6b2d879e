package io.linkops.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.AriaRole;
import io.linkops.world.Chromium;
import io.linkops.world.LinkOpsProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Somebody who has just started {@code linkops demo}: how many clicks it takes from the log-in to the output of a
 * script on ten machines. The hand that clicks counts, and nothing else in this test clicks.
 */
class NewcomerBrowserIT {
    private static final int MOST_CLICKS = 4;
    private static final int MACHINES = 10;
    private static final double PATIENCE_MILLIS = 60_000;
    private static final Pattern ADDRESS = Pattern.compile("Open +(http://\\S+)");
    private static final Pattern USER = Pattern.compile("User +(\\S+)");
    private static final Pattern PASSWORD = Pattern.compile("Password +(\\S+)");

    @TempDir
    Path directory;

    /** The only way in which this test clicks. */
    private static final class Hand {
        private final List<String> clicks = new ArrayList<>();

        void click(String name, Locator target) {
            clicks.add(name);
            target.click();
        }
    }

    @Test
    void fourClicksAfterTheLogInTheOutputOfTenMachinesIsInView() throws Exception {
        Chromium.require();
        long started = System.nanoTime();
        try (var demo = LinkOpsProcess.startWithoutPassword(directory, "demo", "--port", "0");
                var playwright = Chromium.playwright();
                var browser = Chromium.launch(playwright)) {
            demo.awaitPort();
            var told = said(demo);
            var page = browser.newPage(new Browser.NewPageOptions().setViewportSize(1440, 900));
            page.setDefaultTimeout(PATIENCE_MILLIS);
            logIn(page, told);
            long loggedIn = System.nanoTime();
            var hand = new Hand();
            walk(page, hand);
            long inView = System.nanoTime();

            page.screenshot(new Page.ScreenshotOptions().setPath(Path.of("target/screenshots/newcomer.png")));
            var machines = machinesInLog(page);
            System.out.printf(
                    "%d clicks: %s%n%.1f s from the log-in, %.1f s from starting the demo; output of %d machines%n",
                    hand.clicks.size(),
                    hand.clicks,
                    (inView - loggedIn) / 1e9,
                    (inView - started) / 1e9,
                    machines.size());
            assertThat(hand.clicks).hasSizeLessThanOrEqualTo(MOST_CLICKS);
            assertThat(machines).hasSizeGreaterThanOrEqualTo(MACHINES);
        }
    }

    /** As the demo tells its user to. */
    private static void logIn(Page page, String told) {
        page.navigate(found(ADDRESS, told));
        page.getByLabel("User name").fill(found(USER, told));
        page.getByLabel("Password").fill(found(PASSWORD, told));
        page.getByLabel("Password").press("Enter");
        assertThat(page.getByRole(AriaRole.HEADING, new Page.GetByRoleOptions().setName("Overview")))
                .isVisible(patience());
    }

    /** What the page itself proposes, until each target is done and the output of all of them is there. */
    private static void walk(Page page, Hand hand) {
        page.screenshot(new Page.ScreenshotOptions().setPath(Path.of("target/screenshots/newcomer-first.png")));
        hand.click("Run … on 10 links…", button(page, "Run \\w+ on " + MACHINES + " links…"));
        hand.click("Run on 10 links", button(page, "Run on " + MACHINES + " links"));
        var done = page.getByRole(AriaRole.GRID)
                .getByRole(AriaRole.ROW, new Locator.GetByRoleOptions().setName(Pattern.compile("Succeeded")));
        assertThat(done).hasCount(MACHINES, new LocatorAssertions.HasCountOptions().setTimeout(PATIENCE_MILLIS));
        for (var row : done.all()) {
            assertThat(row).isInViewport();
        }
        page.waitForFunction("() => [...document.querySelectorAll('[role=log] .line .text')].some(text => {"
                + " const at = text.getBoundingClientRect();"
                + " return text.textContent.trim() && at.top >= 0 && at.bottom <= innerHeight; })");
    }

    /** Whose lines the log shows; looked through with the wheel. */
    private static Set<String> machinesInLog(Page page) {
        var log = page.getByRole(AriaRole.LOG);
        log.hover();
        Set<String> machines = new TreeSet<>();
        var top = Double.MAX_VALUE;
        while (top > 0) {
            log.locator(".line:has(.text:not(:empty)) .who")
                    .allTextContents()
                    .forEach(name -> machines.add(name.strip()));
            page.mouse().wheel(0, -400);
            double before = top;
            top = ((Number) page.waitForFunction(
                                    "before => { const top = document.querySelector('[role=log]').scrollTop;"
                                            + " return top === 0 || top < before ? { top } : null; }",
                                    before)
                            .evaluate("found => found.top"))
                    .doubleValue();
        }
        log.locator(".line:has(.text:not(:empty)) .who").allTextContents().forEach(name -> machines.add(name.strip()));
        machines.remove("");
        return machines;
    }

    private static Locator button(Page page, String name) {
        return page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName(Pattern.compile("^" + name + "$")));
    }

    private static LocatorAssertions.IsVisibleOptions patience() {
        return new LocatorAssertions.IsVisibleOptions().setTimeout(PATIENCE_MILLIS);
    }

    /** All of it is written at once, the last line last. */
    private static String said(LinkOpsProcess demo) throws Exception {
        var deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!demo.output().contains("Ctrl-C") && System.nanoTime() < deadline) {
            Thread.onSpinWait();
        }
        return demo.output();
    }

    private static String found(Pattern pattern, String text) {
        var matcher = pattern.matcher(text);
        assertThat(matcher.find()).as("%s in %s", pattern, text).isTrue();
        return matcher.group(1);
    }
}
