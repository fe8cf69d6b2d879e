package io.linkops.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import io.linkops.world.Chromium;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;

/** The page of the API in a real browser, under its policy: nothing is blocked and nothing is fetched elsewhere. */
class ExplorerIT {

    @Test
    void showsEveryOperationAndTriesOneWithoutBreakingItsPolicy() {
        Chromium.require();
        var complaints = new ArrayList<String>();
        var fetched = new ArrayList<String>();
        try (var api = new TestApi();
                var playwright = Chromium.playwright();
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
        return Chromium.launch(playwright);
    }
}
