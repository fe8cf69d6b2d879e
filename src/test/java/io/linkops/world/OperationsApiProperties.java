package io.linkops.world;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkops.bus.Bytes;
import io.linkops.world.ApiClient.Event;
import io.linkops.world.GeneratedScript.Ending;
import io.linkops.world.GeneratedScript.Piece;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** P15 to P20, P31 to P33: operations from the request to the record, over HTTP, real Git, real SSH and real bash. */
class OperationsApiProperties {
    private static final int LINKS = 4;
    private static World world;
    private static LinkOpsHere linkops;

    /** An operation to submit: scripts in order, on the first links. */
    record Plan(List<GeneratedScript> scripts, int links, int concurrency, boolean goesOn) {
        List<String> scriptIds() {
            return IntStream.range(0, scripts.size()).mapToObj(i -> "s" + i).toList();
        }

        List<String> targets() {
            return world.ids().subList(0, links);
        }

        /** What each execution must come to; a link's later scripts are skipped after a failure, unless it goes on. */
        Map<String, String> expected() {
            var expected = new HashMap<String, String>();
            for (int link = 0; link < links; link++) {
                boolean isBroken = false;
                for (int script = 0; script < scripts.size(); script++) {
                    var status = scripts.get(script).endings().get(link).status();
                    expected.put(key(targets().get(link), "s" + script), isBroken ? "skipped" : status);
                    isBroken |= !goesOn && !status.equals("success");
                }
            }
            return expected;
        }
    }

    @BeforeContainer
    static void start() throws Exception {
        world = World.with(World.newDirectory(), LINKS)
                .script("s0", "#!/bin/bash")
                .commit();
        linkops = LinkOpsHere.start(world, Map.of());
        World.enroll(linkops.api());
    }

    @AfterContainer
    static void stop() throws Exception {
        linkops.close();
        world.close();
    }

    /**
     * P16 to P20, P31, P33: whatever scripts run on whatever links: what each printed on stdout and stderr, its exit,
     * its times are captured; the status is what the executions make it; never more than N run at once, by the events
     * and by the scripts' own clocks; the stream has every event once, in order, without gap, and closes; the record in
     * the database is whole and is what the API shows.
     */
    @Property(tries = 100, shrinking = ShrinkingMode.OFF)
    @Tag("P16")
    @Tag("P17")
    @Tag("P18")
    @Tag("P19")
    @Tag("P20")
    @Tag("P31")
    @Tag("P33")
    void everyOperationIsCapturedToldAndKept(@ForAll("plans") Plan plan) throws Exception {
        var before = Instant.now().minusMillis(1);
        var id = submit(plan);
        var events = linkops.api().events(id);
        var operation = linkops.api().get("/api/operations/" + id).json();
        var about = "operation " + operation.encodePrettily();
        requireOutcome(plan, operation, about);
        requireTimes(operation, before, about);
        requireEvents(plan, events, about);
        requireOutput(plan, id, operation, events);
        requireConcurrency(plan.concurrency(), events, Files.readAllLines(spans(id)));
        requireRecord(id, operation, events);
        Files.delete(spans(id));
    }

    /** P18: of executions that take a while never more than N run at once, and more links than N are no reason. */
    @Property(tries = 100, shrinking = ShrinkingMode.OFF)
    @Tag("P18")
    void neverMoreThanTheAskedForConcurrencyRuns(
            @ForAll @IntRange(min = 1, max = 3) int concurrency, @ForAll @IntRange(min = 1, max = 2) int scripts)
            throws Exception {
        var ending = new Ending(List.of(), 0, null, 20);
        var slow = new GeneratedScript(java.util.Collections.nCopies(LINKS, ending));
        var plan = new Plan(java.util.Collections.nCopies(scripts, slow), LINKS, concurrency, false);
        var id = submit(plan);
        var events = linkops.api().events(id);
        var spans = Files.readAllLines(spans(id));
        assertThat(spans).hasSize(2 * LINKS * scripts);
        requireConcurrency(concurrency, events, spans);
        Files.delete(spans(id));
    }

