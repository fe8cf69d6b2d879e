package io.linkops.imports;

import java.io.StringReader;
import java.util.LinkedHashMap;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.composer.Composer;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.StreamReader;
import org.yaml.snakeyaml.resolver.Resolver;

/** The YAML form: groups with hosts, children and vars. Only the tree is looked at; nothing is built from tags. */
final class AnsibleYaml {
    private static final int DEEPEST = 50;

    private final AnsibleGroups groups;
    private final Draft draft;

    AnsibleYaml(AnsibleGroups groups, Draft draft) {
        this.groups = groups;
        this.draft = draft;
    }

    void read(String text) {
        try {
            var options = new LoaderOptions();
            options.setCodePointLimit(text.length() + 1);
            options.setNestingDepthLimit(2 * DEEPEST);
            options.setMergeOnCompose(true);
            var root = new Composer(
                            new ParserImpl(new StreamReader(new StringReader(text)), options), new Resolver(), options)
                    .getSingleNode();
            if (!(root instanceof MappingNode mapping)) {
                throw new IllegalArgumentException("This is no inventory of Ansible: it must be a mapping of groups");
            }
            fields(mapping).forEach((name, node) -> group(name, node, 0));
        } catch (YAMLException e) {
            throw new IllegalArgumentException("This is not well-formed YAML: " + e.getMessage(), e);
        }
    }

    private void group(String name, Node node, int depth) {
        if (depth > DEEPEST) {
            throw new IllegalArgumentException("Groups lie in each other deeper than " + DEEPEST + " levels");
        }
        if (!(node instanceof MappingNode mapping)) {
            return;
        }
        fields(mapping).forEach((field, value) -> {
            switch (field) {
                case "hosts" -> mapped(value).forEach((host, own) -> groups.host(name, host, texts(host, own)));
                case "vars" -> texts(name, value).forEach((key, text) -> groups.variable(name, key, text));
                case "children" ->
                    mapped(value).forEach((child, inner) -> {
                        groups.child(name, child);
                        group(child, inner, depth + 1);
                    });
                default -> draft.warn("The group " + name + " has a field " + field + ", which was ignored");
            }
        });
    }

    private static Map<String, Node> mapped(Node node) {
        return node instanceof MappingNode mapping ? fields(mapping) : Map.of();
    }

    private static Map<String, Node> fields(MappingNode mapping) {
        var fields = new LinkedHashMap<String, Node>();
        for (var tuple : mapping.getValue()) {
            if (tuple.getKeyNode() instanceof ScalarNode key) {
                fields.put(key.getValue(), tuple.getValueNode());
            }
        }
        return fields;
    }

    /** Scalars only; what ansible-vault has encrypted stays closed. */
    private Map<String, String> texts(String owner, Node node) {
        var texts = new LinkedHashMap<String, String>();
        mapped(node).forEach((name, value) -> {
            if (value.getTag().getValue().startsWith("!vault")) {
                draft.warn(owner + ": " + name + " is encrypted by ansible-vault; it was skipped");
            } else if (value instanceof ScalarNode scalar && !scalar.getTag().equals(Tag.NULL)) {
                texts.put(name, scalar.getValue());
            }
        });
        return texts;
    }
}
