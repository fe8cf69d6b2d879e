package io.linkops.gitsync;

import io.linkops.inventory.Inventory.Parameter;
import io.linkops.inventory.Inventory.ParameterType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The {@code parameters} of a script in scripts.yaml. */
final class ParameterFields {
    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_-]{0,63}");
    private static final Pattern FLAG = Pattern.compile("--[A-Za-z0-9][A-Za-z0-9_.-]{0,99}");
    /** In capitals only: the launcher has variables of its own. */
    private static final Pattern VARIABLE = Pattern.compile("[A-Z_][A-Z0-9_]{0,99}");

    private static final Pattern RESERVED =
            Pattern.compile("LINKOPS_.*|BASH.*|LD_.*|LC_ALL|SHELLOPTS|UID|EUID|PPID|PATH|IFS|ENV|PS4|HOME|TMPDIR");

    private static final int MOST = 50;
    private static final int MAX_LENGTH = 65_536;
    private static final int USUAL_LENGTH = 4096;

    private final String name;
    private final Fields fields;

    private ParameterFields(String name, Fields fields) {
        this.name = name;
        this.fields = fields;
    }

    static List<Parameter> read(Fields script) {
        if (script.value("parameters") == null) {
            return List.of();
        }
        var all = script.within("parameters");
        if (all.names().size() > MOST) {
            script.problem("parameters", "must be at most " + MOST);
        }
        List<Parameter> parameters = new ArrayList<>();
        Set<String> ways = new HashSet<>();
        for (var name : all.names()) {
            var parameter = new ParameterFields(name, all.within(name)).parameter();
            var way = Objects.requireNonNullElse(parameter.flag(), "") + parameter.variable();
            if (!ways.add(way)) {
                all.problem(name, "reaches the script the same way as another one; give each its own flag or env");
            }
            parameters.add(parameter);
        }
        return parameters;
    }

    private Parameter parameter() {
        if (!NAME.matcher(name).matches()) {
            problem("type", "belongs to a parameter whose name must be like " + NAME.pattern());
        }
        var type = type();
        var variable = variable(type);
        var parameter = new Parameter(
                name,
                type,
                Objects.requireNonNullElse(fields.optional("description"), ""),
                variable == null ? flag() : null,
                variable,
                type == ParameterType.INT ? fields.number("min") : null,
                type == ParameterType.INT ? fields.number("max") : null,
                type == ParameterType.ENUM ? values() : List.of(),
                type == ParameterType.TEXT ? pattern() : null,
                type == ParameterType.TEXT ? maxLength() : USUAL_LENGTH,
                fields.scalar("default"),
                fields.isOn("required", false));
        check(parameter);
        fields.warnOfUnknown();
        return parameter;
    }

    private ParameterType type() {
        var word = fields.required("type");
        for (var type : ParameterType.values()) {
            if (type.name().toLowerCase(Locale.ROOT).equals(word)) {
                return type;
            }
        }
        if (!word.isBlank()) {
            problem("type", "must be bool, int, enum, text or secret, not " + Texts.shown(word));
        }
        return ParameterType.BOOL;
    }

    private @Nullable String variable(ParameterType type) {
        var variable = fields.optional("env");
        if (variable == null) {
            if (type == ParameterType.SECRET) {
                problem("env", "is required: a secret reaches a script in an environment variable only");
                return "MISSING";
            }
            return null;
        }
        if (!VARIABLE.matcher(variable).matches() || RESERVED.matcher(variable).matches()) {
            problem("env", "must be the name of a variable in capitals that neither bash nor LinkOps uses itself");
        }
        if (fields.optional("flag") != null) {
            problem("flag", "must not be given besides env; choose one");
        }
        return variable;
    }

    private String flag() {
        var flag = fields.optional("flag");
        if (flag == null) {
            return "--" + name;
        }
        if (!FLAG.matcher(flag).matches()) {
            problem("flag", "must be like --name");
        }
        return flag;
    }

    private List<String> values() {
        var values = fields.texts("values");
        if (values.isEmpty() || new HashSet<>(values).size() < values.size()) {
            problem("values", "must be a list of different texts, at least one");
        }
        for (var value : values) {
            if (value.length() > 200 || Texts.hasUnprintable(value)) {
                problem("values", "must each have at most 200 printable characters");
            }
        }
        return values;
    }

    private @Nullable String pattern() {
        var pattern = fields.optional("pattern");
        if (pattern == null) {
            return null;
        }
        var problem = pattern.length() > 500 ? "it has more than 500 characters" : Parameter.patternProblem(pattern);
        if (problem == null) {
            return pattern;
        }
        problem(
                "pattern",
                "must be a pattern in RE2's syntax, without look-around or references: " + Texts.shown(problem));
        return null;
    }

    private int maxLength() {
        var length = fields.number("max_length");
        if (length != null && (length < 1 || length > MAX_LENGTH)) {
            problem("max_length", "must be a number from 1 to " + MAX_LENGTH);
            return USUAL_LENGTH;
        }
        return length == null ? USUAL_LENGTH : length.intValue();
    }

    private void check(Parameter parameter) {
        if (parameter.min() != null && parameter.max() != null && parameter.min() > parameter.max()) {
            problem("min", "must not be greater than max");
        }
        if (parameter.description().length() > 500) {
            problem("description", "must have at most 500 characters");
        }
        var byDefault = parameter.byDefault();
        var wrong = byDefault == null ? null : parameter.problem(byDefault);
        if (wrong != null) {
            problem("default", wrong);
        }
        if (byDefault != null && parameter.isRequired()) {
            problem("required", "must not be true where there is a default");
        }
    }

    private void problem(String field, String message) {
        fields.problem(field, message);
    }
}
