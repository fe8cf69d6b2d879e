package io.linkops.worlds;

import io.linkops.inventory.Inventory.Durable;
import io.linkops.inventory.Inventory.Link;
import io.linkops.inventory.Inventory.Parameter;
import io.linkops.inventory.Inventory.Script;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Writes links.yaml and scripts.yaml as people may: keyed by id or as a list. */
public final class InventoryYaml {
    private InventoryYaml() {}

    public static String links(List<Link> links, boolean isKeyed) {
        var yaml = new StringBuilder(links.isEmpty() ? "links: []\n" : "links:\n");
        links.forEach(link -> entry(yaml, link.id(), isKeyed).append(fields(link)));
        return yaml.toString();
    }

    private static String fields(Link link) {
        var yaml = new StringBuilder();
        field(yaml, 4, "type", link.type());
        field(yaml, 4, "provider", link.provider());
        field(yaml, 4, "host", link.host());
        yaml.append("    port: ").append(link.port()).append('\n');
        field(yaml, 4, "user", link.user());
        list(yaml, "tags", link.tags());
        yaml.append("    enrollment:\n      required: true\n");
        field(yaml, 6, "clientId", link.clientId());
        field(yaml, 6, "path", link.clientIdPath());
        if (link.keyRef() != null || link.proxyJump() != null || link.hostKey() != null) {
            yaml.append("    ssh:\n");
            field(yaml, 6, "keyRef", link.keyRef());
            field(yaml, 6, "proxyJump", link.proxyJump());
            field(yaml, 6, "hostKey", link.hostKey());
        }
        metadata(yaml, link.metadata());
        return yaml.toString();
    }

    private static void metadata(StringBuilder yaml, Map<String, String> metadata) {
        if (!metadata.isEmpty()) {
            yaml.append("    metadata:\n");
            metadata.forEach((key, value) -> field(yaml, 6, quoted(key), value));
        }
    }

    public static String scripts(List<Script> scripts, boolean isKeyed) {
        var yaml = new StringBuilder(scripts.isEmpty() ? "scripts: []\n" : "scripts:\n");
        for (var script : scripts) {
            entry(yaml, script.id(), isKeyed);
            field(yaml, 4, "name", script.name());
            field(yaml, 4, "description", script.description());
            field(yaml, 4, "path", script.path());
            if (script.timeout() != null) {
                yaml.append("    timeout: ")
                        .append(script.timeout().toSeconds())
                        .append("s\n");
            }
            list(yaml, "flags", script.flags());
            list(yaml, "tags", script.tags());
            if (script.estimate() != null) {
                yaml.append("    estimatedDuration: ")
                        .append(script.estimate().toSeconds())
                        .append('\n');
            }
            if (script.durable() != Durable.AUTO) {
                field(yaml, 4, "durable", script.durable().name().toLowerCase(Locale.ROOT));
            }
            if (!script.parameters().isEmpty()) {
                list(yaml, "needs", script.needs());
                yaml.append("    parameters:\n");
                script.parameters().forEach(parameter -> parameter(yaml, parameter));
            }
            yaml.append("    emoji: \"🚀\"\n");
        }
        return yaml.toString();
    }

    private static void parameter(StringBuilder yaml, Parameter parameter) {
        yaml.append("      ").append(parameter.name()).append(":\n");
        field(yaml, 8, "type", parameter.type().name().toLowerCase(Locale.ROOT));
        field(yaml, 8, "description", parameter.description());
        if (parameter.flag() != null && !parameter.flag().equals("--" + parameter.name())) {
            field(yaml, 8, "flag", parameter.flag());
        }
        field(yaml, 8, "env", parameter.variable());
        plain(yaml, "min", parameter.min());
        plain(yaml, "max", parameter.max());
        if (!parameter.values().isEmpty()) {
            yaml.append("    ");
            list(yaml, "values", parameter.values());
        }
        field(yaml, 8, "pattern", parameter.pattern());
        plain(yaml, "default", parameter.byDefault());
        plain(yaml, "required", parameter.isRequired() ? true : null);
    }

    private static void plain(StringBuilder yaml, String name, Object value) {
        if (value != null) {
            yaml.append("        ").append(name).append(": ").append(value).append('\n');
        }
    }

    private static StringBuilder entry(StringBuilder yaml, String id, boolean isKeyed) {
        return isKeyed
                ? yaml.append("  ").append(quoted(id)).append(":\n")
                : yaml.append("  - id: ").append(quoted(id)).append('\n');
    }

    private static void field(StringBuilder yaml, int indent, String name, String value) {
        if (value != null) {
            yaml.repeat(" ", indent)
                    .append(name)
                    .append(": ")
                    .append(quoted(value))
                    .append('\n');
        }
    }

    private static void list(StringBuilder yaml, String name, List<String> values) {
        yaml.append("    ")
                .append(name)
                .append(values.stream().map(InventoryYaml::quoted).collect(Collectors.joining(", ", ": [", "]\n")));
    }

    private static String quoted(String text) {
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }
}
