package io.linkops.imports;

import java.nio.file.Path;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** An inventory of Ansible, INI or YAML: groups become tags. */
final class Ansible {
    private static final Pattern YAML_NAME = Pattern.compile(".*\\.(ya?ml|json)");
    private static final Pattern YAML_START = Pattern.compile("(---.*|\\{.*|[\"']?[^\\[\\]\\s:=\"']+[\"']?:(\\s.*)?)");

    private final Draft draft;

    Ansible(Draft draft) {
        this.draft = draft;
    }

    void read(String text, @Nullable Path file) {
        var groups = new AnsibleGroups(draft);
        if (isYaml(text, file)) {
            new AnsibleYaml(groups, draft).read(text);
        } else {
            new AnsibleIni(groups, draft).read(text);
        }
        groups.addAll();
    }

    private static boolean isYaml(String text, @Nullable Path file) {
        if (file != null && YAML_NAME.matcher(file.toString()).matches()) {
            return true;
        }
        return text.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("#") && !line.startsWith(";"))
                .findFirst()
                .map(line -> YAML_START.matcher(line).matches())
                .orElse(false);
    }
}