    /** P15: a script that is not bash is refused by its name, and no connection is made for it. */
    @Property(tries = 100, shrinking = ShrinkingMode.OFF)
    @Tag("P15")
    void whatIsNotBashIsRefusedBeforeAnyConnection(@ForAll("otherInterpreters") String firstLine) throws Exception {
        world.withoutScripts()
                .script("other", firstLine, "touch " + world.directory().resolve("ran"))
                .commit();
        sync();
        var connections = connectionsMade();
        var operations = linkops.column("SELECT count(*) FROM operations");
        var answer = linkops.api().post("/api/operations/run", request(List.of("other"), world.ids(), 1, false));
        assertThat(answer.status()).as(answer.body()).isEqualTo(400);
        assertThat(answer.errorCode()).isEqualTo("NOT_BASH");
        assertThat(answer.errorMessage()).contains("other").contains("bash");
        assertThat(connectionsMade()).isEqualTo(connections);
        assertThat(linkops.column("SELECT count(*) FROM operations")).isEqualTo(operations);
        assertThat(world.directory().resolve("ran")).doesNotExist();
    }

    /**
     * P32: any page of the history, of any size and status, is newest first, and goes on where the one before ended.
     */
    @Property(tries = 100, shrinking = ShrinkingMode.OFF)
    @Tag("P32")
    void theHistoryIsNewestFirst(
            @ForAll @IntRange(min = 1, max = 60) int limit,
            @ForAll("statuses") String status,
            @ForAll @IntRange(min = 0, max = 1) int more)
            throws Exception {
        for (int i = 0; i < more; i++) {
            World.await(linkops.api(), World.verify(linkops.api(), world.ids().get(i)));
        }
        var expected = linkops.column(
                "SELECT id FROM operations WHERE ? IN ('', lower(status)) ORDER BY queued_at DESC, id DESC", status);
        List<String> found = new ArrayList<>();
        String before = "";
        do {
            var page = linkops.api()
                    .get("/api/operations?limit=" + limit + "&status=" + status + "&before=" + before)
                    .json();
            var ids = objects(page.getJsonArray("operations"))
                    .map(each -> each.getString("id"))
                    .toList();
            assertThat(ids).hasSizeLessThanOrEqualTo(limit);
            found.addAll(ids);
            before = page.getString("next");
        } while (before != null && found.size() < 3 * limit);
        assertThat(found).containsExactlyElementsOf(before == null ? expected : expected.subList(0, 3 * limit));
    }

    // ---- P16, P17 ------------------------------------------------------------------------------------------------

    private static void requireOutcome(Plan plan, JsonObject operation, String about) {
        var expected = plan.expected();
        var found = new HashMap<String, String>();
        World.executions(operation).forEach(each -> found.put(key(each), each.getString("status")));
        assertThat(found).as(about).isEqualTo(expected);
        long good = expected.values().stream().filter("success"::equals).count();
        var status = good == expected.size() ? "success" : good == 0 ? "failed" : "partial";
        assertThat(operation.getString("status")).as(about).isEqualTo(status);
        for (var word : List.of("success", "failed", "skipped")) {
            assertThat(operation.getJsonObject("counts").getLong(word))
                    .isEqualTo(expected.values().stream().filter(word::equals).count());
        }
        World.executions(operation).filter(OperationsApiProperties::hasRun).forEach(each -> {
            var ending = ending(plan, each);
            assertThat(each.getInteger("exit_code")).as(about).isEqualTo(ending.exitCode());
            assertThat(each.getString("signal")).as(about).isEqualTo(ending.signal());
        });
    }

    private static void requireTimes(JsonObject operation, Instant before, String about) {
        World.executions(operation).filter(OperationsApiProperties::hasRun).forEach(each -> {
            var startedAt = each.getInstant("started_at");
            var endedAt = each.getInstant("ended_at");
            assertThat(startedAt).as(about).isAfter(before).isBeforeOrEqualTo(endedAt);
            assertThat(endedAt).as(about).isBeforeOrEqualTo(Instant.now());
            assertThat(each.getLong("duration_ms"))
                    .isEqualTo(Duration.between(startedAt, endedAt).toMillis());
        });
    }

    private static void requireOutput(Plan plan, String id, JsonObject operation, List<Event> events) throws Exception {
        for (var each : World.executions(operation).toList()) {
            for (var stream : List.of("stdout", "stderr")) {
                var expected = hasRun(each) ? ending(plan, each).output(stream) : new byte[0];
                var execution = each.getString("id");
                var path = "/api/operations/" + id + "/executions/" + execution + "/output?stream=" + stream;
                assertThat(linkops.api().download(path))
                        .as(stream + " of " + each)
                        .isEqualTo(expected);
                assertThat(told(events, execution, stream))
                        .as(stream + " of " + each)
                        .isEqualTo(expected);
            }
        }
    }

