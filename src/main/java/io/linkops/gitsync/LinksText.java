package io.linkops.gitsync;

import io.linkops.bus.ErrorCode;
import io.linkops.gitsync.GitSync.LinkDraft;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions.FlowStyle;
import org.yaml.snakeyaml.nodes.CollectionNode;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/**
 * links.yaml as text whose entries can be edited: only an entry's own lines change, every other byte stays. Pure; what
 * comes out is to be read again before it is believed.
 */
final class LinksText {
    /** Code points, as the parser's marks count them. */
    private final int[] text;

    private final boolean hasMark;
    private final String newline;
    private final NodeTuple links;

    /** An entry's own lines: from {@code start} to {@code end}, which begins a line or ends the file. */
    private record Place(
            int start,
            int end,
            String indent,
            boolean isKeyed,
            @Nullable MappingNode fields) {}

    private LinksText(int[] text, boolean hasMark, String newline, NodeTuple links) {
        this.text = text;
        this.hasMark = hasMark;
        this.newline = newline;
        this.links = links;
    }

    /** @param file that reads without problems */
    static LinksText of(byte[] file, int maxBytes) throws SyncException {
        var root = new YamlFile(LinksFile.NAME, file, new Findings()).root(maxBytes);
        var whole = new String(file, StandardCharsets.UTF_8);
        var hasMark = whole.startsWith("\uFEFF");
        if (root != null) {
            for (var tuple : root.getValue()) {
                if (tuple.getKeyNode() instanceof ScalarNode key
                        && key.getValue().equals("links")) {
                    var text =
                            (hasMark ? whole.substring(1) : whole).codePoints().toArray();
                    return new LinksText(text, hasMark, whole.contains("\r\n") ? "\r\n" : "\n", tuple);
                }
            }
        }
        throw uneditable("has no list of links");
    }

    /** With one more entry, after the last one. */
    byte[] with(String id, LinkDraft draft) throws SyncException {
        var places = places();
        if (places.isEmpty()) {
            return first(LinkYaml.keyed("  ", id, draft, newline));
        }
        var last = places.getLast();
        return replaced(last.end(), last.end(), atLineStart(last.end()) + entry(last, id, draft));
    }

    /** With this entry as it is now to be. */
    byte[] changed(String id, LinkDraft draft) throws SyncException {
        var place = place(id);
        return replaced(place.start(), place.end(), entry(place, id, draft));
    }

    /** With one value of the entry in the place of another, and all else of it as it is; null where that cannot be. */
    byte @Nullable [] changed(String id, List<FieldEdit> edits) throws SyncException {
        var place = place(id);
        var spots = new ArrayList<Spot>();
        for (var edit : edits) {
            var node = place.fields() == null ? null : scalar(place.fields(), edit.path());
            if (node == null || !isOnOneLine(node, place)) {
                return null;
            }
            spots.add(new Spot(node.getStartMark().getIndex(), node.getEndMark().getIndex(), edit.yaml()));
        }
        spots.sort(java.util.Comparator.comparingInt(Spot::start));
        var edited = new StringBuilder();
        int at = 0;
        for (var spot : spots) {
            edited.append(text(at, spot.start())).append(spot.yaml());
            at = spot.end();
        }
        return bytes(edited.append(text(at, text.length)).toString());
    }

    /**
     * One value of an entry.
     *
     * @param path such as {@code ssh.hostKey}
     * @param yaml the value as it is written
     */
    record FieldEdit(String path, String yaml) {}

    private record Spot(int start, int end, String yaml) {}

    private static @Nullable ScalarNode scalar(MappingNode fields, String path) {
        var dot = path.indexOf('.');
        var name = dot < 0 ? path : path.substring(0, dot);
        for (var tuple : fields.getValue()) {
            if (tuple.getKeyNode() instanceof ScalarNode key && key.getValue().equals(name)) {
                return switch (tuple.getValueNode()) {
                    case ScalarNode scalar when dot < 0 -> scalar;
                    case MappingNode mapping when dot >= 0 -> scalar(mapping, path.substring(dot + 1));
                    default -> null;
                };
            }
        }
        return null;
    }

    private static boolean isOnOneLine(ScalarNode node, Place place) {
        return node.getStartMark().getLine() == node.getEndMark().getLine()
                && node.getStartMark().getIndex() < node.getEndMark().getIndex()
                && node.getAnchor() == null
                && node.getStartMark().getIndex() >= place.start()
                && node.getEndMark().getIndex() <= place.end();
    }

    /** Without this entry. */
    byte[] without(String id) throws SyncException {
        var place = place(id);
        if (places().size() > 1) {
            return replaced(place.start(), place.end(), "");
        }
        int key = links.getKeyNode().getEndMark().getIndex();
        int colon = key;
        while (colon < text.length && text[colon] != ':') {
            colon++;
        }
        return bytes(text(0, colon + 1) + " []" + text(colon + 1, place.start()) + text(place.end(), text.length));
    }

    private String entry(Place place, String id, LinkDraft draft) {
        return place.isKeyed()
                ? LinkYaml.keyed(place.indent(), id, draft, newline)
                : LinkYaml.listed(place.indent(), id, draft, newline);
    }

    private String atLineStart(int index) {
        return index > 0 && text[index - 1] != '\n' ? newline : "";
    }

