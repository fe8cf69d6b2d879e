package io.linkops.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import io.linkops.fleet.FaultyProxy;
import io.linkops.world.ApiClient;
import io.linkops.world.LinkOpsProcess;
import io.linkops.world.Patience;
import io.linkops.world.Terminals;
import io.linkops.world.World;
import io.vertx.core.json.JsonArray;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Programs that take the whole terminal, and what becomes of one when its connection is cut: a real browser, a real
 * LinkOps behind a network that misbehaves as it is told, a real sshd.
 */
class TerminalProgramsBrowserIT {
    private static final Pattern PROMPT = Pattern.compile("[$#]");

    private static World world;
    private static LinkOpsProcess linkops;
    private static ApiClient api;
    private static FaultyProxy network;
    private static Screen near;
    private static Screen far;

    private final List<Screen> screens = new ArrayList<>();

    @BeforeAll
    static void start() throws Exception {
        world = World.with(World.newDirectory(), 2, List.of("PermitUserEnvironment no", "AcceptEnv LANG"))
                .script("nothing", "#!/bin/bash", "true")
                .commit();
        linkops = world.serve(Map.of("terminal.max_workspaces_per_user", 100));
        api = linkops.login();
        World.enroll(api);
        network = FaultyProxy.start(linkops.awaitPort());
        near = Screen.launch(linkops);
        far = near.another("http://127.0.0.1:" + network.port());
    }

