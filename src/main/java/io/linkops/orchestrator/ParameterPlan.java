package io.linkops.orchestrator;

import io.linkops.inventory.Inventory.Parameter;
import io.linkops.inventory.Inventory.ParameterType;
import io.linkops.inventory.Inventory.Script;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the values of a script's parameters come to: arguments in the catalog's order, variables, and secrets by name.
 * Pure.
 *
 * @param values by parameter, as given or by default
 */
record ParameterPlan(
        List<String> arguments,
        Map<String, String> environment,
        Map<String, String> secrets,
        Map<String, String> values) {

    /** @param problems gets a sentence for each value that is not taken, by {@code parameters.SCRIPT.NAME} */
    static ParameterPlan of(Script script, Map<String, String> given, Map<String, String> problems) {
        var plan = new ParameterPlan(new ArrayList<>(), new TreeMap<>(), new TreeMap<>(), new TreeMap<>());
        var field = "parameters." + script.id() + ".";
        for (var parameter : script.parameters()) {
            var value = given.getOrDefault(parameter.name(), parameter.byDefault());
            var problem = value == null ? null : parameter.problem(value);
            if (problem != null) {
                problems.put(field + parameter.name(), problem);
            } else if (value != null) {
                plan.add(parameter, value);
            } else if (parameter.isRequired()) {
                problems.put(field + parameter.name(), "is required, but missing");
            }
        }
        var names = script.parameters().stream().map(Parameter::name).toList();
        given.keySet().stream()
                .filter(name -> !names.contains(name))
                .forEach(name -> problems.put(
                        field + name,
                        names.isEmpty()
                                ? "is not known: the script has no parameters"
                                : "is not known; the script has " + String.join(", ", names)));
        return plan;
    }

    private void add(Parameter parameter, String value) {
        values.put(parameter.name(), value);
        if (parameter.type() == ParameterType.SECRET) {
            secrets.put(variable(parameter), value);
        } else if (parameter.variable() != null) {
            environment.put(variable(parameter), value);
        } else if (parameter.type() != ParameterType.BOOL) {
            arguments.add(parameter.flag() + "=" + value);
        } else if (value.equals("true")) {
            arguments.add(parameter.flag());
        }
    }

    private static String variable(Parameter parameter) {
        if (parameter.variable() == null) {
            throw new IllegalStateException("parameter " + parameter.name() + " has no variable");
        }
        return parameter.variable();
    }
}
