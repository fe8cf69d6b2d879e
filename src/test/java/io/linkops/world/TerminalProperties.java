package io.linkops.world;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.HotSpotDiagnosticMXBean;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.GenerationMode;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** P21, P22, P23, P24: terminals through the API, on a real sshd. */
class TerminalProperties {
    private static final List<String> LAYOUTS = List.of("single", "grid2x1", "grid1x3", "grid2x2");
    private static final int LINKS = 4;
    private static final Set<String> SEEN = new HashSet<>();
    private static World world;
    private static LinkOpsHere linkops;

    @BeforeContainer
    static void start() throws Exception {
        world = World.with(World.newDirectory(), LINKS)
                .script("nothing", "#!/bin/bash", "true")
                .commit();
        linkops = LinkOpsHere.start(
                world, Map.of("terminal.max_workspaces", 1000, "terminal.max_workspaces_per_user", 1000));
        World.enroll(linkops.api());
    }

    @AfterContainer
    static void stop() throws Exception {
        linkops.close();
        world.close();
    }

    /** P21: every workspace has an id that no other has or had, with at least 128 bits that nobody can guess. */
    @Property(tries = 100, generation = GenerationMode.RANDOMIZED)
    @Tag("P21")
    void everyWorkspaceHasAnIdOfItsOwn(@ForAll @IntRange(min = 0, max = 3) int layout, @ForAll boolean isKept)
            throws Exception {
        var created =
                linkops.api().post("/api/terminal/workspaces", new JsonObject().put("layout", LAYOUTS.get(layout)));
        assertThat(created.status()).as(created.body()).isEqualTo(201);
        var id = created.json().getString("id");
        assertThat(SEEN.add(id)).as(id).isTrue();
        var bits = Base64.getUrlDecoder().decode(id);
        assertThat(bits).hasSizeGreaterThanOrEqualTo(16);
        for (var other : SEEN) {
            if (!other.equals(id)) {
                assertThat(differences(bits, Base64.getUrlDecoder().decode(other)))
                        .isGreaterThan(40);
            }
        }
        assertThat(created.json().getJsonArray("panes")).hasSize(layout + 1);
        if (!isKept) {
            assertThat(linkops.api().delete(Terminals.path(id)).status()).isEqualTo(204);
        }
    }

    private static int differences(byte[] one, byte[] other) {
        int count = 0;
        for (int i = 0; i < one.length; i++) {
            count += Integer.bitCount((one[i] ^ other[i]) & 0xff);
        }
        return count;
    }

    /**
     * What is wanted of a pane.
     *
     * @param link number of the link; 0 for none, more than there are for one unknown
     */
    record Wanted(int pane, int link) {}

    /**
     * P22: links are assigned to panes if and only if all of them are enrolled; otherwise the answer names those that
     * are not, and no pane has changed.
     */
    @Property(tries = 100, shrinking = ShrinkingMode.OFF)
    @Tag("P22")
    void onlyEnrolledLinksAreAssigned(
            @ForAll("wishes") List<Wanted> wishes,
            @ForAll @Size(LINKS) List<Boolean> enrolled,
            @ForAll boolean isVerifiedFirst)
            throws Exception {
        for (int link = 1; link <= LINKS; link++) {
            var file = world.clientIdFile(link(link));
            var text = enrolled.get(link - 1) ? world.clientId(link(link)) : "LINKOPS-another";
            Files.writeString(file, text + "\n");
            linkops.api().post("/api/links/" + link(link) + "/verify");
        }
        if (!isVerifiedFirst) {
            forgetEnrollments();
        }
        var id = linkops.api()
                .post("/api/terminal/workspaces", new JsonObject().put("layout", "grid2x2"))
                .json()
                .getString("id");
        try {
            assign(id, wishes, enrolled);
        } finally {
            linkops.api().delete(Terminals.path(id));
        }
    }

    private static void assign(String id, List<Wanted> wishes, List<Boolean> enrolled) throws Exception {
        var panes = new JsonArray();
        wishes.forEach(each -> panes.add(
                new JsonObject().put("pane", each.pane()).put("link", each.link() == 0 ? null : link(each.link()))));
        var answer = linkops.api().put(Terminals.path(id) + "/panes", new JsonObject().put("panes", panes));
        boolean isUnknown = wishes.stream().anyMatch(each -> each.link() > LINKS);
        var refused = wishes.stream()
                .filter(each -> each.link() > 0 && each.link() <= LINKS && !enrolled.get(each.link() - 1))
                .toList();
        var after = linkops.api().get(Terminals.path(id)).json().getJsonArray("panes");
        for (int pane = 0; pane < LINKS; pane++) {
            int number = pane;
            var expected = wishes.stream()
                    .filter(each -> each.pane() == number && each.link() > 0)
                    .map(each -> link(each.link()))
                    .findFirst();
            boolean isTaken = !isUnknown && refused.isEmpty();
            assertThat(after.getJsonObject(pane).getString("link")).isEqualTo(isTaken ? expected.orElse(null) : null);
        }
        if (isUnknown) {
            assertThat(answer.errorCode()).isEqualTo("LINK_NOT_FOUND");
        } else if (refused.isEmpty()) {
            assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        } else {
            assertThat(answer.status()).isEqualTo(403);
            assertThat(answer.errorCode()).isEqualTo("NOT_ENROLLED");
            for (var each : refused) {
                assertThat(answer.errorMessage()).contains(link(each.link()));
            }
        }
    }

