package io.linkops.gitsync;

import io.linkops.gitsync.GitSync.Change;
import io.linkops.gitsync.GitSync.FieldChange;
import io.linkops.gitsync.GitSync.LinkChange;
import io.linkops.inventory.Inventory.Link;
import io.linkops.inventory.Inventory.Script;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What differs between two descriptions, field by field as the files name them (pure); nothing secret is shown. */
final class FieldDiff {
    private static final int SHOWN = 200;
    private static final Pattern SECRET = Pattern.compile("(?i).*(passw|secret|token|credential|api_?key|private).*");

    private FieldDiff() {}

    /** The changes from these links to those, sorted by id. */
    static List<LinkChange> links(List<Link> before, List<Link> after) {
        var old = new HashMap<String, Link>();
        before.forEach(link -> old.put(link.id(), link));
        var changes = new TreeMap<String, LinkChange>();
        for (var link : after) {
            var was = old.remove(link.id());
            if (was == null) {
                changes.put(link.id(), new LinkChange(link.id(), Change.ADDED, List.of()));
            } else if (!was.equals(link)) {
                changes.put(link.id(), new LinkChange(link.id(), Change.CHANGED, fields(was, link)));
            }
        }
        old.keySet().forEach(id -> changes.put(id, new LinkChange(id, Change.REMOVED, List.of())));
        return List.copyOf(changes.values());
    }

    private static List<FieldChange> fields(Link a, Link b) {
        var fields = new ArrayList<FieldChange>();
        add(fields, "type", a.type(), b.type());
        add(fields, "provider", a.provider(), b.provider());
        add(fields, "host", a.host(), b.host());
        add(fields, "port", a.port(), b.port());
        add(fields, "user", a.user(), b.user());
        add(fields, "tags", String.join(", ", a.tags()), String.join(", ", b.tags()));
        add(fields, "enrollment.clientId", a.clientId(), b.clientId());
        add(fields, "enrollment.path", a.clientIdPath(), b.clientIdPath());
        add(fields, "ssh.keyRef", a.keyRef(), b.keyRef());
        add(fields, "ssh.proxyJump", a.proxyJump(), b.proxyJump());
        add(fields, "ssh.hostKey", a.hostKey(), b.hostKey());
        addMetadata(fields, a.metadata(), b.metadata());
        return fields;
    }

    private static void addMetadata(List<FieldChange> fields, Map<String, String> a, Map<String, String> b) {
        var keys = new TreeSet<>(a.keySet());
        keys.addAll(b.keySet());
        for (var key : keys) {
            add(fields, "metadata." + key, a.get(key), b.get(key));
        }
    }

    static List<FieldChange> fields(Script a, Script b) {
        var fields = new ArrayList<FieldChange>();
        add(fields, "name", a.name(), b.name());
        add(fields, "description", a.description(), b.description());
        add(fields, "path", a.path(), b.path());
        add(fields, "timeout", a.timeout(), b.timeout());
        add(fields, "flags", String.join(", ", a.flags()), String.join(", ", b.flags()));
        add(fields, "tags", String.join(", ", a.tags()), String.join(", ", b.tags()));
        add(fields, "estimatedDuration", a.estimate(), b.estimate());
        add(fields, "durable", a.durable(), b.durable());
        add(fields, "parameters", a.parameters(), b.parameters());
        add(fields, "needs", String.join(", ", a.needs()), String.join(", ", b.needs()));
        return fields;
    }

    private static void add(List<FieldChange> fields, String field, @Nullable Object before, @Nullable Object after) {
        if (!Objects.equals(before, after)) {
            fields.add(new FieldChange(Texts.shown(field), shown(field, before), shown(field, after)));
        }
    }

    private static @Nullable String shown(String field, @Nullable Object value) {
        if (value == null) {
            return null;
        }
        return SECRET.matcher(field).matches() ? "***" : Texts.shown(value.toString(), SHOWN);
    }
}
