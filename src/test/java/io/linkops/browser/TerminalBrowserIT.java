package io.linkops.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import io.linkops.world.ApiClient;
import io.linkops.world.LinkOpsProcess;
import io.linkops.world.Terminals;
import io.linkops.world.World;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Terminals before a person: a real browser, a real LinkOps, a real sshd. Nothing is said on the console, the policy
 * for what the page may load is never violated, and axe finds nothing in any theme.
 */
class TerminalBrowserIT {
    private static final String SECOND_PASSWORD = "another horse battery";
    private static final Pattern PROMPT = Pattern.compile("[$#]");
    private static final int MEBIBYTE = 1024 * 1024;

    private static World world;
    private static LinkOpsProcess linkops;
    private static ApiClient api;
    private static Screen first;

    private final List<Screen> screens = new ArrayList<>();
    private int asked;

    @BeforeAll
    static void start() throws Exception {
        world = World.with(World.newDirectory(), 8, List.of("PermitUserEnvironment no", "AcceptEnv LANG"))
                .script("nothing", "#!/bin/bash", "true")
                .commit();
        linkops = world.serve(Map.of("terminal.max_workspaces_per_user", 100));
        api = linkops.login();
        World.enroll(api);
        Files.delete(world.clientIdFile("link-008"));
        api.post("/api/links/link-008/verify");
        var bob = new JsonObject()
                .put("username", "bob")
                .put("password", SECOND_PASSWORD)
                .put("role", "operator");
        assertThat(api.post("/api/users", bob).status()).isEqualTo(201);
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

    @AfterEach
    void nothingIsComplainedOf() throws Exception {
        for (var screen : screens) {
            try (screen) {
                screen.requireNothingComplainedOf();
            }
        }
    }

    @Test
    void aWorkspaceIsMadeByMouseAndItsShellDoesWhatTerminalsDo() throws Exception {
        var screen = open("admin", LinkOpsProcess.PASSWORD, "/terminal");
        var page = screen.page();
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("New workspace: Two side by side"))
                .click();
        assertThat(pane(page, 1)).containsText("This pane has no link yet");
        screen.shoot("terminal/empty-gray-1440");
        pane(page, 1)
                .getByRole(
                        AriaRole.BUTTON,
                        new Locator.GetByRoleOptions().setName("Choose a link…").setExact(true))
                .click();
        var dialog = page.getByRole(AriaRole.DIALOG);
        assertThat(dialog.getByRole(AriaRole.OPTION)).hasCount(8);
        assertThat(dialog.getByRole(AriaRole.OPTION, new Locator.GetByRoleOptions().setName("link-008")))
                .hasAttribute("aria-disabled", "true");
        screen.glance("terminal/picker-gray-1440");
        dialog.getByRole(AriaRole.OPTION, new Locator.GetByRoleOptions().setName("link-001"))
                .click();
        assertThat(page.locator(".title")).containsText("1/1 connected");

        type(page, 1, "echo $((6*7)) is the ans''wer");
        see(page, 1, "42 is the answer");

        // characters of two columns: what the program is told of the cursor is where the browser has it
        type(
                page,
                1,
                "stty -echo raw; printf '日本🚀\\033[6n'; IFS= read -r -d R at; stty sane; echo; echo \"now ${at#*[}\"");
        see(page, 1, Pattern.compile("now \\d+;7(?!\\d)"));

        type(page, 1, "vim -u NONE -N notes.txt");
        see(page, 1, "notes.txt");
        page.keyboard().type("iwritten in vim");
        see(page, 1, "written in vim");
        screen.glance("terminal/vim-gray-1440");
        page.keyboard().press("Escape");
        page.keyboard().type(":wq\n");
        see(page, 1, "vim -u NONE"); // the screen from before: vim is gone
        type(page, 1, "clear; cat notes.txt | tr a-z A-Z");
        see(page, 1, "WRITTEN IN VIM");

        type(page, 1, "seq 1 500 | less");
        assertThat(lastLine(page, 1)).hasText(":");
        page.keyboard().type("G");
        see(page, 1, "500");
        page.keyboard().type("q");

        assertThat(sizeSaid(page, 1)).isEqualTo(sizeShown(page, 1));
        var before = sizeShown(page, 1);
        page.setViewportSize(1100, 600);
        assertThat(pane(page, 1).locator(".xterm-rows > div")).not().hasCount(rows(before));
        assertThat(sizeSaid(page, 1)).isEqualTo(sizeShown(page, 1)).isNotEqualTo(before);
    }

