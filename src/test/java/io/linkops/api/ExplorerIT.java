package io.linkops.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import io.linkops.browser.Screen;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;

/** The page of the API in a real browser, under its policy: nothing is blocked and nothing is fetched elsewhere. */
class ExplorerIT {

    @Test
    void showsEveryOperationAndTriesOneWithoutBreakingItsPolicy() throws Exception {
        var fetched = new ArrayList<String>();
        try (var api = new TestApi();
                var screen = Screen.launch("http://127.0.0.1:" + api.port)) {
            var base = screen.at("");
            var page = screen.page();
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
            screen.requireNothingComplainedOf();
        }
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
}
