package io.linkops.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ReducedMotion;
import io.linkops.world.Chromium;
import io.linkops.world.LinkOpsProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.assertj.core.api.Assertions;

/**
 * What one person sees of LinkOps: a page in a browser of its own session. It takes down whatever the browser complains
 * of (console, errors of scripts, dialogs, reports of the content security policy) and what {@link #look} finds, until
 * {@link #requireNothingComplainedOf}.
 */
public final class Screen implements AutoCloseable {
    /** A theme is nothing but colours; the first one is what a newcomer sees. */
    public static final List<String> THEMES = List.of("gray", "blue", "charcoal", "light");

    private static final double PATIENCE_MILLIS = 60_000;
    private static final int WIDE = 1440;
    private static final int MIDDLE = 1024;
    private static final int PHONE = 390;
    private static final Path AXE = Path.of("src/main/frontend/node_modules/axe-core/axe.min.js");
    private static final String ALL_RULES =
            "{type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']}";
    private static final String RULES_OF_COLOUR = "{type: 'rule', values: ['color-contrast', 'link-in-text-block']}";
    /**
     * What the eye would see at once, at any width: sideways scrolling, tiny text, text cut off without an ellipsis.
     */
    private static final String SEEN = """
        () => {
          const seen = document.documentElement.scrollWidth > innerWidth ? ['scrolls sideways'] : [];
          for (const e of document.querySelectorAll('body *')) {
            if (e.closest('.xterm, .log, .unseen, svg, option') || !e.getClientRects().length) continue;
            if (![...e.childNodes].some(n => n.nodeType === 3 && n.data.trim())) continue;
            const style = getComputedStyle(e), html = e.outerHTML.slice(0, 160);
            if (style.clipPath !== 'none' || style.visibility === 'hidden') continue;
            if (parseFloat(style.fontSize) < 11) seen.push('small text: ' + html);
            const cuts = /hidden|clip/.test(style.overflowX) && style.textOverflow !== 'ellipsis';
            if (cuts && e.scrollWidth > e.clientWidth + 1) seen.push('text cut off: ' + html);
          }
          return seen;
        }\
        """;

    private static final String REPORT_THE_POLICY = "addEventListener('securitypolicyviolation', event =>"
            + " console.error('content security policy: ' + event.violatedDirective + ' ' + event.blockedURI))";

    private final Browser browser;
    private final Runnable owned;
    private final String base;
    private final BrowserContext context;
    private final Page page;
    private final List<String> complaints = Collections.synchronizedList(new ArrayList<>());

    private Screen(Browser browser, Runnable owned, String base) {
        this.browser = browser;
        this.owned = owned;
        this.base = base;
        context = browser.newContext(
                new Browser.NewContextOptions().setViewportSize(WIDE, 900).setReducedMotion(ReducedMotion.REDUCE));
        context.addInitScript(REPORT_THE_POLICY);
        page = context.newPage();
        page.setDefaultTimeout(PATIENCE_MILLIS);
        listen();
    }

    /** Starts a browser, or skips the test where there is none. {@code base} is the address without a path. */
    public static Screen launch(String base) {
        Chromium.require();
        PlaywrightAssertions.setDefaultAssertionTimeout(PATIENCE_MILLIS);
        var playwright = Chromium.playwright();
        return new Screen(Chromium.launch(playwright), playwright::close, base);
    }

    /** {@link #launch} at a LinkOps on this machine. */
    public static Screen launch(LinkOpsProcess linkops) throws Exception {
        return launch("http://127.0.0.1:" + linkops.awaitPort());
    }

    /** Another session in the same browser: another person, or the same one elsewhere. Close it before this one. */
    public Screen another() {
        return new Screen(browser, () -> {}, base);
    }

    /** The same where LinkOps is reached by another address. */
    public Screen another(String elsewhere) {
        return new Screen(browser, () -> {}, elsewhere);
    }

    public Page page() {
        return page;
    }

    /** The address of a path of this LinkOps. */
    public String at(String path) {
        return base + path;
    }

    public Screen logIn() {
        return logIn("admin", LinkOpsProcess.PASSWORD);
    }

    /** From whatever page is open, or the first one; ends on that page. */
    public Screen logIn(String user, String password) {
        if (!page.url().startsWith(base)) {
            page.navigate(base + "/");
        }
        page.getByLabel("User name").fill(user);
        page.getByLabel("Password").fill(password);
        page.getByRole(
                        AriaRole.BUTTON,
                        new Page.GetByRoleOptions().setName("Log in").setExact(true))
                .click();
        assertThat(page.locator("#page")).isVisible();
        // The browser itself remarks on the answer to "who am I?" before there is anybody.
        forgive("401 (Unauthorized)");
        return this;
    }

    /** Loads a path anew and waits for its title. */
    public void go(String path) {
        page.navigate(base + path);
        assertThat(page.locator("#page h1").first()).isAttached();
    }