    @Test
    void aPasteOfAMebibyteArrivesWholeAndSeveralLinesAreAskedAbout() throws Exception {
        var screen = open("admin", LinkOpsProcess.PASSWORD, "/terminal/" + Terminals.connected(api, "link-001"));
        var page = screen.page();
        see(page, 1, PROMPT);
        type(
                page,
                1,
                "bind 'set enable-bracketed-paste off'; stty raw -echo; echo ra''w; head -c " + MEBIBYTE
                        + " | sha256sum; stty sane");
        see(page, 1, "raw");
        var text = "0123456789abcdef".repeat(MEBIBYTE / 16);
        paste(page, 1, text);
        see(page, 1, sha256(text));
        type(page, 1, "");

        paste(page, 1, "echo fi''rst\necho sec''ond\n");
        var dialog = page.getByRole(AriaRole.DIALOG);
        assertThat(dialog).containsText("Paste 2 lines into pane 1?");
        screen.glance("terminal/paste-gray-1440");
        dialog.getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Cancel"))
                .click();
        assertThat(screen(page, 1)).not().containsText("first");
        paste(page, 1, "echo fi''rst\necho sec''ond\n");
        page.keyboard().press("Tab"); // from the close button on
        dialog.getByRole(
                        AriaRole.BUTTON,
                        new Locator.GetByRoleOptions().setName("Paste").setExact(true))
                .click();
        see(page, 1, "first");
        see(page, 1, "second");
    }

    @Test
    void aReloadKeepsTheShellItsOutputAndAProgramThatFillsTheScreen() throws Exception {
        var screen = open("admin", LinkOpsProcess.PASSWORD, "/terminal/" + Terminals.connected(api, "link-002"));
        var page = screen.page();
        type(page, 1, "echo kept''-$$");
        see(page, 1, Pattern.compile("kept-\\d+"));
        var shell = Pattern.compile("kept-\\d+").matcher(screen(page, 1).innerText());
        assertThat(shell.find()).isTrue();
        page.reload();
        see(page, 1, shell.group());
        type(page, 1, "echo again''-$$");
        see(page, 1, shell.group().replace("kept", "again"));

        type(page, 1, "vim -u NONE -N other.txt");
        see(page, 1, "other.txt");
        page.keyboard().type("iamid the edit");
        see(page, 1, "amid the edit");
        page.reload();
        see(page, 1, "amid the edit");
        page.locator(".xterm-helper-textarea").first().focus();
        page.keyboard().press("Escape");
        page.keyboard().type(":q!\n");
        see(page, 1, "vim -u NONE");
        type(page, 1, "echo left v''im");
        see(page, 1, "left vim");
        // what vim asked the terminal was not answered a second time
        assertThat(screen(page, 1)).not().containsText(Pattern.compile("\\d+;\\d+c|rgb:"));
    }

    @Test
    void aSecondPersonWatchesAndTakesOver() throws Exception {
        var id = Terminals.connected(api, "link-003");
        var share = new JsonObject().put("user", "bob").put("mode", "control");
        assertThat(api.post(Terminals.path(id) + "/shares", share).status()).isEqualTo(200);
        var owners = open("admin", LinkOpsProcess.PASSWORD, "/terminal/" + id);
        var owner = owners.page();
        see(owner, 1, PROMPT);
        var watchers = open("bob", SECOND_PASSWORD, "/terminal/" + id);
        var watcher = watchers.page();
        assertThat(watcher.locator(".term-state")).containsText("admin types here, you watch");
        type(owner, 1, "echo shown to b''oth; stty size");
        see(watcher, 1, "shown to both");
        watcher.locator(".xterm-helper-textarea").focus();
        watcher.keyboard().type("echo smuggled\n");
        watcher.setViewportSize(1000, 500);
        watchers.shoot("terminal/watching-gray-1000");
        assertThat(screen(owner, 1)).not().containsText("smuggled");
        assertThat(sizeShown(watcher, 1)).isEqualTo(sizeShown(owner, 1));

        watcher.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Take over"))
                .click();
        assertThat(owner.locator(".term-state")).containsText("bob types here, you watch");
        type(watcher, 1, "echo from b''ob");
        see(owner, 1, "from bob");
        assertThat(owner.locator(".toasts")).containsText("bob has taken over");
        owner.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Take over"))
                .click();
        type(owner, 1, "echo mine ag''ain");
        see(watcher, 1, "mine again");
    }

