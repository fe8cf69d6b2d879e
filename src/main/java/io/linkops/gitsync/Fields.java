package io.linkops.gitsync;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/** One mapping of a file, read field by field: what is wrong is noted with its line, and reading goes on. */
final class Fields {
    private static final Pattern NUMBER = Pattern.compile("0|-?[1-9][0-9]{0,8}");
    private static final Pattern LONG = Pattern.compile("0|-?[1-9][0-9]{0,17}");
    private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})(ms|s|m|h|d)?");
    private static final int MAX_LIST = 200;

    private final String file;
    private final String entry;
    private final String prefix;
    private final Findings findings;
    private final int line;
    private final Map<String, Node> values = new LinkedHashMap<>();
    private final Set<String> asked = new HashSet<>();

    /** @param prefix of field names, for mappings within the entry: {@code ssh.} */
    Fields(String file, String entry, String prefix, int line, MappingNode node, Findings findings) {
        this.file = file;
        this.entry = entry;
        this.prefix = prefix;
        this.line = line;
        this.findings = findings;
        node.getValue().forEach(this::index);
    }

    private void index(NodeTuple tuple) {
        if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
            problem(YamlFile.line(tuple.getKeyNode()), "", "a field's name must be text");
        } else if (values.putIfAbsent(key.getValue(), tuple.getValueNode()) != null) {
            problem(YamlFile.line(key), key.getValue(), "is given twice; keep one");
        }
    }

    /** The text of a field that must be there; empty if it is not, and then a problem has been noted. */
    String required(String field) {
        var node = value(field);
        if (node == null) {
            problem(lineOf(field), field, "is required, but missing");
            return "";
        }
        var text = text(field, node);
        if (text != null && text.isBlank()) {
            problem(field, "is required, but empty");
        }
        return text == null ? "" : text;
    }

    /** The text of a field that may be absent. */
    @Nullable
    String optional(String field) {
        var node = value(field);
        var text = node == null ? null : text(field, node);
        if (text != null && text.isBlank()) {
            problem(field, "must not be empty; leave the field out instead");
        }
        return text;
    }

    private @Nullable String text(String field, Node node) {
        if (!(node instanceof ScalarNode scalar)) {
            problem(field, "must be text");
            return null;
        }
        if (!scalar.getTag().equals(Tag.STR)) {
            problem(field, "must be text; put it in quotes: \"" + Texts.shown(scalar.getValue()) + "\"");
            return null;
        }
        return scalar.getValue();
    }

    /** A whole number that must be there; {@code min} if it is not, and then a problem has been noted. */
    int requiredNumber(String field, int min, int max) {
        var node = value(field);
        var expected = "must be a number from " + min + " to " + max;
        if (node == null) {
            problem(lineOf(field), field, "is required, but missing; it " + expected);
            return min;
        }
        if (!(node instanceof ScalarNode scalar) || !scalar.getTag().equals(Tag.INT)) {
            problem(field, expected + ", without quotes");
            return min;
        }
        if (!NUMBER.matcher(scalar.getValue()).matches()) {
            problem(field, expected + ", written in plain digits, not " + Texts.shown(scalar.getValue()));
            return min;
        }
        var number = Integer.parseInt(scalar.getValue());
        if (number < min || number > max) {
            problem(field, expected + ", not " + number);
            return min;
        }
        return number;
    }

    /** A whole number that may be absent. */
    @Nullable
    Long number(String field) {
        var node = value(field);
        if (node == null) {
            return null;
        }
        if (node instanceof ScalarNode scalar
                && scalar.getTag().equals(Tag.INT)
                && LONG.matcher(scalar.getValue()).matches()) {
            return Long.valueOf(scalar.getValue());
        }
        problem(field, "must be a whole number, in plain digits and without quotes");
        return null;
    }

    /** A text, number or switch that may be absent, as it is written. */
    @Nullable
    String scalar(String field) {
        var node = value(field);
        if (node == null || node instanceof ScalarNode) {
            return node == null ? null : ((ScalarNode) node).getValue();
        }
        problem(field, "must be a text, a number, true or false");
        return null;
    }

    /** The names of all fields, in the order in which they stand. */
    List<String> names() {
        return List.copyOf(values.keySet());
    }

    /** Whether a switch is on. */
    boolean isOn(String field, boolean byDefault) {
        var node = value(field);
        if (node == null) {
            return byDefault;
        }
        if (!(node instanceof ScalarNode scalar) || !scalar.getTag().equals(Tag.BOOL)) {
            problem(field, "must be true or false");
            return byDefault;
        }
        return Set.of("true", "yes", "on").contains(scalar.getValue().toLowerCase(java.util.Locale.ROOT));
    }

    /** A time like {@code 10m}, {@code 90s} or bare seconds, above zero and at most a week. */
    @Nullable
    Duration duration(String field) {
        var node = value(field);
        if (node == null) {
            return null;
        }
        var matcher = DURATION.matcher(node instanceof ScalarNode scalar ? scalar.getValue() : "");
        var duration = matcher.matches() ? duration(Long.parseLong(matcher.group(1)), matcher.group(2)) : Duration.ZERO;
        if (!duration.isPositive() || duration.compareTo(Duration.ofDays(7)) > 0) {
            problem(field, "must be a time like 90s, 10m or 2h (a bare number counts seconds), at most 7 days");
        }
        return duration;
    }

    private static Duration duration(long count, @Nullable String unit) {
        return switch (unit == null ? "s" : unit) {
            case "ms" -> Duration.ofMillis(count);
            case "m" -> Duration.ofMinutes(count);
            case "h" -> Duration.ofHours(count);
            case "d" -> Duration.ofDays(count);
            default -> Duration.ofSeconds(count);
        };
    }

    /** A list of texts; numbers and the like count as the text they are written as. */
    List<String> texts(String field) {
        var node = value(field);
        if (node == null) {
            return List.of();
        }
        if (!(node instanceof SequenceNode list)) {
            problem(field, "must be a list: [one, two]");
            return List.of();
        }
        var texts = new ArrayList<String>();
        for (var item : list.getValue()) {
            if (item instanceof ScalarNode scalar && !scalar.getValue().isBlank()) {
                texts.add(scalar.getValue());
            } else {
                problem(YamlFile.line(item), field, "must be a list of texts, none of them empty");
            }
        }
        if (texts.size() > MAX_LIST) {
            problem(field, "has " + texts.size() + " entries; at most " + MAX_LIST + " are allowed");
        }
        return texts;
    }

    /** A mapping within this one; an empty one if it is absent, so that its required fields are reported. */
    Fields within(String field) {
        var node = value(field);
        if (node != null && !(node instanceof MappingNode)) {
            problem(field, "must be a mapping (key: value)");
        }
        var mapping = node instanceof MappingNode found
                ? found
                : new MappingNode(Tag.MAP, List.of(), org.yaml.snakeyaml.DumperOptions.FlowStyle.BLOCK);
        return new Fields(file, entry, prefix + field + ".", lineOf(field), mapping, findings);
    }

    /** The node itself, for what is free in its form. */
    @Nullable
    Node value(String field) {
        asked.add(field);
        var node = values.get(field);
        return node == null || node.getTag().equals(Tag.NULL) ? null : node;
    }

    /** Notes that a field's value is not what is expected. */
    void problem(String field, String message) {
        problem(lineOf(field), field, message);
    }

    void problem(int atLine, String field, String message) {
        findings.problem(new Findings.Problem(file, atLine, entry, Texts.shown(prefix + field), message));
    }

    void warning(String field, String message) {
        findings.warning(new Findings.Problem(file, lineOf(field), entry, Texts.shown(prefix + field), message).text());
    }

    /** Fields nobody asked for are most likely typing errors: worth a warning, not a refusal. */
    void warnOfUnknown() {
        values.keySet().stream()
                .filter(field -> !asked.contains(field))
                .forEach(field -> warning(field, "is not known and was ignored"));
    }

    int lineOf(String field) {
        var node = values.get(field);
        return node == null ? line : YamlFile.line(node);
    }
}