    /** As before the first look: the database is past LinkOps' memory, so the look is made too old instead. */
    private static void forgetEnrollments() throws Exception {
        // a new client id in Git and back again makes every look void
        world.commit(world.linksYaml().replace("clientId: LINKOPS-", "clientId: LINKOPS-x"));
        linkops.api().post("/api/git/sync");
        world.commit();
        linkops.api().post("/api/git/sync");
    }

    private static String link(int number) {
        return "link-%03d".formatted(number);
    }

    @Provide
    Arbitrary<List<Wanted>> wishes() {
        var panes = Arbitraries.integers().between(0, 3).set().ofMinSize(1).ofMaxSize(4);
        var links = Arbitraries.frequencyOf(
                        net.jqwik.api.Tuple.of(1, Arbitraries.just(0)),
                        net.jqwik.api.Tuple.of(8, Arbitraries.integers().between(1, LINKS)),
                        net.jqwik.api.Tuple.of(1, Arbitraries.just(LINKS + 1)))
                .list()
                .ofSize(4);
        return Combinators.combine(panes, links).as((numbers, chosen) -> {
            var wishes = new ArrayList<Wanted>();
            numbers.forEach(pane -> wishes.add(new Wanted(pane, chosen.get(pane))));
            return wishes;
        });
    }

    private static String routing;
    private static TerminalClient client;

    /** @param data never empty, without a line's end */
    record Line(int pane, String data) {}

    /**
     * P23: whatever is typed into any panes of one socket, in text or binary frames, in any order, each pane's program
     * gets exactly its own bytes in order, and what it prints comes back on that pane byte for byte.
     */
    @Property(tries = 100, shrinking = ShrinkingMode.OFF)
    @Tag("P23")
    void everyPaneGetsItsOwnBytesAndNoOthers(@ForAll("lines") List<Line> lines, @ForAll boolean isBinary)
            throws Exception {
        if (routing == null) {
            begin();
        }
        var before = new int[LINKS];
        for (int pane = 0; pane < LINKS; pane++) {
            before[pane] = client.size(pane);
        }
        var expected = new ArrayList<StringBuilder>();
        for (int pane = 0; pane < LINKS; pane++) {
            expected.add(new StringBuilder());
        }
        for (var line : lines) {
            if (isBinary) {
                var text = (line.data() + "\n").getBytes(StandardCharsets.UTF_8);
                var frame = new byte[text.length + 1];
                frame[0] = (byte) line.pane();
                System.arraycopy(text, 0, frame, 1, text.length);
                client.sendBytes(frame);
            } else {
                client.type(line.pane(), line.data() + "\n");
            }
            expected.get(line.pane()).append(line.data()).append('\n');
        }
        for (int pane = 0; pane < LINKS; pane++) {
            int number = pane;
            var wanted = expected.get(pane).toString().getBytes(StandardCharsets.UTF_8);
            Patience.until(
                    "pane " + pane + " has answered", () -> client.size(number) - before[number] >= wanted.length);
            var all = client.bytes(pane);
            assertThat(new String(all, before[pane], all.length - before[pane], StandardCharsets.UTF_8))
                    .isEqualTo(expected.get(pane).toString());
        }
    }

    private static void begin() throws Exception {
        restoreClientIds();
        routing = Terminals.connected(linkops.api(), link(1), link(2), link(3), link(4));
        client = TerminalClient.open(linkops.port(), linkops.api().token(), routing, "output=binary&acks=true");
        for (int pane = 0; pane < LINKS; pane++) {
            Terminals.hush(client, pane);
            client.type(pane, "stty raw -echo; echo ra''w; cat\n");
            client.until(pane, "raw\n");
        }
    }

    private static void restoreClientIds() throws Exception {
        for (int link = 1; link <= LINKS; link++) {
            Files.writeString(world.clientIdFile(link(link)), world.clientId(link(link)) + "\n");
            linkops.api().post("/api/links/" + link(link) + "/verify");
        }
    }

