package io.linkops.gitsync;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/**
 * The entries of a file ({@code links:} or {@code scripts:}): a mapping keyed by id, or a list whose entries have an
 * id.
 */
final class Entries {
    static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");

    private final String file;
    private final String word;
    private final Findings findings;
    private final HashSet<String> ids = new HashSet<>();
    private final List<Entry> entries = new ArrayList<>();

    /** One entry with its id, which is well-formed and unique. */
    record Entry(String id, int line, Fields fields) {}

    /** @param word what an entry is called: {@code link} or {@code script} */
    Entries(String file, String word, Findings findings) {
        this.file = file;
        this.word = word;
        this.findings = findings;
    }

    /**
     * The entries below {@code links:} or {@code scripts:} of the file's mapping; those without a usable id are left
     * out.
     */
    List<Entry> read(MappingNode root, int limit) {
        var name = word + "s";
        var top = new Fields(file, "", "", 1, root, findings);
        switch (top.value(name)) {
            case null ->
                top.problem(
                        name,
                        "is required, but missing or empty; it lists the " + name + " (write " + name
                                + ": [] for none)");
            case MappingNode mapping
            when isWithin(limit, mapping.getValue().size(), top) ->
                mapping.getValue().forEach(tuple -> keyed(tuple.getKeyNode(), tuple.getValueNode()));
            case SequenceNode list
            when isWithin(limit, list.getValue().size(), top) -> list.getValue().forEach(this::listed);
            case ScalarNode _ -> top.problem(name, "must be a mapping by id or a list of entries with an id");
            default -> {}
        }
        top.warnOfUnknown();
        return entries;
    }

    private boolean isWithin(int limit, int size, Fields top) {
        if (size > limit) {
            top.problem(word + "s", "has " + size + " entries; at most " + limit + " are allowed");
        }
        return size <= limit;
    }

    private void keyed(Node key, Node value) {
        var id = key instanceof ScalarNode scalar ? scalar.getValue() : "";
        if (value instanceof MappingNode mapping) {
            var fields = fields(id, key, mapping);
            fields.value("id");
            add(id, YamlFile.line(key), fields);
        } else {
            problem(YamlFile.line(key), id, "must be a mapping (key: value) with the " + word + "'s fields");
        }
    }

    private void listed(Node item) {
        if (!(item instanceof MappingNode mapping)) {
            problem(YamlFile.line(item), "", "must be a mapping (key: value) with an id");
            return;
        }
        var id = scalar(mapping, "id");
        var named = id.isEmpty() && word.equals("script") ? scalar(mapping, "name") : id;
        var fields = fields(named, item, mapping);
        fields.value("id");
        add(named, YamlFile.line(item), fields);
    }

    private static String scalar(MappingNode mapping, String field) {
        for (var tuple : mapping.getValue()) {
            if (tuple.getKeyNode() instanceof ScalarNode key
                    && key.getValue().equals(field)
                    && tuple.getValueNode() instanceof ScalarNode value) {
                return value.getValue();
            }
        }
        return "";
    }

    private Fields fields(String id, Node at, MappingNode mapping) {
        return new Fields(file, word + " " + Texts.shown(id), "", YamlFile.line(at), mapping, findings);
    }

    private void add(String id, int line, Fields fields) {
        if (!ID.matcher(id).matches()) {
            fields.problem(
                    line,
                    "id",
                    id.isEmpty()
                            ? "is required, but missing"
                            : "must be 1–128 letters, digits, dots, dashes or underscores, and begin with a letter or"
                                    + " digit");
        } else if (!ids.add(id)) {
            fields.problem(line, "id", "is used by an earlier " + word + " too; ids are unique");
        } else {
            entries.add(new Entry(id, line, fields));
        }
    }

    private void problem(int line, String id, String message) {
        findings.problem(
                new Findings.Problem(file, line, word + (id.isEmpty() ? "" : " " + Texts.shown(id)), "", message));
    }
}
