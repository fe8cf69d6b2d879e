package io.linkops.world;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/**
 * P15: a value that the catalog allows reaches the script as it was given, wherever it goes; one that it does not allow
 * is refused by its name, and nothing runs.
 */
class ParameterApiProperties {
    private static final List<String> MODES = List.of("fast", "a b", "$(id)", "--x=1");
    private static World world;
    private static LinkOpsHere linkops;

    @BeforeContainer
    static void start() throws Exception {
        world = World.with(World.newDirectory(), 1)
                .script(
                        "say",
                        "#!/bin/bash",
                        "printf '%s\\0' \"$@\" \"who:${WHO-}\" \"level:${LEVEL-}\" \"on:${IS_ON-}\"")
                .fields(
                        "say",
                        "parameters:",
                        "  verbose: {type: bool}",
                        "  port: {type: int, min: 1, max: 65535, default: 80}",
                        "  mode: {type: enum, flag: --the-mode, values: [fast, a b, $(id), '--x=1']}",
                        "  note: {type: text, max_length: 60}",
                        "  name: {type: text, pattern: '[a-z][a-z0-9-]{0,9}', default: ann}",
                        "  who: {type: text, env: WHO}",
                        "  level: {type: int, max: 0, env: LEVEL}",
                        "  on: {type: bool, env: IS_ON, required: true}")
                .commit();
        linkops = LinkOpsHere.start(world, Map.of());
        World.enroll(linkops.api());
    }

    @AfterContainer
    static void stop() throws Exception {
        linkops.close();
        world.close();
    }

    @Property(tries = 150, shrinking = ShrinkingMode.OFF)
    void whatIsAllowedArrivesUnchangedAndNothingElseIsTaken(@ForAll("values") Map<String, Object> values)
            throws Exception {
        var wrong = new ArrayList<String>();
        values.forEach((name, value) -> {
            if (!isAllowed(name, String.valueOf(value))) {
                wrong.add("parameters.say." + name);
            }
        });
        if (!values.containsKey("on")) {
            wrong.add("parameters.say.on");
        }
        var body = new JsonObject()
                .put("scripts", new JsonArray().add("say"))
                .put("targets", new JsonArray().add("*"))
                .put("flags", new JsonObject().put("say", new JsonArray().add("last")))
                .put("parameters", new JsonObject().put("say", new JsonObject(new TreeMap<>(values))));
        var count = linkops.column("SELECT count(*) FROM operations");
        var answer = linkops.api().post("/api/operations/run", body);
        if (!wrong.isEmpty()) {
            assertThat(answer.status()).as(body + " " + answer).isEqualTo(400);
            var details = answer.json().getJsonObject("error").getJsonObject("details");
            assertThat(details.getJsonObject("fields").fieldNames()).containsExactlyInAnyOrderElementsOf(wrong);
            assertThat(linkops.column("SELECT count(*) FROM operations")).isEqualTo(count);
            return;
        }
        assertThat(answer.status()).as(body + " " + answer).isEqualTo(202);
        var operation = World.await(linkops.api(), answer.json().getString("operation_id"));
        var execution = World.executions(operation).findFirst().orElseThrow();
        assertThat(execution.getString("status")).as(operation.encode()).isEqualTo("success");
        var output = linkops.api()
                .download("/api/operations/" + operation.getString("id") + "/executions/" + execution.getString("id")
                        + "/output?stream=stdout");
        assertThat(List.of(new String(output, StandardCharsets.UTF_8).split("\0", -1)))
                .isEqualTo(expected(values));
    }

    private static boolean isAllowed(String name, String value) {
        return switch (name) {
            case "verbose", "on" -> List.of("true", "false").contains(value);
            case "port" -> value.matches("[1-9][0-9]{0,4}") && Integer.parseInt(value) <= 65535;
            case "level" -> value.matches("0|-[1-9][0-9]{0,17}");
            case "mode" -> MODES.contains(value);
            case "note" -> value.indexOf('\0') < 0 && value.length() <= 60;
            case "who" -> value.indexOf('\0') < 0;
            case "name" -> value.matches("[a-z][a-z0-9-]{0,9}") && !value.endsWith("\n");
            default -> false;
        };
    }