    public void wide() {
        page.setViewportSize(WIDE, 900);
    }

    public void phone() {
        page.setViewportSize(PHONE, 844);
    }

    /** Shows the page in another theme until it is loaded anew. */
    public void theme(String theme) {
        page.evaluate("theme => { document.documentElement.dataset.theme = theme; }", theme);
    }

    /** Waits until what was asked for is there and drawn. */
    public void settle() {
        assertThat(page.locator(".skeleton")).hasCount(0);
        page.evaluate("() => document.fonts.ready.then(() => {})");
        page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))");
        page.evaluate("() => Promise.all(document.getAnimations().map(each => each.finished)).catch(() => {})");
    }

    /** Takes a picture into {@code target/screenshots}. */
    public void shoot(String name) {
        page.screenshot(new Page.ScreenshotOptions().setPath(Path.of("target/screenshots/" + name + ".png")));
    }

    /**
     * Looks at a page on a phone, on a small screen and wide: pictures in gray and light, what the eye would see, axe.
     * All of axe's rules at both ends in one theme, those of colours in the other themes too: they change nothing else.
     */
    public void look(String name) {
        phone();
        for (var theme : List.of("light", "gray")) {
            inspect(name, theme, true);
        }
        page.setViewportSize(MIDDLE, 768);
        settle();
        see(name + "-" + MIDDLE);
        shoot(name + "-gray-" + MIDDLE);
        wide();
        for (var theme : THEMES.reversed()) {
            inspect(name, theme, theme.equals("gray") || theme.equals("light"));
        }
    }

    /** As {@link #look}, at the width it has and with one picture: for what is open for a moment, such as a menu. */
    public void glance(String name) {
        settle();
        shoot(name);
        for (var theme : THEMES.reversed()) {
            inspect(name, theme, false);
        }
    }

    private void see(String where) {
        ((List<?>) page.evaluate(SEEN)).forEach(each -> complaints.add(where + " " + each));
    }

    private void inspect(String name, String theme, boolean picture) {
        theme(theme);
        settle();
        var where = name + "-" + theme + "-" + page.viewportSize().width;
        if (picture) {
            shoot(where);
        }
        see(where);
        violations(theme.equals("gray") ? ALL_RULES : RULES_OF_COLOUR)
                .forEach(each -> complaints.add(where + ": " + each));
    }

    /** All of axe's rules for WCAG 2.0 to 2.2, A and AA, on what is there now. */
    public void requireAccessible(String where) {
        Assertions.assertThat(violations(ALL_RULES)).as("axe: " + where).isEmpty();
    }

    public void requireNoSidewaysScrolling(String where) {
        Assertions.assertThat(scrollsSideways())
                .as("sideways scrolling: " + where)
                .isFalse();
    }

    /** Forgets complaints that end so: the browser remarks on every refused answer, also on one that was wanted. */
    public void forgive(String ending) {
        complaints.removeIf(text -> text.endsWith(ending));
    }

    /** Forgets what the browser remarks on connections that a test has cut. */
    public void forgiveTheNetwork() {
        complaints.removeIf(text -> text.contains("net::ERR_") || text.contains("WebSocket connection to"));
    }

    public void requireNothingComplainedOf() {
        Assertions.assertThat(complaints).isEmpty();
    }

    /** Ends the session, and the browser with the screen that launched it. */
    @Override
    public void close() {
        context.close();
        owned.run();
    }

    private void listen() {
        page.onConsoleMessage(message -> {
            if (!message.type().equals("log")) {
                complaints.add(message.type() + " " + message.location() + ": " + message.text());
            }
        });
        page.onPageError(complaints::add);
        page.onDialog(dialog -> {
            complaints.add("a dialog: " + dialog.message());
            dialog.dismiss();
        });
    }

    private boolean scrollsSideways() {
        return !Boolean.TRUE.equals(page.evaluate("document.documentElement.scrollWidth <= innerWidth"));
    }

    private List<String> violations(String rules) {
        if (!Boolean.TRUE.equals(page.evaluate("typeof axe === 'object'"))) {
            page.evaluate(axe() + "; undefined");
        }
        var found = page.evaluate("""
            async () => (await axe.run(document, {resultTypes: ['violations'], runOnly: %s})).violations.map(found =>
              found.id + ': ' + found.nodes.slice(0, 3).map(node =>
                node.target.join(' ') + ' ' + node.html.slice(0, 160) + ' ' + node.failureSummary).join(' | '))\
            """.formatted(rules));
        return ((List<?>) found).stream().map(String::valueOf).toList();
    }

    private static String axe() {
        try {
            return Files.readString(AXE);
        } catch (IOException e) {
            throw new UncheckedIOException("axe is missing: run the frontend's build once", e);
        }
    }
}
