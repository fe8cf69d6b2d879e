package io.linkops.config;

import java.io.StringReader;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;

/** Where sections and keys stand in a YAML file, and what is wrong with its shape; the values are read elsewhere. */
final class YamlOutline {
    private final String name;
    private final List<String> problems;
    private final Map<String, Integer> lines = new HashMap<>();
    private boolean isEmpty = true;

    private YamlOutline(String name, List<String> problems) {
        this.name = name;
        this.problems = problems;
    }

    static YamlOutline of(String name, String text, List<String> problems) {
        var outline = new YamlOutline(name, problems);
        try {
            var root = new Yaml(new SafeConstructor(new LoaderOptions())).compose(new StringReader(text));
            outline.isEmpty = root == null;
            if (root instanceof MappingNode mapping) {
                outline.sections(mapping);
            } else if (root != null) {
                problems.add(outline.place(root) + ": expected sections with keys below them.");
            }
        } catch (YAMLException e) {
            problems.add(malformed(name, e));
        }
        return outline;
    }

    /** Whether nothing but comments is there. */
    boolean isEmpty() {
        return isEmpty;
    }

    /** File and line of a path, as far as they are known. */
    String place(String path) {
        var line = lines.get(path);
        return line == null ? name : name + ":" + line;
    }

    static String malformed(String name, YAMLException e) {
        if (e instanceof MarkedYAMLException marked && marked.getProblemMark() != null) {
            var mark = marked.getProblemMark();
            return name + ":" + (mark.getLine() + 1) + ": is not valid YAML (column " + (mark.getColumn() + 1) + "): "
                    + marked.getProblem() + ".";
        }
        return name + ": is not valid YAML: "
                + String.valueOf(e.getMessage()).lines().findFirst().orElse("") + ".";
    }

    private void sections(MappingNode root) {
        for (var tuple : root.getValue()) {
            var section = key("", tuple.getKeyNode());
            if (tuple.getValueNode() instanceof MappingNode keys) {
                keys.getValue().forEach(entry -> key(section + ".", entry.getKeyNode()));
            }
        }
    }

    private String key(String prefix, Node node) {
        if (!(node instanceof ScalarNode scalar)) {
            problems.add(place(node) + ": expected a name.");
            return prefix;
        }
        var path = prefix + scalar.getValue();
        int line = node.getStartMark().getLine() + 1;
        var earlier = lines.putIfAbsent(path, line);
        if (earlier != null) {
            problems.add(place(node) + ": " + Shown.name(path) + " stands here and in line " + earlier
                    + "; remove one of them.");
        }
        return path;
    }

    private String place(Node node) {
        return name + ":" + (node.getStartMark().getLine() + 1);
    }
}