    /** In the catalog's order, with its defaults; the free flags after them. */
    private static List<String> expected(Map<String, Object> values) {
        List<String> expected = new ArrayList<>();
        if (text(values, "verbose", "").equals("true")) {
            expected.add("--verbose");
        }
        expected.add("--port=" + text(values, "port", "80"));
        if (values.containsKey("mode")) {
            expected.add("--the-mode=" + values.get("mode"));
        }
        if (values.containsKey("note")) {
            expected.add("--note=" + values.get("note"));
        }
        expected.add("--name=" + text(values, "name", "ann"));
        expected.add("last");
        expected.add("who:" + text(values, "who", ""));
        expected.add("level:" + text(values, "level", ""));
        expected.add("on:" + values.get("on"));
        expected.add("");
        return expected;
    }

    private static String text(Map<String, Object> values, String name, String otherwise) {
        return String.valueOf(values.getOrDefault(name, otherwise));
    }

    @Provide
    Arbitrary<Map<String, Object>> values() {
        var switches = mostly(Arbitraries.of(true, false, "true"), Arbitraries.of("yes", "", "TRUE", 1));
        var ports = mostly(
                Arbitraries.integers().between(1, 65535),
                Arbitraries.of(0, 65536, -1, "080", "1e3", "+5", " 5", "", "٣"));
        var levels = mostly(
                Arbitraries.longs().between(-999_999_999_999_999_999L, 0),
                Arbitraries.of(1, "-0", "--1", "-1000000000000000000000"));
        var modes = mostly(Arbitraries.of(MODES), Arbitraries.of("fas", "FAST", "a  b", ""));
        var texts = Arbitraries.strings().ofMaxLength(60).filter(text -> !hasSurrogate(text));
        var notes = mostly(
                Arbitraries.oneOf(texts, Arbitraries.of("", "$(reboot)", "-rf", "a'b\"c", "\n\t\r", "*", "\\0", "😀")),
                Arbitraries.of("x".repeat(61), "a\0b"));
        var names = mostly(
                Arbitraries.of("a", "web-1", "abcdefghij"),
                Arbitraries.of("", "A", "1a", "abcdefghijk", "a b", "a\n", "b_c"));
        var who = mostly(texts.filter(text -> text.indexOf('\0') < 0), Arbitraries.of("a\0"));
        return Combinators.combine(
                        switches.injectNull(0.3),
                        ports.injectNull(0.3),
                        levels.injectNull(0.3),
                        modes.injectNull(0.3),
                        notes.injectNull(0.3),
                        names.injectNull(0.3),
                        who.injectNull(0.3),
                        mostly(Arbitraries.of(true, false), Arbitraries.of("on"))
                                .injectNull(0.03))
                .as((verbose, port, level, mode, note, name, user, on) -> {
                    Map<String, Object> values = new TreeMap<>();
                    put(values, "verbose", verbose);
                    put(values, "port", port);
                    put(values, "level", level);
                    put(values, "mode", mode);
                    put(values, "note", note);
                    put(values, "name", name);
                    put(values, "who", user);
                    put(values, "on", on);
                    return values;
                })
                .flatMap(values -> Arbitraries.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 1).map(odd -> {
                    if (odd == 1) {
                        values.put("unknown", "x");
                    }
                    return values;
                }));
    }

    private static void put(Map<String, Object> values, String name, Object value) {
        if (value != null) {
            values.put(name, value);
        }
    }

    private static boolean hasSurrogate(String text) {
        return text.chars().anyMatch(each -> Character.isSurrogate((char) each));
    }

    private static Arbitrary<Object> mostly(Arbitrary<?> good, Arbitrary<?> bad) {
        return Arbitraries.frequencyOf(
                net.jqwik.api.Tuple.of(20, good.map(Object.class::cast)),
                net.jqwik.api.Tuple.of(1, bad.map(Object.class::cast)));
    }
}