    private static byte[] told(List<Event> events, String execution, String stream) {
        var bytes = new ByteArrayOutputStream();
        events.stream()
                .filter(event -> event.type().equals("execution.output"))
                .map(Event::data)
                .filter(data -> data.getString("execution").equals(execution))
                .filter(data -> data.getString("stream").equals(stream))
                .forEach(data -> bytes.writeBytes(
                        data.containsKey("base64")
                                ? Base64.getDecoder().decode(data.getString("base64"))
                                : data.getString("data").getBytes(StandardCharsets.UTF_8)));
        return bytes.toByteArray();
    }

    // ---- P19, P20 ------------------------------------------------------------------------------------------------

    /** That the stream was read to its end shows that it closes. */
    private static void requireEvents(Plan plan, List<Event> events, String about) {
        assertThat(events.stream().map(Event::id).toList())
                .as(about)
                .isEqualTo(IntStream.rangeClosed(1, events.size())
                        .mapToObj(Long::valueOf)
                        .toList());
        assertThat(events.getFirst().type()).isEqualTo("operation.started");
        assertThat(events.getLast().type()).isEqualTo("operation.finished");
        var states = new HashMap<String, String>();
        for (var event : events.subList(1, events.size() - 1)) {
            var before = states.getOrDefault(key(event.data()), "");
            switch (event.type()) {
                case "execution.started" -> assertThat(before).isEmpty();
                case "execution.output" -> assertThat(before).isEqualTo("execution.started");
                case "execution.finished" -> assertThat(before).isEqualTo(isSkipped(event) ? "" : "execution.started");
                default -> throw new AssertionError("unexpected " + event);
            }
            states.put(key(event.data()), event.type().equals("execution.output") ? before : event.type());
        }
        assertThat(states.keySet()).isEqualTo(plan.expected().keySet());
        assertThat(states.values()).containsOnly("execution.finished");
    }

    private static boolean isSkipped(Event event) {
        return "skipped".equals(event.data().getString("status"));
    }

    // ---- P18 -----------------------------------------------------------------------------------------------------

    private static void requireConcurrency(int most, List<Event> events, List<String> spans) {
        int running = 0;
        for (var event : events) {
            if (event.type().equals("execution.started")) {
                running++;
            } else if (event.type().equals("execution.finished") && !isSkipped(event)) {
                running--;
            }
            assertThat(running).isLessThanOrEqualTo(most);
        }
        // A line is "time +1" or "time -1"; at the same time ends come first.
        int overlap = 0;
        for (var line : spans.stream()
                .sorted(java.util.Comparator.comparing(OperationsApiProperties::spanKey))
                .toList()) {
            overlap += line.endsWith("+1") ? 1 : -1;
            assertThat(overlap).as("by the scripts' own clocks: " + spans).isLessThanOrEqualTo(most);
        }
    }

    private static String spanKey(String line) {
        return line.replace("+1", "b").replace("-1", "a");
    }

    // ---- P31, P33 ------------------------------------------------------------------------------------------------

    private static void requireRecord(String id, JsonObject operation, List<Event> events) throws Exception {
        assertThat(linkops.column("SELECT lower(status) FROM operations WHERE id = ?", id))
                .containsExactly(operation.getString("status"));
        var executions = "FROM executions WHERE operation_id = ? ORDER BY position";
        assertThat(linkops.column("SELECT id || ' ' || lower(status) || ' ' || output_bytes " + executions, id))
                .containsExactlyElementsOf(World.executions(operation)
                        .map(each -> each.getString("id") + " " + each.getString("status") + " "
                                + each.getLong("output_bytes"))
                        .toList());
        assertThat(linkops.column("SELECT coalesce(exit_code, '') || ' ' || coalesce(signal, '') " + executions, id))
                .containsExactlyElementsOf(World.executions(operation)
                        .map(each -> Objects.toString(each.getInteger("exit_code"), "") + " "
                                + Objects.toString(each.getString("signal"), ""))
                        .toList());
        assertThat(linkops.column(
                        "SELECT seq || ' ' || type FROM journal WHERE stream = ? ORDER BY seq", "operation:" + id))
                .containsExactlyElementsOf(events.stream()
                        .map(event -> event.id() + " " + event.type())
                        .toList());
    }

    // ---- asking --------------------------------------------------------------------------------------------------

    private static String submit(Plan plan) throws Exception {
        world.withoutScripts();
        for (int i = 0; i < plan.scripts().size(); i++) {
            world.script("s" + i, plan.scripts().get(i).lines(world.ids(), world.directory()));
        }
        world.commit();
        sync();
        var answer = linkops.api()
                .post(
                        "/api/operations/run",
                        request(plan.scriptIds(), plan.targets(), plan.concurrency(), plan.goesOn()));
        assertThat(answer.status()).as(answer.body()).isEqualTo(202);
        return answer.json().getString("operation_id");
    }