    @Test
    void everythingGoesByKeyboardWithTwoPanesBroadcastSearchAndReplay() throws Exception {
        var screen = open("admin", LinkOpsProcess.PASSWORD, "/links?q=link-00");
        var page = screen.page();
        var grid = page.getByRole(AriaRole.GRID);
        assertThat(grid.getByRole(AriaRole.ROW)).not().hasCount(1);
        grid.focus();
        page.keyboard().press("j");
        page.keyboard().press("j");
        page.keyboard().press("j");
        page.keyboard().press("x");
        page.keyboard().press("j");
        page.keyboard().press("x");
        assertThat(page.getByRole(AriaRole.TOOLBAR, new Page.GetByRoleOptions().setName("Selected links")))
                .containsText("2 selected");
        screen.glance("terminal/entry-gray-1440");
        page.keyboard().press("t");
        assertThat(page.locator(".title")).containsText("2/2 connected");
        see(page, 1, PROMPT);
        see(page, 2, PROMPT);

        page.keyboard().press("Alt+2");
        page.keyboard().type("echo only t''wo\n");
        see(page, 2, "only two");
        assertThat(screen(page, 1)).not().containsText("only");
        page.keyboard().press("Alt+1");

        page.keyboard().press("Control+Shift+B");
        assertThat(page.getByLabel("Send to the chosen panes")).isFocused();
        page.keyboard().type("echo both to''gether");
        screen.glance("terminal/broadcast-gray-1440");
        page.keyboard().press("Enter");
        see(page, 1, "both together");
        see(page, 2, "both together");
        pane(page, 2).getByRole(AriaRole.CHECKBOX).uncheck();
        page.getByLabel("Send to the chosen panes").fill("echo one al''one");
        page.keyboard().press("Enter");
        see(page, 1, "one alone");
        assertThat(screen(page, 2)).not().containsText("alone");
        page.getByLabel("Send to the chosen panes").press("Escape");

        page.keyboard().press("Control+Shift+F");
        assertThat(page.getByRole(AriaRole.SEARCHBOX, new Page.GetByRoleOptions().setName("Search the terminal")))
                .isFocused();
        page.keyboard().type("together");
        assertThat(page.getByRole(AriaRole.SEARCH)).containsText(Pattern.compile("\\d/\\d"));
        screen.glance("terminal/search-gray-1440");
        page.keyboard().press("Escape");

        page.keyboard().type("exit 3\n");
        assertThat(pane(page, 1)).containsText("The shell ended with exit code 3.");
        screen.shoot("terminal/ended-gray-1440");
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Reconnect failed"))
                .press("Enter");
        assertThat(page.locator(".title")).containsText("2/2 connected");
        see(page, 1, "one alone");
        type(page, 1, "echo ne''w; exit");
        see(page, 1, "new");
        page.keyboard().press("Alt+0");
        page.keyboard().press("g");
        page.keyboard().press("t");
        page.getByRole(
                        AriaRole.BUTTON,
                        new Page.GetByRoleOptions().setName("Recordings").setExact(true))
                .press("Enter");
        assertThat(page.getByRole(AriaRole.GRID)).containsText("exit 3");
        page.getByRole(AriaRole.GRID).focus();
        page.keyboard().press("Enter");
        assertThat(page.locator(".player")).containsText("/ 0:");
        assertThat(page.locator(".player .xterm-rows")).containsText(PROMPT);
        screen.glance("terminal/replay-gray-1440");
    }

    @Test
    void axeFindsNothingAndTheScreensFitInEveryTheme() throws Exception {
        var id = Terminals.connected(api, "link-004", "link-005", "link-006", "link-007");
        var screen = open("admin", LinkOpsProcess.PASSWORD, "/terminal/" + id);
        var page = screen.page();
        for (int pane = 1; pane <= 4; pane++) {
            see(page, pane, PROMPT);
            type(page, pane, pane == 1 ? COLOURS : "ls -la / | head -" + (5 * pane));
        }
        type(page, 4, "exit 1");
        assertThat(pane(page, 4)).containsText("exit code 1");
        var recorded = api.get("/api/terminal/recordings").json().getJsonArray("recordings");
        assertThat(recorded.size()).isPositive();
        var recording = recorded.getJsonObject(0).getString("id");
        for (var at : Map.of(
                        "workspace",
                        "/terminal/" + id,
                        "list",
                        "/terminal",
                        "recordings",
                        "/terminal?view=recordings",
                        "recording",
                        "/terminal/recordings/" + recording)
                .entrySet()) {
            screen.go(at.getValue());
            if (at.getKey().equals("workspace")) {
                see(page, 1, PROMPT);
            } else if (at.getKey().equals("recording")) {
                assertThat(page.locator(".player .xterm-rows")).containsText(PROMPT);
            }
            screen.look("terminal/" + at.getKey());
        }
    }

