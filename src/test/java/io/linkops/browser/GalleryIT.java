package io.linkops.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import io.linkops.world.ApiClient;
import io.linkops.world.Chromium;
import io.linkops.world.LinkOpsProcess;
import io.linkops.world.World;
import io.vertx.core.json.JsonObject;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The pictures of the documents, taken of the demo: invented names, nothing of the machine they are taken on. No script
 * is run for them: behind the demo's links is the bash of this very machine. {@code mvn test -Dtest=GalleryIT
 * -Dgallery.apply} puts them into {@code docs/screenshots}.
 */
class GalleryIT {
    private static final Path TAKEN = Path.of("target/screenshots/gallery");
    private static final Path SHOWN = Path.of("docs/screenshots");
    private static final Pattern PASSWORD = Pattern.compile("Password +(\\S+)");
    private static final long MOST_BYTES = 1_000_000;

    @TempDir
    Path directory;

    private LinkOpsProcess demo;
    private Screen screen;
    private Page page;
    private ApiClient api;

    @BeforeEach
    void start() throws Exception {
        Chromium.require();
        demo = LinkOpsProcess.startWithoutPassword(directory, "demo", "--port=0", "--links=60");
        screen = Screen.launch(demo);
        page = screen.page();
        var found = PASSWORD.matcher("");
        page.waitForCondition(() -> found.reset(said()).find());
        api = ApiClient.login(demo.awaitPort(), "admin", found.group(1));
        page.addInitScript("localStorage.setItem('linkops.checklist', 'done')");
        screen.logIn("admin", found.group(1));
    }

    private String said() {
        try {
            return demo.output();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @AfterEach
    void stop() throws Exception {
        if (screen != null) {
            screen.close();
        }
        if (demo != null) {
            demo.close();
        }
    }

    @Test
    void showsWhatAPersonSeesFirst() throws Exception {
        api.post("/api/links/check", new JsonObject().put("targets", List.of("*")));
        var verified = World.verify(api, "*");
        World.await(api, verified);

        screen.go("/operations/" + verified);
        assertThat(page.locator("#page h1 + .status")).containsText("Partly failed");
        take("run");
        screen.phone();
        take("phone");
        screen.wide();
        screen.go("/links");
        for (int row = 1; row <= 3; row++) {
            page.getByRole(AriaRole.ROW)
                    .nth(row + 4)
                    .getByRole(AriaRole.CHECKBOX)
                    .click();
        }
        take("links");
        page.getByRole(AriaRole.TOOLBAR, new Page.GetByRoleOptions().setName("Selected links"))
                .getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Terminals"))
                .click();
        for (var pane : page.locator(".term-pane").all()) {
            assertThat(pane.locator(".xterm-rows")).containsText("Type help");
        }
        page.locator(".xterm-helper-textarea").first().focus();
        page.keyboard().type("colors\n");
        page.locator(".xterm-helper-textarea").nth(1).focus();
        page.keyboard().type("help\n");
        assertThat(page.locator(".term-pane").nth(1).locator(".xterm-rows")).containsText("hostname");
        take("terminal");
        screen.go("/");
        take("overview");
        screen.go("/links?view=map");
        screen.theme("light");
        take("map");
        screen.requireNothingComplainedOf();

        try (var pictures = Files.list(TAKEN)) {
            Assertions.assertThat(
                            pictures.mapToLong(each -> each.toFile().length()).sum())
                    .isBetween(1L, MOST_BYTES);
        }
    }

    /** With few colours, as the pages have: a third of the size. */
    private void take(String name) throws IOException {
        screen.settle();
        screen.shoot("gallery/" + name);
        var file = TAKEN.resolve(name + ".png");
        ImageIO.write(indexed(ImageIO.read(file.toFile())), "png", file.toFile());
        if (System.getProperty("gallery.apply") != null) {
            Files.createDirectories(SHOWN);
            Files.write(SHOWN.resolve(name + ".png"), Files.readAllBytes(file));
        }
    }

    private static BufferedImage indexed(BufferedImage picture) {
        return Palette.of(picture).paint(picture);
    }
}
