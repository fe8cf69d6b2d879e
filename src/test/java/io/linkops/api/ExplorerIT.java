package io.linkops.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** The page of the API in a real browser, under its policy: nothing is blocked and nothing is fetched elsewhere. */
class ExplorerIT {
    private static final Path CHROMIUM = Path.of("/usr/bin/chromium");

    @Test
    void showsEveryOperationAndTriesOneWithoutBreakingItsPolicy() {
        if (!"true".equals(System.getenv("CI"))) {
            Assumptions.assumeTrue(Files.isExecutable(CHROMIUM), "no " + CHROMIUM + " here: install chromium");
        }
        var complaints = new ArrayList<String>();
        var fetched = new ArrayList<String>();
        try (var api = new TestApi();
                var playwright = Playwright.create(
                        new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
                var browser = launch(playwright)) {
            var base = "http://127.0.0.1:" + api.port;
            var page = browser.newPage();
            page.onConsoleMessage(message -> {
                if (!message.type().equals("log")) {
                    complaints.add(message.type() + ": " + message.text());
                }
            });
            page.onPageError(complaints::add);
            page.onRequest(request -> fetched.add(request.url()));
            var answer = page.navigate(base + "/api/docs");
            assertThat(answer.headerValue("content-security-policy"))
                    .isEqualTo(ExplorerRoutes.POLICY)
                    .doesNotContain("unsafe");
            int operations = OpenApi.load().operations().size();
            page.waitForFunction("count => document.querySelectorAll('.opblock').length === count", operations);
            tryOut(page);
            assertThat(fetched).allMatch(url -> url.startsWith(base) || url.startsWith("data:"));
            assertThat(fetched).contains(base + "/api/version", base + "/api/openapi.yaml");
        }
        assertThat(complaints).isEmpty();
    }

    private static void tryOut(Page page) {
        var block = page.locator("#operations-system-version");
        block.locator(".opblock-summary-control").click();
        block.locator("button.try-out__btn").click();
        block.locator("button.execute").click();
        block.locator(".live-responses-table .response-col_status").first().waitFor();
        assertThat(block.locator(".live-responses-table .response-col_status")
                        .last()
                        .innerText())
                .contains("200");
    }

    private static Browser launch(Playwright playwright) {
        return playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(CHROMIUM)
                        .setArgs(List.of(
                                "--no-sandbox",
                                "--disable-gpu",
                                "--disable-quic",
                                "--no-first-run",
                                "--disable-background-networking",
                                "--disable-component-update",
                                "--disable-sync")));
    }
}