    private static void sync() throws Exception {
        var synced = linkops.api().post("/api/git/sync");
        assertThat(synced.status()).as(synced.body()).isEqualTo(200);
    }

    private static JsonObject request(List<String> scripts, List<String> targets, int concurrency, boolean goesOn) {
        return new JsonObject()
                .put("scripts", new JsonArray(scripts))
                .put("targets", new JsonArray(targets))
                .put("concurrency", concurrency)
                .put("on_failure", goesOn ? "continue" : "stop");
    }

    private static Path spans(String operation) {
        return GeneratedScript.spans(world.directory(), operation);
    }

    private static long connectionsMade() throws Exception {
        return world.sshd()
                .log()
                .lines()
                .filter(line -> line.startsWith("Connection from"))
                .count();
    }

    private static boolean hasRun(JsonObject execution) {
        return !execution.getString("status").equals("skipped");
    }

    private static Ending ending(Plan plan, JsonObject execution) {
        int script = plan.scriptIds().indexOf(execution.getString("script"));
        int link = plan.targets().indexOf(execution.getString("target"));
        return plan.scripts().get(script).endings().get(link);
    }

    private static String key(JsonObject execution) {
        return key(execution.getString("target"), execution.getString("script"));
    }

    private static String key(String target, String script) {
        return target + " " + script;
    }

    private static java.util.stream.Stream<JsonObject> objects(JsonArray array) {
        return array.stream().map(JsonObject.class::cast);
    }

    // ---- worlds --------------------------------------------------------------------------------------------------

    @Provide
    Arbitrary<Plan> plans() {
        var scripts = endings().list().ofSize(LINKS).map(GeneratedScript::new);
        return Combinators.combine(
                        scripts.list().ofMinSize(1).ofMaxSize(3),
                        Arbitraries.integers().between(1, LINKS),
                        Arbitraries.integers().between(1, LINKS),
                        Arbitraries.of(true, false))
                .as(Plan::new);
    }

    private static Arbitrary<Ending> endings() {
        var texts = Arbitraries.oneOf(
                Arbitraries.strings().ascii().ofMaxLength(40).map(text -> text.getBytes(StandardCharsets.UTF_8)),
                Arbitraries.strings().ofMaxLength(12).map(text -> text.getBytes(StandardCharsets.UTF_8)),
                Arbitraries.of("line\n", "two\nlines\n", "ünïcödé 🚀\n", "\0", "\r\n")
                        .map(text -> text.getBytes(StandardCharsets.UTF_8)),
                Arbitraries.bytes().array(byte[].class).ofMaxSize(20));
        var pieces = Combinators.combine(texts, Arbitraries.of(true, false))
                .as((bytes, isError) -> new Piece(Bytes.of(bytes), isError));
        var codes = Arbitraries.frequencyOf(
                net.jqwik.api.Tuple.of(3, Arbitraries.just(0)),
                net.jqwik.api.Tuple.of(1, Arbitraries.integers().between(1, 125)));
        var signals = Arbitraries.of("KILL", "TERM", "HUP").injectNull(0.95);
        return Combinators.combine(pieces.list().ofMaxSize(4), codes, signals)
                .as((said, code, signal) -> new Ending(said, code, signal, 0));
    }

    @Provide
    Arbitrary<String> otherInterpreters() {
        var names = Arbitraries.of(
                "/bin/sh",
                "/usr/bin/python3",
                "/bin/dash",
                "/usr/bin/perl",
                "/usr/bin/env sh",
                "/usr/bin/env python3",
                "/bin/zsh",
                "/bin/basher",
                "/tmp/bash",
                "bash",
                "/bin/Bash",
                "",
                "/usr/bin/env -S sh bash");
        var words = Arbitraries.strings().alpha().ofMinLength(1).ofMaxLength(8);
        return Arbitraries.oneOf(
                Combinators.combine(names, Arbitraries.of("", " ", "  "), Arbitraries.of("", " -e", " -c bash"))
                        .as((name, blank, option) -> "#!" + blank + name + option),
                words.map(word -> "#!/usr/bin/" + word).filter(Predicate.not("#!/usr/bin/bash"::equals)),
                words,
                words.map(word -> "# " + word),
                Arbitraries.of(
                        "",
                        " #!/bin/bash",
                        "#! /bin/bash\r",
                        "\ufeff#!/bin/bash",
                        "#!/bin/bash\0",
                        "echo #!/bin/bash"));
    }

    @Provide
    Arbitrary<String> statuses() {
        return Arbitraries.of("", "success", "failed", "partial", "running", "stopped");
    }
}