    @Test
    void onAPhoneOnePaneIsShownWithTheKeysThatScreenKeyboardsLack() throws Exception {
        var screen =
                open("admin", LinkOpsProcess.PASSWORD, "/terminal/" + Terminals.connected(api, "link-001", "link-002"));
        var page = screen.page();
        screen.phone();
        see(page, 1, PROMPT);
        assertThat(pane(page, 2)).isHidden();
        type(page, 1, "sleep 1000");
        see(page, 1, "sleep 1000");
        page.getByRole(
                        AriaRole.BUTTON,
                        new Page.GetByRoleOptions().setName("Ctrl").setExact(true))
                .click();
        page.keyboard().type("c");
        page.keyboard().type("echo interru''pted\n");
        see(page, 1, "interrupted");
        page.getByRole(
                        AriaRole.BUTTON,
                        new Page.GetByRoleOptions().setName("Up").setExact(true))
                .click();
        see(page, 1, "echo interru''pted");
        page.getByRole(AriaRole.GROUP, new Page.GetByRoleOptions().setName("Pane"))
                .getByRole(AriaRole.BUTTON)
                .nth(1)
                .click();
        assertThat(pane(page, 2)).isVisible();
        see(page, 2, PROMPT);
    }

    private static final String COLOURS =
            "clear; for i in 0 1 2 3 4 5 6 7; do printf '\\033[3%dmcolour %d \\033[9%dmbright %d\\033[0m\\n"
                    + "' $i $i $i $i; done; printf '日本語 🚀 \\033[1mbold\\033[0m \\033[7mreverse\\033[0m\\n"
                    + "'";

    // ---- hands and eyes ------------------------------------------------------------------------------------------

    private Screen open(String user, String password, String path) {
        var screen = first.another();
        screens.add(screen);
        screen.page().navigate(screen.at(path));
        return screen.logIn(user, password);
    }

    private static Locator pane(Page page, int number) {
        return page.locator(".term-pane").nth(number - 1);
    }

    private static Locator screen(Page page, int number) {
        return pane(page, number).locator(".xterm-rows");
    }

    private static Locator lastLine(Page page, int number) {
        return screen(page, number).locator("> div").last();
    }

    private static void see(Page page, int number, String text) {
        assertThat(screen(page, number)).containsText(text);
    }

    private static void see(Page page, int number, Pattern text) {
        assertThat(screen(page, number)).containsText(text);
    }

    private static void type(Page page, int number, String line) {
        pane(page, number).locator(".xterm-helper-textarea").focus();
        page.keyboard().insertText(line);
        page.keyboard().press("Enter");
    }

    private static void paste(Page page, int number, String text) {
        pane(page, number)
                .locator(".xterm-helper-textarea")
                .evaluate(
                        "(area, text) => { const data = new DataTransfer(); data.setData('text/plain', text);"
                                + " area.dispatchEvent(new ClipboardEvent('paste',"
                                + " { clipboardData: data, bubbles: true, cancelable: true })); }",
                        text);
    }

    /** Rows of the terminal as it is drawn. */
    private static String sizeShown(Page page, int number) {
        return screen(page, number).locator("> div").count() + " rows";
    }

    private static int rows(String size) {
        return Integer.parseInt(size.substring(0, size.indexOf(' ')));
    }

    /** Rows of the terminal as a program over there is told. */
    private String sizeSaid(Page page, int number) {
        asked++;
        type(page, number, "clear; echo \"answer " + asked + ": $(stty size | cut -d' ' -f1) ro\"ws");
        var said = Pattern.compile("answer " + asked + ": (\\d+) rows");
        see(page, number, said);
        var found = said.matcher(screen(page, number).innerText());
        assertThat(found.find()).isTrue();
        return found.group(1) + " rows";
    }

    private static String sha256(String text) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8)));
    }
}
