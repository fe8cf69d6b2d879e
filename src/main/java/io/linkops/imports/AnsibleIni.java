package io.linkops.imports;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** The INI form: sections of hosts, of children ({@code [web:children]}) and of variables ({@code [web:vars]}). */
final class AnsibleIni {
    private static final Pattern SECTION = Pattern.compile("\\[([^\\]:]+)(?::(children|vars|hosts))?]\\s*(?:[#;].*)?");
    private static final Pattern WORD = Pattern.compile("(?:[^\\s\"']|\"[^\"]*\"|'[^']*')+");
    private static final Pattern WITH_PORT = Pattern.compile("([^:]+|\\[[0-9a-fA-F:.]+]):([0-9]{1,5})");

    private final AnsibleGroups groups;
    private final Draft draft;
    private String group = "ungrouped";
    private String kind = "hosts";

    AnsibleIni(AnsibleGroups groups, Draft draft) {
        this.groups = groups;
        this.draft = draft;
    }

    void read(String text) {
        text.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("#") && !line.startsWith(";"))
                .forEach(this::line);
    }

    private void line(String line) {
        var section = SECTION.matcher(line);
        if (section.matches()) {
            group = section.group(1).strip();
            kind = section.group(2) == null ? "hosts" : section.group(2);
            return;
        }
        switch (kind) {
            case "children" -> groups.child(group, words(line).getFirst());
            case "vars" -> variable(line);
            default -> host(line);
        }
    }

    private void variable(String line) {
        int equals = line.indexOf('=');
        if (equals < 0) {
            draft.warn("The line '" + line + "' of [" + group + ":vars] is no variable and was ignored");
        } else {
            groups.variable(
                    group,
                    line.substring(0, equals).strip(),
                    unquoted(line.substring(equals + 1).strip()));
        }
    }

    private void host(String line) {
        var words = words(line);
        if (words.isEmpty()) {
            return;
        }
        Map<String, String> variables = new LinkedHashMap<>();
        for (var word : words.subList(1, words.size())) {
            int equals = word.indexOf('=');
            if (equals > 0) {
                variables.put(word.substring(0, equals), unquoted(word.substring(equals + 1)));
            }
        }
        var name = words.getFirst();
        var withPort = WITH_PORT.matcher(name);
        if (withPort.matches()) {
            name = withPort.group(1);
            variables.putIfAbsent("ansible_port", withPort.group(2));
        }
        groups.host(group, name, variables);
    }

    private static List<String> words(String line) {
        var words = new ArrayList<String>();
        var matcher = WORD.matcher(line);
        while (matcher.find() && !matcher.group().startsWith("#")) {
            words.add(matcher.group());
        }
        return words;
    }

    private static String unquoted(String text) {
        var isQuoted = text.length() >= 2
                && (text.startsWith("\"") || text.startsWith("'"))
                && text.charAt(0) == text.charAt(text.length() - 1);
        return isQuoted ? text.substring(1, text.length() - 1) : text;
    }
}
