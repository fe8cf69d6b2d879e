package io.linkops.gitsync;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/** A link's free metadata as text: mappings become dotted names, lists are joined with commas, all within limits. */
final class Metadata {
    private static final int MAX_ENTRIES = 100;
    private static final int MAX_LENGTH = 2000;
    private static final int MAX_DEPTH = 5;

    private final Fields link;
    private final Map<String, String> texts = new LinkedHashMap<>();
    private boolean isRefused;

    Metadata(Fields link) {
        this.link = link;
    }

    Map<String, String> read() {
        var node = link.value("metadata");
        if (node instanceof MappingNode mapping) {
            mapping("", mapping, 1);
        } else if (node != null) {
            refuse("must be a mapping (key: value)");
        }
        return texts;
    }

    private void mapping(String prefix, MappingNode node, int depth) {
        for (var tuple : node.getValue()) {
            if (isRefused) {
                return;
            }
            if (tuple.getKeyNode() instanceof ScalarNode key) {
                value(prefix + key.getValue(), tuple.getValueNode(), depth);
            } else {
                refuse("must have plain texts as keys");
            }
        }
    }

    private void value(String name, Node node, int depth) {
        switch (node) {
            case MappingNode _
            when depth == MAX_DEPTH -> refuse("must not be nested deeper than " + MAX_DEPTH + " levels");
            case MappingNode mapping -> mapping(name + ".", mapping, depth + 1);
            case SequenceNode list -> put(name, joined(list.getValue()));
            case ScalarNode scalar -> put(name, scalar.getValue());
            default -> refuse("must be made of texts, lists and mappings");
        }
    }

    private String joined(List<Node> items) {
        if (items.size() > MAX_ENTRIES || !items.stream().allMatch(ScalarNode.class::isInstance)) {
            refuse("must have no lists within lists, and at most " + MAX_ENTRIES + " items in one");
            return "";
        }
        return items.stream().map(item -> ((ScalarNode) item).getValue()).collect(Collectors.joining(", "));
    }

    private void put(String name, String text) {
        if (text.length() > MAX_LENGTH || name.length() > MAX_LENGTH) {
            refuse("must have names and values of at most " + MAX_LENGTH + " characters");
        } else if (texts.putIfAbsent(name, text) != null) {
            refuse("has " + Texts.shown(name) + " twice");
        } else if (texts.size() > MAX_ENTRIES) {
            refuse("must have at most " + MAX_ENTRIES + " entries");
        }
    }

    private void refuse(String message) {
        if (!isRefused) {
            link.problem("metadata", message);
        }
        isRefused = true;
    }
}
