package io.linkops.inventory;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.linkops.inventory.Inventory.Parameter;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** What values a script's parameter takes. Patterns are RE2's: matching takes linear time, whoever wrote them. */
final class ParameterRule {
    private static final Pattern NUMBER = Pattern.compile("0|-?[1-9][0-9]{0,17}");
    private static final Pattern SECRET =
            Pattern.compile("((file|env|vault):)?[A-Za-z0-9][A-Za-z0-9._-]{0,99}|file:/[A-Za-z0-9._/-]{1,500}");

    private ParameterRule() {}

    /** What is wrong with a value, as the end of a sentence that begins with its name; null if it is taken. */
    static @Nullable String problem(Parameter parameter, String value) {
        return switch (parameter.type()) {
            case BOOL -> value.equals("true") || value.equals("false") ? null : "must be true or false";
            case INT -> number(parameter, value);
            case ENUM ->
                parameter.values().contains(value) ? null : "must be one of: " + String.join(", ", parameter.values());
            case TEXT -> text(parameter, value);
            case SECRET -> SECRET.matches(value) ? null : "must be the name of a secret, not the secret itself";
        };
    }

    private static @Nullable String number(Parameter parameter, String value) {
        if (!NUMBER.matches(value)) {
            return "must be a whole number" + range(parameter);
        }
        var number = Long.parseLong(value);
        boolean isIn = (parameter.min() == null || number >= parameter.min())
                && (parameter.max() == null || number <= parameter.max());
        return isIn ? null : "must be a whole number" + range(parameter);
    }

    private static String range(Parameter parameter) {
        return (parameter.min() == null ? "" : " from " + parameter.min())
                + (parameter.max() == null ? "" : (parameter.min() == null ? " up to " : " to ") + parameter.max());
    }

    private static @Nullable String text(Parameter parameter, String value) {
        if (value.indexOf('\0') >= 0) {
            return "must not contain a NUL character";
        }
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(value)) {
            return "must not contain half a surrogate pair";
        }
        if (value.length() > parameter.maxLength()) {
            return "must have at most " + parameter.maxLength() + " characters";
        }
        return parameter.pattern() == null || Pattern.matches(parameter.pattern(), value)
                ? null
                : "must match " + parameter.pattern();
    }

    /** What is wrong with a pattern; null if it can be used. */
    static @Nullable String patternProblem(String pattern) {
        try {
            Pattern.compile(pattern);
            return null;
        } catch (PatternSyntaxException e) {
            return e.getMessage();
        }
    }
}
