package io.linkops.gitsync;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkops.inventory.Inventory.Parameter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ParameterFieldsTest {

    private static InventoryParser read(String parameters) {
        return read(parameters, new java.util.ArrayList<>());
    }

    private static InventoryParser read(String parameters, List<Parameter> found) {
        var parser = new InventoryParser(1 << 20, 100);
        var yaml = "scripts:\n  say:\n    name: Say\n    description: Says\n    path: say.sh\n    parameters:\n"
                + parameters;
        parser.scripts(yaml.getBytes(StandardCharsets.UTF_8))
                .forEach(each -> found.addAll(each.script().parameters()));
        return parser;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "x: {}                                             | parameters.x.type       | is required",
                "x: {type: number}                                 | parameters.x.type       | must be bool, int",
                "1x: {type: bool}                                  | parameters.1x.type      | whose name must be like",
                "x: {type: secret}                                 | parameters.x.env        | environment variable"
                        + " only",
                "x: {type: secret, env: LINKOPS_LINK}              | parameters.x.env        | uses itself",
                "x: {type: text, env: name}                        | parameters.x.env        | in capitals",
                "x: {type: text, env: LD_PRELOAD}                  | parameters.x.env        | uses itself",
                "x: {type: text, env: PATH}                        | parameters.x.env        | uses itself",
                "x: {type: text, env: BASH_ENV}                    | parameters.x.env        | uses itself",
                "x: {type: text, env: X, flag: --x}                | parameters.x.flag       | choose one",
                "x: {type: text, flag: -x}                         | parameters.x.flag       | must be like --name",
                "x: {type: text, flag: '--x y'}                    | parameters.x.flag       | must be like --name",
                "x: {type: int, min: 5, max: 4}                    | parameters.x.min        | greater than max",
                "x: {type: int, min: '1'}                          | parameters.x.min        | without quotes",
                "x: {type: int, max: 9, default: 10}               | parameters.x.default    | number up to 9",
                "x: {type: bool, default: yes}                     | parameters.x.default    | true or false",
                "x: {type: enum}                                   | parameters.x.values     | at least one",
                "x: {type: enum, values: [a, a]}                   | parameters.x.values     | different",
                "x: {type: enum, values: [a, b], default: c}       | parameters.x.default    | one of: a, b",
                "x: {type: text, pattern: '(?=a)b'}                | parameters.x.pattern    | RE2's syntax",
                "x: {type: text, pattern: '[a'}                    | parameters.x.pattern    | RE2's syntax",
                "x: {type: text, pattern: '[a-z]+', default: A}    | parameters.x.default    | must match",
                "x: {type: text, max_length: 0}                    | parameters.x.max_length | from 1 to",
                "x: {type: text, default: a, required: true}       | parameters.x.required   | where there is a"
                        + " default",
                "x: yes                                            | parameters.x            | must be a mapping"
            })
    void namesWhatIsWrong(String parameter, String field, String message) {
        assertThat(read("      " + parameter + "\n").findings().problems())
                .anySatisfy(problem -> assertThat(problem.text())
                        .contains("scripts.yaml line 7", "script say", "field " + field, message));
    }

    @Test
    void twoThatReachTheScriptTheSameWayAreRefused() {
        var parser = read("      x: {type: text}\n      y: {type: text, flag: --x}\n");
        assertThat(parser.findings().problems())
                .singleElement()
                .satisfies(problem ->
                        assertThat(problem.text()).contains("line 8", "parameters.y", "the same way as another one"));
    }

    /** A pattern that hangs a backtracking matcher: here it takes no time. */
    @Test
    @Timeout(20)
    void noPatternHangsLinkOps() {
        var found = new java.util.ArrayList<Parameter>();
        assertThat(read("      x: {type: text, pattern: '(a+)+b', max_length: 60000}\n", found)
                        .findings()
                        .problems())
                .isEmpty();
        assertThat(found.getFirst().problem("a".repeat(60_000))).isEqualTo("must match (a+)+b");
        assertThat(found.getFirst().problem("a".repeat(50_000) + "b")).isNull();
    }

    @Test
    void theOrderIsThatOfTheFile() {
        var found = new java.util.ArrayList<Parameter>();
        read("      z: {type: bool}\n      a: {type: bool}\n      m: {type: bool}\n", found);
        assertThat(found).extracting(Parameter::name).containsExactly("z", "a", "m");
    }
}
