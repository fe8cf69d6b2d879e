package io.linkops.gitsync;

import io.linkops.inventory.Inventory;
import io.linkops.inventory.Inventory.Durable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.nodes.MappingNode;

/** scripts.yaml: what a script must have, and what its values may be. */
final class ScriptsFile {
    static final String NAME = "scripts.yaml";

    private static final int MAX_SCRIPTS = 2000;
    private static final Pattern COMMAND = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.+-]{0,99}");

    private final Findings findings;

    /** A script with the line where its path stands, for problems that only a look into the repository shows. */
    record Located(Inventory.Script script, int pathLine) {}

    ScriptsFile(Findings findings) {
        this.findings = findings;
    }

    List<Located> read(MappingNode root) {
        var scripts = new ArrayList<Located>();
        for (var entry : new Entries(NAME, "script", findings).read(root, MAX_SCRIPTS)) {
            scripts.add(new Located(
                    script(entry.id(), entry.fields()), entry.fields().lineOf("path")));
            entry.fields().value("emoji");
            entry.fields().warnOfUnknown();
        }
        return scripts;
    }

    private static Inventory.Script script(String id, Fields fields) {
        return new Inventory.Script(
                id,
                text(fields, "name", 200),
                text(fields, "description", 2000),
                path(fields),
                fields.duration("timeout"),
                lines(fields, "flags"),
                lines(fields, "tags"),
                fields.duration("estimatedDuration"),
                durable(fields),
                ParameterFields.read(fields),
                needs(fields));
    }

    private static Durable durable(Fields fields) {
        var word = fields.optional("durable");
        for (var each : Durable.values()) {
            if (each.name().toLowerCase(Locale.ROOT).equals(word)) {
                return each;
            }
        }
        if (word != null) {
            fields.problem("durable", "must be auto, always or never, not " + Texts.shown(word));
        }
        return Durable.AUTO;
    }

    private static List<String> needs(Fields fields) {
        var needs = fields.texts("needs").stream().distinct().toList();
        if (!needs.stream().allMatch(COMMAND.asMatchPredicate())) {
            fields.problem("needs", "must be names of commands, like sudo or docker");
        }
        return needs;
    }

    private static String text(Fields fields, String field, int maxLength) {
        var text = fields.required(field);
        if (text.length() > maxLength) {
            fields.problem(field, "must have at most " + maxLength + " characters");
        }
        return text;
    }

    private static List<String> lines(Fields fields, String field) {
        var lines = fields.texts(field);
        for (var line : lines) {
            if (line.length() > 200 || Texts.hasUnprintable(line)) {
                fields.problem(field, "must each have at most 200 printable characters");
            }
        }
        return lines.stream().distinct().toList();
    }

    private static String path(Fields fields) {
        var path = fields.required("path");
        if (!path.isBlank() && !isInside(path)) {
            fields.problem(
                    "path",
                    "must be a path inside the repository, like scripts/update.sh, without .., backslashes or control"
                            + " characters; not " + Texts.shown(path));
        }
        return path;
    }

    /** Whether a path is relative, plain, and cannot leave the repository. */
    static boolean isInside(String path) {
        if (path.length() > 1024 || path.contains("\\") || Texts.hasUnprintable(path)) {
            return false;
        }
        for (var part : path.split("/", -1)) {
            if (part.isBlank() || part.equals(".") || part.equals("..") || part.equalsIgnoreCase(".git")) {
                return false;
            }
        }
        return true;
    }
}