    @Provide
    Arbitrary<List<Line>> lines() {
        var text = Arbitraries.strings()
                .withCharRange(' ', '~')
                .withChars("\t\u0001\u0003\u0004\u001a\u001b\u007f\u0011\u0013\u00e4\u00e9\u0416\u5b57".toCharArray())
                .ofMinLength(1)
                .ofMaxLength(300);
        return Combinators.combine(Arbitraries.integers().between(0, LINKS - 1), text)
                .as(Line::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(20);
    }

    /** How a shell is ended. */
    enum Ending {
        DISCONNECT,
        EXIT,
        DELETE,
        FLOODING,
        STOPPED_READER
    }

    /**
     * P24: however a shell is ended, the terminal over there is gone, what ran in it too, and nothing is left here: no
     * thread, no connection in use, no memory for its output.
     */
    @Property(tries = 100, shrinking = ShrinkingMode.OFF, generation = GenerationMode.RANDOMIZED)
    @Tag("P24")
    void nothingIsLeftOfAShellThatWasEnded(
            @ForAll("endings") Ending ending, @ForAll @IntRange(min = 1, max = 4) int panes) throws Exception {
        restoreOnce();
        var links = new String[panes];
        for (int pane = 0; pane < panes; pane++) {
            links[pane] = link(1 + pane % LINKS);
        }
        var id = Terminals.connected(linkops.api(), links);
        assertThat(world.sshd().shells()).isEqualTo(panes);
        try (var socket = TerminalClient.open(linkops.port(), linkops.api().token(), id, "acks=true")) {
            for (int pane = 0; pane < panes; pane++) {
                end(socket, id, pane, ending);
            }
            for (int pane = 0; pane < panes && ending != Ending.DELETE; pane++) {
                socket.awaitStatus(pane, "closed");
            }
            if (ending == Ending.DELETE) {
                assertThat(socket.awaitClose()).isEqualTo(4000);
            }
        }
        Patience.until("no terminal is left over there", () -> world.sshd().shells() == 0);
        Patience.until("no thread of them is left", () -> threads() == 0);
        if (ending != Ending.DELETE) {
            var state = Terminals.pane(linkops.api(), id, 0);
            if (ending != Ending.EXIT) {
                assertThat(state.getLong("start")).isEqualTo(state.getLong("end"));
            }
            linkops.api().delete(Terminals.path(id));
        }
        assertThat(linkops.column("SELECT id FROM terminal_sessions WHERE closed_at IS NULL"))
                .isEmpty();
    }

    /** The last is slow: the server over there holds on to the terminal until its connection ends. */
    @Provide
    Arbitrary<Ending> endings() {
        return Arbitraries.frequency(
                net.jqwik.api.Tuple.of(6, Ending.DISCONNECT),
                net.jqwik.api.Tuple.of(4, Ending.EXIT),
                net.jqwik.api.Tuple.of(4, Ending.DELETE),
                net.jqwik.api.Tuple.of(5, Ending.FLOODING),
                net.jqwik.api.Tuple.of(1, Ending.STOPPED_READER));
    }

    private static void end(TerminalClient socket, String id, int pane, Ending ending) throws Exception {
        switch (ending) {
            case DISCONNECT -> socket.say("disconnect", pane);
            case EXIT -> socket.type(pane, "exit\n");
            case DELETE -> linkops.api().delete(Terminals.path(id));
            case FLOODING -> {
                socket.type(pane, "yes\n");
                socket.until(pane, "y\r\ny\r\n");
                socket.say("disconnect", pane);
            }
            case STOPPED_READER -> {
                socket.type(pane, "stty raw; echo sl''eeps; sleep 1000\n");
                socket.until(pane, "sleeps");
                socket.type(pane, "x".repeat(100_000));
                socket.say("disconnect", pane);
            }
        }
    }

    private static boolean isRestored;

    private static void restoreOnce() throws Exception {
        if (!isRestored) {
            isRestored = true;
            if (routing != null) {
                client.close();
                linkops.api().delete(Terminals.path(routing));
                Patience.until("no terminal is left", () -> world.sshd().shells() == 0);
            }
            restoreClientIds();
        }
    }

    /** Virtual threads are not in the usual lists of threads. */
    private static long threads() throws Exception {
        var file = Files.createTempFile("threads", ".txt");
        Files.delete(file);
        var dump = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
        dump.dumpThreads(file.toString(), HotSpotDiagnosticMXBean.ThreadDumpFormat.TEXT_PLAIN);
        try (var lines = Files.lines(file)) {
            return lines.filter(line -> line.contains("\"terminal-")).count();
        } finally {
            Files.delete(file);
        }
    }
}
