package io.linkops.gitsync;

import io.linkops.inventory.Inventory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.MappingNode;

/** links.yaml: what a link must have, and what its values may be. */
final class LinksFile {
    static final String NAME = "links.yaml";

    static final String CLIENT_ID_PATH = "/etc/linkops/client_id";
    private static final Pattern FINGERPRINT = Pattern.compile("SHA256:[A-Za-z0-9+/]{43}");

    private final Findings findings;

    LinksFile(Findings findings) {
        this.findings = findings;
    }

    List<Inventory.Link> read(MappingNode root, int maxLinks) {
        var entries = new Entries(NAME, "link", findings).read(root, maxLinks);
        var links = new ArrayList<Inventory.Link>(entries.size());
        var fields = new HashMap<String, Fields>();
        for (var entry : entries) {
            links.add(link(entry.id(), entry.fields()));
            entry.fields().warnOfUnknown();
            fields.put(entry.id(), entry.fields());
        }
        new Jumps(links)
                .problems()
                .forEach((id, message) -> java.util.Objects.requireNonNull(fields.get(id))
                        .within("ssh")
                        .problem("proxyJump", message));
        warnOfSharedClientIds(links);
        return links;
    }

    private Inventory.Link link(String id, Fields fields) {
        var enrollment = fields.within("enrollment");
        var ssh = fields.within("ssh");
        var link = new Inventory.Link(
                id,
                word(fields, "type", fields.required("type")),
                word(fields, "provider", fields.optional("provider")),
                address(fields, "host", 253),
                fields.requiredNumber("port", 1, 65535),
                address(fields, "user", 128),
                tags(fields),
                clientId(enrollment),
                clientIdPath(enrollment),
                keyRef(ssh),
                ssh.optional("proxyJump"),
                hostKey(ssh),
                metadata(fields));
        if (!enrollment.isOn("required", true)) {
            enrollment.warning("required", "is ignored: a link is always checked before anything runs on it");
        }
        enrollment.warnOfUnknown();
        ssh.warnOfUnknown();
        return link;
    }

    @SuppressWarnings("NullAway") // as nullable as its argument
    private static String word(Fields fields, String field, @Nullable String text) {
        if (text != null && (text.length() > 128 || Texts.hasUnprintable(text))) {
            fields.problem(field, "must be at most 128 printable characters on one line");
        }
        return text;
    }

    private static String address(Fields fields, String field, int maxLength) {
        var text = fields.required(field);
        if (Texts.hasWhiteSpace(text) || Texts.hasUnprintable(text)) {
            fields.problem(field, "must not contain white space or control characters");
        } else if (text.startsWith("-")) {
            fields.problem(field, "must not begin with a dash");
        } else if (text.length() > maxLength) {
            fields.problem(field, "must have at most " + maxLength + " characters");
        }
        return text;
    }

    private static List<String> tags(Fields fields) {
        var tags = fields.texts("tags");
        for (var tag : tags) {
            if (tag.length() > 128 || Texts.hasUnprintable(tag)) {
                fields.problem("tags", "must each have at most 128 printable characters");
            }
        }
        return tags.stream().distinct().toList();
    }

    private static String clientId(Fields enrollment) {
        var clientId = enrollment.required("clientId");
        if (clientId.getBytes(StandardCharsets.UTF_8).length > 200 || Texts.hasUnprintable(clientId)) {
            enrollment.problem("clientId", "must be at most 200 bytes of printable text on one line");
        } else if (!clientId.equals(clientId.strip())) {
            enrollment.problem("clientId", "must not begin or end with white space");
        }
        return clientId;
    }

    private static String clientIdPath(Fields enrollment) {
        var path = enrollment.optional("path");
        if (path != null && (!path.startsWith("/") || path.length() > 1024 || Texts.hasUnprintable(path))) {
            enrollment.problem("path", "must be the absolute path of a file on the link, like " + CLIENT_ID_PATH);
        }
        return path == null ? CLIENT_ID_PATH : path;
    }

    private static @Nullable String keyRef(Fields ssh) {
        var keyRef = ssh.optional("keyRef");
        if (keyRef != null
                && (keyRef.contains("/")
                        || keyRef.contains("\\")
                        || keyRef.startsWith(".")
                        || keyRef.length() > 128
                        || Texts.hasUnprintable(keyRef))) {
            ssh.problem("keyRef", "must be the name of a file in the keys directory, without any path");
        }
        return keyRef;
    }

    private static @Nullable String hostKey(Fields ssh) {
        var hostKey = ssh.optional("hostKey");
        if (hostKey != null && !FINGERPRINT.matcher(hostKey).matches()) {
            ssh.problem("hostKey", "must be SHA256: and 43 base64 characters, as `ssh-keygen -lf FILE` prints them");
        }
        return hostKey;
    }

    private static Map<String, String> metadata(Fields fields) {
        var metadata = new LinkedHashMap<>(new Metadata(fields).read());
        var name = word(fields, "name", fields.optional("name"));
        if (name != null) {
            metadata.putIfAbsent("name", name);
        }
        return metadata;
    }

    private void warnOfSharedClientIds(List<Inventory.Link> links) {
        var owners = new HashMap<String, String>();
        for (var link : links) {
            var owner = owners.putIfAbsent(link.clientId(), link.id());
            if (owner != null && !link.clientId().isBlank()) {
                findings.warning(NAME + ": link " + link.id() + " has the same enrollment.clientId as link " + owner
                        + "; each machine should have its own");
            }
        }
    }
}