    // ---- where things are ----------------------------------------------------------------------------------------

    private Place place(String id) throws SyncException {
        switch (links.getValueNode()) {
            case MappingNode mapping -> {
                for (var tuple : mapping.getValue()) {
                    if (tuple.getKeyNode() instanceof ScalarNode key
                            && key.getValue().equals(id)) {
                        return keyed(tuple);
                    }
                }
            }
            case SequenceNode list -> {
                for (var item : list.getValue()) {
                    var named = item instanceof MappingNode fields ? scalar(fields, "id") : null;
                    if (named != null && named.getValue().equals(id)) {
                        return listed(item);
                    }
                }
            }
            default -> {}
        }
        throw uneditable("has no entry " + id + " that can be edited");
    }

    private List<Place> places() throws SyncException {
        var places = new ArrayList<Place>();
        switch (links.getValueNode()) {
            case MappingNode mapping -> {
                for (var tuple : mapping.getValue()) {
                    places.add(keyed(tuple));
                }
            }
            case SequenceNode list -> {
                for (var item : list.getValue()) {
                    places.add(listed(item));
                }
            }
            default -> {}
        }
        return places;
    }

    private Place keyed(NodeTuple tuple) throws SyncException {
        refuseFlow();
        var key = tuple.getKeyNode();
        int first = key.getStartMark().getIndex();
        int start = lineStart(first);
        var end = Math.max(end(key, first), end(tuple.getValueNode(), first));
        return new Place(start, lineEnd(end), indent(start, first), true, fields(tuple.getValueNode(), first));
    }

    private Place listed(Node item) throws SyncException {
        refuseFlow();
        int first = item.getStartMark().getIndex();
        int dash = first - 1;
        while (dash >= 0 && text[dash] == ' ') {
            dash--;
        }
        if (dash < 0 || text[dash] != '-') {
            throw uneditable("has entries in a form that LinkOps does not edit");
        }
        int start = lineStart(dash);
        return new Place(start, lineEnd(end(item, first)), indent(start, dash), false, fields(item, first));
    }

    private static @Nullable MappingNode fields(Node node, int from) {
        return node instanceof MappingNode mapping && node.getStartMark().getIndex() >= from ? mapping : null;
    }

    private void refuseFlow() throws SyncException {
        if (links.getValueNode() instanceof CollectionNode<?> collection
                && collection.getFlowStyle() == FlowStyle.FLOW) {
            throw uneditable(
                    "lists its links within { } or [ ], which LinkOps does not edit; give each link its lines");
        }
    }

    /** Block collections end where the next thing begins; so their last value is what counts. */
    private int end(Node node, int from) {
        if (node.getStartMark().getIndex() < from) {
            return from; // an alias of something further up
        }
        if (node instanceof ScalarNode || isFlow(node)) {
            return lastCharacter(node.getEndMark().getIndex(), from);
        }
        int end = from;
        if (node instanceof MappingNode mapping) {
            for (var tuple : mapping.getValue()) {
                end = Math.max(end, Math.max(end(tuple.getKeyNode(), from), end(tuple.getValueNode(), from)));
            }
        }
        if (node instanceof SequenceNode list) {
            for (var item : list.getValue()) {
                end = Math.max(end, end(item, from));
            }
        }
        return end;
    }

    private static boolean isFlow(Node node) {
        return node instanceof CollectionNode<?> collection && collection.getFlowStyle() == FlowStyle.FLOW;
    }

    /** A block scalar ends after the empty lines that follow it. */
    private int lastCharacter(int end, int from) {
        int last = end;
        while (last > from && Character.isWhitespace(text[last - 1])) {
            last--;
        }
        return last;
    }

    private String indent(int start, int first) throws SyncException {
        var indent = text(start, first);
        if (!indent.isBlank()) {
            throw uneditable("has entries in a form that LinkOps does not edit");
        }
        return indent;
    }

    private int lineStart(int index) {
        int start = index;
        while (start > 0 && text[start - 1] != '\n') {
            start--;
        }
        return start;
    }

    private int lineEnd(int index) {
        int end = index;
        while (end < text.length && text[end] != '\n') {
            end++;
        }
        return Math.min(text.length, end + 1);
    }

    /** In the place of the empty list. */
    private byte[] first(String entry) {
        var empty = links.getValueNode();
        int end = empty.getEndMark().getIndex();
        int next = lineEnd(end);
        var rest = text(end, next);
        return bytes(text(0, empty.getStartMark().getIndex()).stripTrailing()
                + rest
                + (rest.endsWith("\n") ? "" : newline)
                + entry
                + text(next, text.length));
    }

    // ---- bytes ---------------------------------------------------------------------------------------------------

    private byte[] replaced(int start, int end, String lines) {
        return bytes(text(0, start) + lines + text(end, text.length));
    }

    private String text(int from, int to) {
        return new String(text, from, to - from);
    }

    private byte[] bytes(String edited) {
        return ((hasMark ? "\uFEFF" : "") + edited).getBytes(StandardCharsets.UTF_8);
    }

    static SyncException uneditable(String what) {
        return new SyncException(
                ErrorCode.CONFLICT, LinksFile.NAME + " " + what + "; edit the file in the repository instead");
    }
}
