package io.linkops.gitsync;

import io.linkops.gitsync.GitSync.LinkDraft;
import io.linkops.inventory.Inventory.Link;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.NodeId;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.resolver.Resolver;

/** Writes entries of links.yaml so that {@link LinksFile} reads back the very same, whatever the texts hold. */
final class LinkYaml {
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._/@+-]*");
    private static final Pattern SWITCH = Pattern.compile("(?i)y|n|yes|no|on|off|true|false|null");
    private static final Resolver RESOLVER = new Resolver();

    private final StringBuilder yaml = new StringBuilder();
    private final String indent;
    private final String newline;

    /** @param indent of the entry's fields */
    private LinkYaml(String indent, String newline) {
        this.indent = indent;
        this.newline = newline;
    }

    /** An entry keyed by its id. */
    static String keyed(String indent, String id, LinkDraft draft, String newline) {
        var yaml = new LinkYaml(indent + "  ", newline);
        yaml.yaml.append(indent).append(scalar(id)).append(':').append(newline);
        return yaml.fields(draft);
    }

    /** An entry of a list. */
    static String listed(String indent, String id, LinkDraft draft, String newline) {
        var yaml = new LinkYaml(indent + "  ", newline);
        yaml.yaml.append(indent).append("- id: ").append(scalar(id)).append(newline);
        return yaml.fields(draft);
    }

    private String fields(LinkDraft draft) {
        if (yaml.isEmpty()) {
            throw new IllegalStateException("an entry begins with its id");
        }
        field("", "type", draft.type());
        field("", "provider", draft.provider());
        field("", "host", draft.host());
        if (draft.port() != null) {
            line("", "port: " + draft.port());
        }
        field("", "user", draft.user());
        if (!draft.tags().isEmpty()) {
            line(
                    "",
                    "tags: " + draft.tags().stream().map(LinkYaml::scalar).collect(Collectors.joining(", ", "[", "]")));
        }
        var path = LinksFile.CLIENT_ID_PATH.equals(draft.clientIdPath()) ? null : draft.clientIdPath();
        mapping("enrollment", pairs("clientId", draft.clientId(), "path", path));
        mapping("ssh", pairs("keyRef", draft.keyRef(), "proxyJump", draft.proxyJump(), "hostKey", draft.hostKey()));
        mapping("metadata", List.copyOf(new TreeMap<>(draft.metadata()).entrySet()));
        return yaml.toString();
    }

    private static List<Map.Entry<String, String>> pairs(@Nullable String... namesAndTexts) {
        var pairs = new java.util.ArrayList<Map.Entry<String, String>>();
        for (int i = 0; i < namesAndTexts.length; i += 2) {
            var name = namesAndTexts[i];
            var text = namesAndTexts[i + 1];
            if (name != null && text != null) {
                pairs.add(Map.entry(name, text));
            }
        }
        return pairs;
    }

    private void mapping(String name, List<Map.Entry<String, String>> fields) {
        if (!fields.isEmpty()) {
            line("", name + ":");
            fields.forEach(field -> field("  ", scalar(field.getKey()), field.getValue()));
        }
    }

    private void field(String deeper, String name, @Nullable String text) {
        if (text != null) {
            line(deeper, name + ": " + scalar(text));
        }
    }

    private void line(String deeper, String line) {
        yaml.append(indent).append(deeper).append(line).append(newline);
    }

    /** A text that no YAML reader takes for anything else, on one line. */
    static String scalar(String text) {
        var isPlain = PLAIN.matcher(text).matches()
                && !SWITCH.matcher(text).matches()
                && RESOLVER.resolve(NodeId.scalar, text, true).equals(Tag.STR);
        return isPlain ? text : quoted(text);
    }

    private static String quoted(String text) {
        var quoted = new StringBuilder("\"");
        text.codePoints().forEach(c -> {
            switch (c) {
                case '"' -> quoted.append("\\\"");
                case '\\' -> quoted.append("\\\\");
                case '\n' -> quoted.append("\\n");
                case '\t' -> quoted.append("\\t");
                default -> append(quoted, c);
            }
        });
        return quoted.append('"').toString();
    }

    private static void append(StringBuilder quoted, int c) {
        if (Texts.hasUnprintable(Character.toString(c)) || (Character.isSpaceChar(c) && c != ' ') || c == 0xFEFF) {
            quoted.append(c <= 0xFFFF ? "\\u%04X".formatted(c) : "\\U%08X".formatted(c));
        } else {
            quoted.appendCodePoint(c);
        }
    }

    static LinkDraft draft(Link link) {
        return new LinkDraft(
                link.type(),
                link.provider(),
                link.host(),
                link.port(),
                link.user(),
                link.tags(),
                link.clientId(),
                link.clientIdPath(),
                link.keyRef(),
                link.proxyJump(),
                link.hostKey(),
                link.metadata());
    }
}
