package io.linkops.imports;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Groups, their children and their variables, as Ansible puts them together: the closest to a host counts. */
final class AnsibleGroups {
    private static final Set<String> NO_TAGS = Set.of("all", "ungrouped");
    private static final Pattern RANGE = Pattern.compile("\\[([0-9]+|[A-Za-z]):([0-9]+|[A-Za-z])(?::([0-9]+))?]");

    private final Draft draft;
    private final Map<String, Map<String, String>> hosts = new LinkedHashMap<>();
    private final Map<String, Group> groups = new LinkedHashMap<>();

    private record Group(Set<String> hosts, Set<String> children, Map<String, String> variables) {}

    AnsibleGroups(Draft draft) {
        this.draft = draft;
    }

    /** Names may hold ranges: {@code web[01:10]}. */
    void host(String group, String pattern, Map<String, String> variables) {
        for (var name : names(pattern)) {
            hosts.computeIfAbsent(name, _ -> new LinkedHashMap<>()).putAll(variables);
            group(group).hosts().add(name);
        }
    }

    void child(String group, String child) {
        group(child);
        group(group).children().add(child);
    }

    void variable(String group, String name, String value) {
        group(group).variables().put(name, value);
    }

    private Group group(String name) {
        return groups.computeIfAbsent(
                name, _ -> new Group(new LinkedHashSet<>(), new LinkedHashSet<>(), new LinkedHashMap<>()));
    }

    private List<String> names(String pattern) {
        var names = new ArrayList<String>();
        var open = new ArrayDeque<String>();
        open.add(pattern);
        while (!open.isEmpty() && names.size() + open.size() <= Draft.MOST) {
            var next = open.removeFirst();
            var matcher = RANGE.matcher(next);
            if (matcher.find()) {
                for (var value : range(matcher.group(1), matcher.group(2), matcher.group(3))) {
                    open.add(next.substring(0, matcher.start()) + value + next.substring(matcher.end()));
                }
            } else {
                names.add(next);
            }
        }
        if (!open.isEmpty()) {
            draft.warn(pattern + " stands for more than " + Draft.MOST + " hosts; it was cut");
        }
        return names;
    }

    private List<String> range(String from, String to, @Nullable String stepText) {
        long step = stepText == null ? 1 : Math.max(1, number(stepText));
        var values = new ArrayList<String>();
        if (Character.isDigit(from.charAt(0)) && Character.isDigit(to.charAt(0))) {
            var format = from.startsWith("0") ? "%0" + from.length() + "d" : "%d";
            for (long i = number(from); i <= number(to) && values.size() <= Draft.MOST; i += step) {
                values.add(format.formatted(i));
            }
        } else if (Character.isLetter(from.charAt(0)) && Character.isLetter(to.charAt(0))) {
            for (int c = from.charAt(0); c <= to.charAt(0); c += (int) step) {
                values.add(Character.toString((char) c));
            }
        }
        if (values.isEmpty()) {
            draft.warn("The range [" + from + ":" + to + "] is empty");
        }
        return values;
    }

    private static long number(String digits) {
        return digits.length() > 9 ? 1_000_000_000 : Long.parseLong(digits);
    }

    void addAll() {
        hosts.forEach((name, own) -> {
            var above = above(name);
            var values = new LinkedHashMap<>(own);
            above.forEach(group -> group(group).variables().forEach(values::putIfAbsent));
            if (groups.containsKey("all")) {
                group("all").variables().forEach(values::putIfAbsent);
            }
            add(name, values, above);
        });
    }

    /** The groups of a host, the closest first; each once, also where groups go in a circle. */
    private Set<String> above(String host) {
        var above = new LinkedHashSet<String>();
        Set<String> level = new TreeSet<>();
        groups.forEach((name, group) -> {
            if (group.hosts().contains(host)) {
                level.add(name);
            }
        });
        while (above.addAll(level)) {
            var parents = new TreeSet<String>();
            groups.forEach((name, group) -> {
                if (group.children().stream().anyMatch(level::contains) && !above.contains(name)) {
                    parents.add(name);
                }
            });
            level.clear();
            level.addAll(parents);
        }
        above.remove("all");
        return above;
    }

    private void add(String name, Map<String, String> values, Set<String> above) {
        if ("local".equals(values.get("ansible_connection"))) {
            draft.warn(name + " is left out: it is the local machine (ansible_connection=local)");
            return;
        }
        var machine = new Draft.Machine();
        machine.host = usable(name, values, "ansible_host", "ansible_ssh_host");
        machine.port = usable(name, values, "ansible_port", "ansible_ssh_port");
        machine.user = usable(name, values, "ansible_user", "ansible_ssh_user");
        machine.keyFile = usable(name, values, "ansible_ssh_private_key_file", "ansible_private_key_file");
        if (values.getOrDefault("ansible_ssh_common_args", "").contains("Proxy")) {
            draft.warn(name + ": its ansible_ssh_common_args name a jump host; give the link an ssh.proxyJump");
        }
        if (values.containsKey("ansible_password") || values.containsKey("ansible_ssh_pass")) {
            draft.warn(name + ": its password was not taken; LinkOps logs in with keys");
        }
        if (machine.host == null) {
            machine.host = name;
        }
        above.stream().filter(group -> !NO_TAGS.contains(group)).forEach(machine.tags::add);
        draft.add(name, machine);
    }

    private @Nullable String usable(String host, Map<String, String> values, String... names) {
        for (var name : names) {
            var value = values.get(name);
            if (value != null && (value.contains("{{") || value.contains("$ANSIBLE_VAULT"))) {
                draft.warn(host + ": " + name + " is "
                        + (value.contains("{{") ? "computed by Ansible" : "encrypted by ansible-vault")
                        + "; it was skipped");
            } else if (value != null && !value.isBlank()) {
                return value;
            }
        }
        return null;
    }
}
