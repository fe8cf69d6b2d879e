package io.linkops.gitsync;

import io.linkops.bus.ErrorCode;
import io.linkops.gitsync.Findings.Problem;
import io.linkops.gitsync.GitSync.Change;
import io.linkops.gitsync.GitSync.LinkDraft;
import io.linkops.gitsync.GitSync.WriteLink;
import io.linkops.gitsync.LinksText.FieldEdit;
import io.linkops.inventory.Inventory.Link;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One edit of links.yaml (pure): the bytes before, the bytes after. Whatever is made is read again; it is taken only if
 * it says exactly what was asked for, and if a sync would take it.
 */
final class LinkEdit {
    private final WriteLink edit;
    private final int maxFileBytes;
    private final int maxLinks;

    /** @param link as it is read from the file; null if it is gone */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Edited(byte[] file, @Nullable Link link, boolean isChanged) {}

    LinkEdit(WriteLink edit, int maxFileBytes, int maxLinks) {
        this.edit = edit;
        this.maxFileBytes = maxFileBytes;
        this.maxLinks = maxLinks;
    }

    /** The entry as it is in this file; null if it is not there. */
    @Nullable
    Link find(byte[] file) throws SyncException {
        return find(read(file));
    }

    private @Nullable Link find(List<Link> links) {
        return links.stream()
                .filter(link -> link.id().equals(edit.linkId()))
                .findFirst()
                .orElse(null);
    }

    Edited apply(byte[] file) throws SyncException {
        var before = read(file);
        var old = find(before);
        var text = LinksText.of(file, maxFileBytes);
        var draft = edit.draft();
        if (draft == null) {
            refuseMissing(old);
            return checked(file, text.without(edit.linkId()), before, null);
        }
        if (edit.change() == Change.ADDED) {
            refuseExisting(old);
            return checked(file, text.with(edit.linkId(), draft), before, draft);
        }
        var known = refuseMissing(old);
        if (isSame(known, draft)) {
            return new Edited(file, known, false);
        }
        var gentle = gentle(text, known, draft);
        return gentle != null && isTaken(gentle, before)
                ? checked(file, gentle, before, draft)
                : checked(file, text.changed(edit.linkId(), draft), before, draft);
    }

    private List<Link> read(byte[] file) throws SyncException {
        var parser = new InventoryParser(maxFileBytes, maxLinks);
        var links = parser.links(file);
        if (!parser.findings().isClean()) {
            throw parser.findings().asException();
        }
        return links;
    }

    private Link refuseMissing(@Nullable Link old) throws SyncException {
        if (old == null) {
            throw new SyncException(
                    ErrorCode.LINK_NOT_FOUND,
                    "There is no link " + Texts.shown(edit.linkId()) + " in " + LinksFile.NAME + " of the repository");
        }
        return old;
    }

    private void refuseExisting(@Nullable Link old) throws SyncException {
        if (old != null) {
            throw new SyncException(
                    ErrorCode.CONFLICT, "There is a link " + edit.linkId() + " already; change that one (PUT)");
        }
    }

    private static boolean isSame(Link link, LinkDraft draft) {
        var path = draft.clientIdPath() == null ? LinksFile.CLIENT_ID_PATH : draft.clientIdPath();
        var whole = new LinkDraft(
                draft.type(),
                draft.provider(),
                draft.host(),
                draft.port(),
                draft.user(),
                draft.tags(),
                draft.clientId(),
                path,
                draft.keyRef(),
                draft.proxyJump(),
                draft.hostKey(),
                draft.metadata());
        return LinkYaml.draft(link).equals(whole);
    }

    /** Only the values that differ, so that comments and unknown fields of the entry stay; null if that cannot be. */
    private byte @Nullable [] gentle(LinksText text, Link old, LinkDraft draft) throws SyncException {
        var was = LinkYaml.draft(old);
        if (!was.tags().equals(draft.tags()) || !was.metadata().equals(draft.metadata())) {
            return null;
        }
        var edits = new ArrayList<FieldEdit>();
        var before = values(was);
        for (var value : values(draft).entrySet()) {
            var old1 = before.get(value.getKey());
            if (!Objects.equals(old1, value.getValue())) {
                if (old1 == null || value.getValue() == null) {
                    return null;
                }
                edits.add(new FieldEdit(value.getKey(), value.getValue()));
            }
        }
        return text.changed(edit.linkId(), edits);
    }

    private static Map<String, @Nullable String> values(LinkDraft draft) {
        var values = new LinkedHashMap<String, @Nullable String>();
        values.put("type", scalar(draft.type()));
        values.put("provider", scalar(draft.provider()));
        values.put("host", scalar(draft.host()));
        values.put("port", draft.port() == null ? null : draft.port().toString());
        values.put("user", scalar(draft.user()));
        values.put("enrollment.clientId", scalar(draft.clientId()));
        values.put(
                "enrollment.path",
                scalar(draft.clientIdPath() == null ? LinksFile.CLIENT_ID_PATH : draft.clientIdPath()));
        values.put("ssh.keyRef", scalar(draft.keyRef()));
        values.put("ssh.proxyJump", scalar(draft.proxyJump()));
        values.put("ssh.hostKey", scalar(draft.hostKey()));
        return values;
    }

    private static @Nullable String scalar(@Nullable String text) {
        return text == null ? null : LinkYaml.scalar(text);
    }

    /** Whether a file is worth a look: it reads, and nothing but the entry differs. */
    private boolean isTaken(byte[] file, List<Link> before) {
        var parser = new InventoryParser(maxFileBytes, maxLinks);
        var links = parser.links(file);
        return parser.findings().isClean() && isOtherwiseEqual(before, links);
    }

    private boolean isOtherwiseEqual(List<Link> before, List<Link> after) {
        return others(before).equals(others(after));
    }

    private List<Link> others(List<Link> links) {
        return links.stream().filter(link -> !link.id().equals(edit.linkId())).toList();
    }

    private Edited checked(byte[] file, byte[] edited, List<Link> before, @Nullable LinkDraft draft)
            throws SyncException {
        var parser = new InventoryParser(maxFileBytes, maxLinks);
        var links = parser.links(edited);
        if (!parser.findings().isClean()) {
            throw invalid(parser.findings().problems());
        }
        var link = find(links);
        if (!isOtherwiseEqual(before, links) || (draft == null ? link != null : link == null || !isSame(link, draft))) {
            throw LinksText.uneditable("is written in a way that LinkOps cannot edit without harm to other entries");
        }
        return new Edited(edited, link, !java.util.Arrays.equals(file, edited));
    }

    /** What a sync would say of it, by field. */
    private SyncException invalid(List<Problem> problems) {
        var fields = new LinkedHashMap<String, Object>();
        for (var problem : problems) {
            var isOurs = problem.entry().equals("link " + Texts.shown(edit.linkId()));
            var name = problem.field().isEmpty() ? "link" : ApiFields.of(problem.field());
            fields.putIfAbsent(
                    isOurs ? name : problem.entry().isEmpty() ? "link" : problem.entry(),
                    isOurs ? problem.message() : problem.text());
        }
        return new SyncException(
                ErrorCode.VALIDATION_FAILED,
                "The link would not pass a sync: "
                        + fields.entrySet().stream()
                                .limit(10)
                                .map(field -> field.getKey() + " " + field.getValue())
                                .collect(java.util.stream.Collectors.joining("; ")),
                false,
                Map.of("fields", fields),
                null);
    }
}