    @AfterAll
    static void stop() throws Exception {
        if (far != null) {
            far.close();
        }
        if (near != null) {
            near.close();
        }
        if (network != null) {
            network.close();
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

    // ---- programs ------------------------------------------------------------------------------------------------

    @Test
    void htopShowsItsBarsAnswersKeysAndTheMouseAndIsToldOfAnotherSize() throws Exception {
        var screen = open(near, Terminals.connected(api, "link-001"));
        var page = screen.page();
        see(page, PROMPT);
        // the pane is fitted after the first prompt, and a program that starts just then may miss it
        assertThat(rowsOf(page)).not().hasCount(24);
        type(page, "until [ \"$(stty size | cut -d' ' -f1)\" = " + rows(page) + " ]; do sleep 0.1; done; echo si''zed");
        see(page, "sized");
        // its settings go where they bother nobody
        type(page, "cd $(mktemp -d); set +m; for n in 91 92 93; do sleep ${n}0 & pids=$pids,$!; done; clear");
        type(page, "HTOPRC=$PWD/htoprc htop --sort-key=PID -p ${pids#,}");
        see(page, Pattern.compile("Mem\\[\\|.*]"));
        see(page, Pattern.compile("PID.*USER.*Command"));
        see(page, "sleep 910");
        assertThat(lastLine(page)).containsText("F10Quit");
        screen.shoot("terminal/htop-gray-1440");

        page.keyboard().press("F1");
        see(page, "Released under the GNU GPL");
        page.keyboard().press("Escape");
        see(page, "sleep 920");

        // where it is clicked the row is chosen, and the key goes to that process and to no other
        var row = line(page, "sleep 920").boundingBox();
        page.mouse().click(row.x + 200, row.y + row.height / 2);
        assertThat(line(page, "sleep 920").locator("span[class*=xterm-bg-]").first())
                .isVisible();
        page.keyboard().press("F9");
        see(page, "Send signal:");
        page.keyboard().press("Enter");
        assertThat(screen(page)).not().containsText("sleep 920");
        see(page, "sleep 910");
        see(page, "sleep 930");

        var before = rows(page);
        page.setViewportSize(1000, 560);
        assertThat(rowsOf(page)).not().hasCount(before);
        assertThat(lastLine(page)).containsText("F10Quit");
        page.setViewportSize(1440, 900);
        assertThat(rowsOf(page)).hasCount(before);
        assertThat(lastLine(page)).containsText("F10Quit");
        page.keyboard().press("F10");
        assertThat(lastLine(page)).not().containsText("F10Quit");
        type(page, "clear; jobs -r | wc -l | sed 's/^/left: /'; kill %1 %3; stty size | sed 's/ /x/; s/^/size /'");
        see(page, Pattern.compile("left: 2(?!\\d)"));
        see(page, Pattern.compile("size " + before + "x\\d+"));
    }

    @Test
    void aProgramThatAsksForTheMouseIsToldTheCellAndOtherwiseADragSelects() throws Exception {
        var screen = open(near, Terminals.connected(api, "link-001"));
        var page = screen.page();
        page.context()
                .grantPermissions(
                        List.of("clipboard-read", "clipboard-write"),
                        new BrowserContext.GrantPermissionsOptions().setOrigin(screen.at("")));
        see(page, PROMPT);
        choose(page, "Copy on selection");
        type(page, "clear; stty size | sed 's/ /x/; s/^/size /'");
        var size = Pattern.compile("size (\\d+)x(\\d+)");
        see(page, size);
        var found = size.matcher(screen(page).innerText());
        assertThat(found.find()).isTrue();
        int columns = Integer.parseInt(found.group(2));
        int rows = Integer.parseInt(found.group(1));

        type(page, "clear; printf 'left alone\\nto be chosen by hand\\n'");
        see(page, "to be chosen by hand");
        var cell = new Cells(page, columns, rows);
        cell.drag(7, 2, 12, 2);
        Patience.until("what was chosen is copied", () -> "chosen".equals(copied(page)));

        // cat shows what it is sent; keys and mouse alike
        type(page, "clear; stty -icanon -echo; printf '\\033[?1000h\\033[?1006hrep''orts: '; cat -v");
        see(page, "reports: ");
        cell.click(10, 5);
        see(page, "^[[<0;10;5M^[[<0;10;5m");
        cell.click(columns, rows);
        see(page, "^[[<0;%d;%dM^[[<0;%d;%dm".formatted(columns, rows, columns, rows));
        cell.wheel(3, 7, -120);
        see(page, "^[[<64;3;7M");
        cell.wheel(3, 7, 120);
        see(page, "^[[<65;3;7M");
        page.keyboard().press("Control+c");
        type(page, "printf '\\033[?1000l\\033[?1006l'; stty sane; clear; echo no more repo''rts");
        see(page, "no more reports");
        cell.click(10, 5);
        cell.drag(4, 1, 7, 1);
        Patience.until("what was chosen is copied", () -> "more".equals(copied(page)));
        assertThat(screen(page)).not().containsText("[<0");
    }

    // ---- connections ---------------------------------------------------------------------------------------------

    @Test
    void aConnectionThatIsCutComesBackByItselfAndNothingIsLostOrDoubled() throws Exception {
        var id = Terminals.connected(api, "link-002");
        var screen = open(far, id);
        var page = screen.page();
        see(page, PROMPT);
        type(page, "PS1='> '; clear");
        // no connection lives longer than this, and most end in the middle of a frame
        long before = network.accepted();
        network.cutAfter(150_000);
        type(page, "seq -f line-%.0f-$(printf %0400d 0) 1 2000; echo all s''aid");
        see(page, "all said");
        network.mode(FaultyProxy.Mode.PASS);
        assertThat(network.accepted() - before).as("connections").isGreaterThan(3);
        assertThat(page.locator(".term-state")).hasCount(0);

        network.mode(FaultyProxy.Mode.REFUSE);
        assertThat(page.locator(".term-state")).containsText("The connection is lost. It is made again by itself");
        assertThat(pane(page)).containsText("Reconnecting…");
        see(page, "all said");
        screen.shoot("terminal/reconnecting-gray-1440");
        page.keyboard().type("echo typed while it was away");
        network.mode(FaultyProxy.Mode.PASS);
        assertThat(page.locator(".term-state")).hasCount(0);
        assertThat(pane(page)).not().containsText("Reconnecting…");
        type(page, "echo ba''ck");
        see(page, "back");

        screen.forgiveTheNetwork();
        var text = transcript(page);
        assertThat(text.lines().filter(line -> line.startsWith("line-")))
                .containsExactlyElementsOf(IntStream.rangeClosed(1, 2000)
                        .mapToObj(i -> "line-" + i + "-" + "0".repeat(400))
                        .toList());
        assertThat(text.lines().filter(line -> line.equals("all said"))).hasSize(1);
        assertThat(text).doesNotContain("while it was away");
        assertThat(text.lines().filter(line -> line.equals("back"))).hasSize(1);
    }

    // ---- the desk ------------------------------------------------------------------------------------------------

    @Test
    void theLinesBetweenPanesAreMovedByMouseAndByKeyboardAndStayWhereTheyWere() throws Exception {
        var id = Terminals.workspace(api, "link-001", "link-002", "link-001", "link-002");
        var screen = open(near, id);
        var page = screen.page();
        var columns = page.getByRole(AriaRole.SEPARATOR, new Page.GetByRoleOptions().setName("Between the columns"));
        var rows = page.getByRole(AriaRole.SEPARATOR, new Page.GetByRoleOptions().setName("Between the rows"));
        assertThat(columns).hasAttribute("aria-valuenow", "50");
        var line = columns.boundingBox();
        var grid = page.locator(".term-grid").boundingBox();
        page.mouse().move(line.x + line.width / 2, line.y + 100);
        page.mouse().down();
        page.mouse().move(grid.x + grid.width * 0.6, line.y + 120);
        page.mouse().move(grid.x + grid.width * 0.7, line.y + 100);
        page.mouse().up();
        assertThat(columns).hasAttribute("aria-valuenow", "70");
        var first = pane(page).boundingBox();
        assertThat(first.width / grid.width).isBetween(0.68, 0.71);

        rows.focus();
        page.keyboard().press("ArrowUp");
        page.keyboard().press("Shift+ArrowUp");
        assertThat(rows).hasAttribute("aria-valuenow", "38");
        screen.shoot("terminal/split-gray-1440");
        screen.requireAccessible("lines between panes");
        page.reload();
        assertThat(columns).hasAttribute("aria-valuenow", "70");
        assertThat(rows).hasAttribute("aria-valuenow", "38");
        assertThat(pane(page).boundingBox().width).isEqualTo(first.width);

        rows.focus();
        page.keyboard().press("Home");
        assertThat(rows).hasAttribute("aria-valuenow", "12");
        page.keyboard().press("End");
        assertThat(rows).hasAttribute("aria-valuenow", "88");
        page.keyboard().press("Enter");
        assertThat(rows).hasAttribute("aria-valuenow", "50");
        assertThat(columns).hasAttribute("aria-valuenow", "70");
    }

    @Test
    void aWorkspaceIsNamedAndOpenedAgainUnderItsName() throws Exception {
        var screen = open(near, Terminals.workspace(api, "link-001", "link-002"));
        var page = screen.page();
        choose(page, "Name the workspace…");
        assertThat(page.getByLabel("Name", new Page.GetByLabelOptions().setExact(true)))
                .isFocused();
        page.keyboard().type("The <b>web</b> tier");
        page.keyboard().press("Enter");
        assertThat(page.locator("h1")).hasText("The <b>web</b> tier");
        page.getByRole(AriaRole.SEPARATOR).focus();
        page.keyboard().press("Shift+ArrowRight");
        choose(page, "Close the workspace…");
        assertThat(page.getByRole(AriaRole.DIALOG)).containsText("“The <b>web</b> tier” is remembered");
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Close it"))
                .click();

        var remembered = page.getByRole(AriaRole.REGION, new Page.GetByRoleOptions().setName("Remembered"));
        assertThat(remembered).containsText("link-001, link-002");
        screen.shoot("terminal/remembered-gray-1440");
        screen.requireAccessible("what is remembered");
        remembered
                .getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Open The"))
                .click();
        assertThat(page.locator("h1")).hasText("The <b>web</b> tier");
        assertThat(page.locator(".title")).containsText("2/2 connected");
        assertThat(page.getByRole(AriaRole.SEPARATOR)).hasAttribute("aria-valuenow", "60");

        choose(page, "Rename the workspace…");
        page.getByLabel("Name", new Page.GetByLabelOptions().setExact(true)).fill("Web");
        page.keyboard().press("Enter");
        assertThat(page.locator("h1")).hasText("Web");
        assertThat(page.getByRole(AriaRole.SEPARATOR)).hasAttribute("aria-valuenow", "60");
        choose(page, "All workspaces");
        assertThat(page.locator(".term-list")).containsText("Web");
        assertThat(remembered).hasCount(0);
    }

    // ---- recordings ----------------------------------------------------------------------------------------------

    @Test
    void aRecordingIsPlayedSoughtMadeFasterAndFetched() throws Exception {
        var id = Terminals.connected(api, "link-001");
        var session = Terminals.pane(api, id, 0).getString("session");
        var screen = open(near, id);
        var page = screen.page();
        see(page, PROMPT);
        type(page, "PS1='> '; clear; echo fir''st; sleep 3; echo sec''ond; sleep 1; echo thi''rd; exit");
        assertThat(pane(page)).containsText("The shell ended.");
        screen.go("/terminal/recordings/" + session);
        var player = page.locator(".player");
        var shown = player.locator(".xterm-rows");
        var slider = player.getByRole(AriaRole.SLIDER);
        var speed = player.getByLabel("Speed");

        // it begins by itself, and goes on to the end
        assertThat(player.getByRole(AriaRole.BUTTON)).hasAccessibleName("Pause (Space)");
        speed.selectOption("16");
        assertThat(shown).containsText("third");
        assertThat(player.getByRole(AriaRole.BUTTON)).hasAccessibleName("Play (Space)");
        slider.focus();
        page.keyboard().press("Home");
        assertThat(shown).not().containsText("first");
        assertThat(player.locator(".player-time")).containsText("0:00 /");
        page.keyboard().press("End");
        assertThat(shown).containsText("third");
        screen.shoot("terminal/replay-end-gray-1440");

        // silences are cut to two seconds, or are as long as they were
        var shortened = length(page);
        player.getByLabel("Shorten silences").uncheck();
        assertThat(shown).not().containsText("first");
        assertThat(length(page)).isGreaterThan(shortened);
        var cast = api.download("/api/terminal/recordings/" + session + "/cast");
        var box = slider.boundingBox();
        var between = (printed(cast, "first") + printed(cast, "second")) / 2 / printed(cast, "third");
        page.mouse().click(box.x + box.width * between, box.y + box.height / 2);
        assertThat(shown).containsText("first");
        assertThat(shown).not().containsText("second");
        assertThat(shown).not().containsText("third");
        page.mouse().click(box.x + 1, box.y + box.height / 2);
        speed.selectOption("8");
        player.getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Play (Space)"))
                .click();
        assertThat(shown).containsText("third");

        var download = page.waitForDownload(() -> page.getByRole(
                        AriaRole.LINK,
                        new Page.GetByRoleOptions().setName("Download").setExact(true))
                .click());
        assertThat(download.suggestedFilename()).isEqualTo(session + ".cast");
        assertThat(Files.readAllBytes(download.path())).isEqualTo(cast);
    }

    /** When this was printed first, in seconds from the beginning. */
    private static double printed(byte[] cast, String text) {
        return new String(cast, UTF_8)
                .lines()
                .skip(1)
                .map(JsonArray::new)
                .filter(event ->
                        event.getString(1).equals("o") && event.getString(2).contains(text))
                .findFirst()
                .orElseThrow()
                .getDouble(0);
    }

    // ---- hands and eyes ------------------------------------------------------------------------------------------

    /** A workspace before a person of its own session. */
    private Screen open(Screen where, String workspace) {
        var screen = where.another();
        screens.add(screen);
        screen.page().navigate(screen.at("/terminal/" + workspace));
        screen.logIn();
        assertThat(pane(screen.page())).isVisible();
        return screen;
    }

    private static Locator pane(Page page) {
        return page.locator(".term-pane").first();
    }

    private static Locator screen(Page page) {
        return pane(page).locator(".xterm-rows");
    }

    private static Locator rowsOf(Page page) {
        return screen(page).locator("> div");
    }

    private static int rows(Page page) {
        return rowsOf(page).count();
    }

    private static Locator lastLine(Page page) {
        return rowsOf(page).last();
    }

    private static Locator line(Page page, String text) {
        return rowsOf(page).filter(new Locator.FilterOptions().setHasText(text)).first();
    }

    private static void see(Page page, String text) {
        assertThat(screen(page)).containsText(text);
    }

    private static void see(Page page, Pattern text) {
        assertThat(screen(page)).containsText(text);
    }

    private static void type(Page page, String line) {
        pane(page).locator(".xterm-helper-textarea").focus();
        page.keyboard().insertText(line);
        page.keyboard().press("Enter");
    }

    private static void choose(Page page, String item) {
        page.getByRole(
                        AriaRole.BUTTON,
                        new Page.GetByRoleOptions().setName("More").setExact(true))
                .click();
        page.getByRole(AriaRole.MENUITEM, new Page.GetByRoleOptions().setName(item))
                .click();
    }

    private static String copied(Page page) {
        return String.valueOf(page.evaluate("navigator.clipboard.readText()"));
    }

    /** All that the first pane can be scrolled to. */
    private static String transcript(Page page) throws Exception {
        Download download = page.waitForDownload(() -> choose(page, "Save what pane 1 shows"));
        return Files.readString(download.path());
    }

    private static int length(Page page) {
        var time = Pattern.compile("/ (\\d+):(\\d+)")
                .matcher(page.locator(".player-time").innerText());
        assertThat(time.find()).isTrue();
        return 60 * Integer.parseInt(time.group(1)) + Integer.parseInt(time.group(2));
    }

    /** Cells of the first pane, counted from one as programs do. */
    private record Cells(Page page, int columns, int rows) {
        void click(int column, int row) {
            page.mouse().click(x(column), y(row));
        }

        void wheel(int column, int row, int by) {
            page.mouse().move(x(column), y(row));
            page.mouse().wheel(0, by);
        }

        /** From the left edge of one cell to the right edge of another. */
        void drag(int fromColumn, int fromRow, int toColumn, int toRow) {
            page.mouse().move(x(fromColumn) - width() * 0.4, y(fromRow));
            page.mouse().down();
            page.mouse().move(x(toColumn) + width() * 0.4, y(toRow));
            page.mouse().up();
        }

        private double x(int column) {
            return box().x + width() * (column - 0.5);
        }

        private double y(int row) {
            return box().y + box().height / rows * (row - 0.5);
        }

        private double width() {
            return box().width / columns;
        }

        private com.microsoft.playwright.options.BoundingBox box() {
            return pane(page).locator(".xterm-screen").boundingBox();
        }
    }
}
