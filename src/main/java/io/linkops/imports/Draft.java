package io.linkops.imports;

import io.linkops.gitsync.GitSync.LinkDraft;
import io.linkops.gitsync.LinksYaml;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The links of an import as they come in; what a sync would not take is left out, with a warning. */
final class Draft {
    static final int MOST = 20_000;

    private final Defaults defaults;
    private final Supplier<UUID> ids;
    private final Map<String, LinkDraft> links = new LinkedHashMap<>();
    private final Map<String, String> idsByName = new LinkedHashMap<>();
    private final Set<String> warnings = new LinkedHashSet<>();
    private int withoutUser;

    Draft(Defaults defaults, Supplier<UUID> ids) {
        this.defaults = defaults;
        this.ids = ids;
    }

    /** What a source says of a link, as texts; anything may be missing. */
    static final class Machine {
        @Nullable
        String type;

        @Nullable
        String provider;

        @Nullable
        String host;

        @Nullable
        String port;

        @Nullable
        String user;

        final Set<String> tags = new LinkedHashSet<>();

        @Nullable
        String clientId;

        @Nullable
        String clientIdPath;

        @Nullable
        String keyFile;

        @Nullable
        String proxyJump;

        @Nullable
        String hostKey;

        final Map<String, String> metadata = new LinkedHashMap<>();
    }

    void warn(String warning) {
        warnings.add(warning);
    }

    void add(String name, Machine machine) {
        var id = id(name);
        if (id.isEmpty()) {
            warn(name + " is left out: its name has no letter or digit to make an id of");
        } else if (links.containsKey(id)) {
            warn(name + " is left out: there is a link " + id + " already");
        } else if (links.size() >= MOST) {
            warn("Only the first " + MOST + " links are taken");
        } else {
            idsByName.putIfAbsent(name, id);
            links.put(id, draft(id, machine));
        }
    }

    private static String id(String name) {
        var id = name.replaceAll("[^A-Za-z0-9._-]", "-").replaceFirst("^[^A-Za-z0-9]+", "");
        return id.length() > 128 ? id.substring(0, 128) : id;
    }

    private LinkDraft draft(String id, Machine machine) {
        var isWithoutUser = machine.user == null || machine.user.isBlank();
        withoutUser += isWithoutUser ? 1 : 0;
        return new LinkDraft(
                otherwise(machine.type, defaults.type()),
                blankToNull(machine.provider),
                otherwise(machine.host, id),
                port(id, machine.port),
                otherwise(machine.user, defaults.user()),
                List.copyOf(machine.tags),
                otherwise(machine.clientId, "LINKOPS-" + ids.get()),
                blankToNull(machine.clientIdPath),
                keyRef(machine.keyFile),
                blankToNull(machine.proxyJump),
                blankToNull(machine.hostKey),
                machine.metadata);
    }

    private @Nullable Integer port(String id, @Nullable String port) {
        if (port == null || port.isBlank()) {
            return 22;
        }
        if (!port.strip().matches("[0-9]{1,6}")) {
            warn(id + ": the port " + port + " is not a number");
            return null;
        }
        return Integer.valueOf(port.strip());
    }

    /** The key itself goes into the keys directory by hand; links.yaml names it. */
    private static @Nullable String keyRef(@Nullable String file) {
        if (file == null || file.isBlank() || file.equalsIgnoreCase("none")) {
            return null;
        }
        return file.substring(Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1);
    }

    private static String otherwise(@Nullable String text, String otherwise) {
        return text == null || text.isBlank() ? otherwise : text.strip();
    }

    private static @Nullable String blankToNull(@Nullable String text) {
        return text == null || text.isBlank() ? null : text.strip();
    }

    Imported finish() {
        nameJumps();
        leaveOutUnfit();
        if (withoutUser > 0) {
            warn(withoutUser + " links have no user; " + defaults.user() + " is assumed (--user says otherwise)");
        }
        return new Imported(LinksYaml.render(links), links.size(), new ArrayList<>(warnings));
    }

    /** Sources name jump hosts by their own names. */
    private void nameJumps() {
        links.replaceAll((id, link) -> {
            var jump = link.proxyJump();
            if (jump == null || links.containsKey(jump)) {
                return link;
            }
            var named = idsByName.get(jump);
            if (named == null) {
                warn(id + ": goes through " + jump + ", which is no link here; it is left without ssh.proxyJump");
            }
            return withJump(link, named);
        });
    }

    private static LinkDraft withJump(LinkDraft link, @Nullable String jump) {
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
                jump,
                link.hostKey(),
                link.metadata());
    }

    /** Leaving one out may leave another without its jump host. */
    private void leaveOutUnfit() {
        for (var problems = LinksYaml.problems(links); !problems.isEmpty(); problems = LinksYaml.problems(links)) {
            int before = links.size();
            problems.forEach((id, problem) -> {
                if (links.remove(id) != null) {
                    warn(id + " is left out: " + problem);
                }
            });
            if (links.size() == before) {
                throw new IllegalArgumentException("These links cannot be written as links.yaml: " + problems);
            }
            nameJumps();
        }
    }
}
