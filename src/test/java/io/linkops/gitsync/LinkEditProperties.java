package io.linkops.gitsync;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkops.bus.ErrorCode;
import io.linkops.gitsync.GitSync.Change;
import io.linkops.gitsync.GitSync.LinkDraft;
import io.linkops.gitsync.GitSync.WriteLink;
import io.linkops.inventory.Inventory.Link;
import io.linkops.worlds.Fleets;
import io.linkops.worlds.InventoryYaml;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

/** An edit changes its entry and nothing else: neither a byte of another line nor another link. */
class LinkEditProperties {
    private static final int MAX_BYTES = 1 << 20;

    @Provide
    Arbitrary<List<Link>> links() {
        return Fleets.links(6);
    }

    /** A links.yaml with comments and empty lines between, after and within the lines of its entries. */
    record File(String text, List<Link> links) {
        byte[] bytes() {
            return text.getBytes(StandardCharsets.UTF_8);
        }
    }

    @Provide
    Arbitrary<File> files() {
        return net.jqwik.api.Combinators.combine(
                        Fleets.links(6),
                        Arbitraries.of(true, false),
                        Arbitraries.randomValue(Random::nextLong),
                        Arbitraries.of("\n", "\r\n"),
                        Arbitraries.of("", "\uFEFF"),
                        Arbitraries.of(true, false))
                .as(LinkEditProperties::file);
    }

    private static File file(
            List<Link> links, boolean isKeyed, long seed, String newline, String mark, boolean hasLastNewline) {
        var random = new Random(seed);
        var text = new StringBuilder(mark);
        for (var line : InventoryYaml.links(links, isKeyed).lines().toList()) {
            while (random.nextInt(4) == 0) {
                text.append(random.nextBoolean() ? "" : "  # ä 🚀 " + random.nextInt(100))
                        .append(newline);
            }
            text.append(line);
            if (random.nextInt(4) == 0 && !line.isEmpty()) {
                text.append("   # why: \"it\" is {so}");
            }
            text.append(newline);
        }
        text.append("# the end").append(hasLastNewline ? newline : "");
        return new File(text.toString(), links);
    }

    private static WriteLink write(String id, Change change, @Nullable LinkDraft draft) {
        return new WriteLink(id, change, draft, null, null, "tester");
    }

    private static LinkEdit.Edited apply(byte[] file, WriteLink write) throws Exception {
        return new LinkEdit(write, MAX_BYTES, 100).apply(file);
    }

    private static List<Link> read(byte[] file) {
        var parser = new InventoryParser(MAX_BYTES, 100);
        var links = parser.links(file);
        assertThat(parser.findings().problems()).isEmpty();
        return links;
    }

    private static Link renamed(Link link, String id) {
        return new Link(
                id,
                link.type(),
                link.provider(),
                link.host(),
                link.port(),
                link.user(),
                link.tags(),
                link.clientId(),
                link.clientIdPath(),
                link.keyRef(),
                null,
                link.hostKey(),
                link.metadata());
    }

    /** The lines that are in neither: an edit may take some away in one place and put others there. */
    private static void requireOneSpot(String before, String after, String id) {
        int head = 0;
        while (head < Math.min(before.length(), after.length()) && before.charAt(head) == after.charAt(head)) {
            head++;
        }
        int tail = 0;
        while (tail < Math.min(before.length(), after.length()) - head
                && before.charAt(before.length() - 1 - tail) == after.charAt(after.length() - 1 - tail)) {
            tail++;
        }
        var gone = before.substring(head, before.length() - tail);
        assertThat(gone).as("what is gone, in %s", id).doesNotContain("# the end");
    }

    /** For any links.yaml, and any link in the place of one of its own, the rest stays byte for byte. */
    @Property(tries = 400)
    void aChangedEntryLeavesTheRestAlone(
            @ForAll("files") File file, @ForAll("links") List<Link> others, @ForAll int which) throws Exception {
        Assume.that(!file.links().isEmpty() && !others.isEmpty());
        int at = Math.floorMod(which, file.links().size());
        var id = file.links().get(at).id();
        var next = renamed(others.getFirst(), id);
        var edited = apply(file.bytes(), write(id, Change.CHANGED, LinkYaml.draft(next)));
        var expected = new ArrayList<>(file.links());
        expected.set(at, next);
        assertThat(read(edited.file())).isEqualTo(expected);
        assertThat(edited.link()).isEqualTo(next);
        requireOutsideUnchanged(file, edited.file(), id);
    }

    /** For any links.yaml and one value of one link, nothing but this value changes: the line's comment stays. */
    @Property(tries = 300)
    void oneValueIsChangedInItsPlace(@ForAll("files") File file, @ForAll int which) throws Exception {
        Assume.that(!file.links().isEmpty());
        int at = Math.floorMod(which, file.links().size());
        var link = file.links().get(at);
        var port = link.port() == 65535 ? 1 : link.port() + 1;
        var draft = LinkYaml.draft(link);
        var moved = new LinkDraft(
                draft.type(),
                draft.provider(),
                "new.example",
                port,
                draft.user(),
                draft.tags(),
                draft.clientId(),
                draft.clientIdPath(),
                draft.keyRef(),
                draft.proxyJump(),
                draft.hostKey(),
                draft.metadata());
        var edited = apply(file.bytes(), write(link.id(), Change.CHANGED, moved));
        var before = file.text().split("\n", -1);
        var after = new String(edited.file(), StandardCharsets.UTF_8).split("\n", -1);
        assertThat(after).hasSameSizeAs(before);
        int changed = 0;
        for (int i = 0; i < before.length; i++) {
            if (!before[i].equals(after[i])) {
                changed++;
                assertThat(after[i])
                        .isIn(
                                before[i].replace("\"" + link.host() + "\"", "new.example"),
                                before[i].replace("port: " + link.port(), "port: " + port));
            }
        }
        assertThat(changed).isEqualTo(2);
    }

    /** For any links.yaml and any new link, it is there, and every line that was there is still there. */
    @Property(tries = 300)
    void anAddedEntryLeavesTheRestAlone(@ForAll("files") File file, @ForAll("links") List<Link> others)
            throws Exception {
        Assume.that(!others.isEmpty());
        var link = renamed(others.getFirst(), "brand-new-link");
        var edited = apply(file.bytes(), write(link.id(), Change.ADDED, LinkYaml.draft(link)));
        var expected = new ArrayList<>(file.links());
        expected.add(link);
        assertThat(read(edited.file())).isEqualTo(expected);
        if (!file.links().isEmpty()) {
            requireOutsideUnchanged(file, edited.file(), link.id());
        }
    }

    /** For any links.yaml and any link of it that is no jump host, it is gone, and nothing else is. */
    @Property(tries = 300)
    void aRemovedEntryLeavesTheRestAlone(@ForAll("files") File file, @ForAll int which) throws Exception {
        Assume.that(!file.links().isEmpty());
        int at = Math.floorMod(which, file.links().size());
        var id = file.links().get(at).id();
        var isJump = file.links().stream().anyMatch(link -> id.equals(link.proxyJump()));
        var write = write(id, Change.REMOVED, null);
        if (isJump) {
            var refused = Assertions.assertThrows(SyncException.class, () -> apply(file.bytes(), write));
            assertThat(refused.code()).isEqualTo(ErrorCode.VALIDATION_FAILED);
            assertThat(refused).hasMessageContaining("there is no such link");
            return;
        }
        var edited = apply(file.bytes(), write);
        var expected = new ArrayList<>(file.links());
        expected.remove(at);
        assertThat(read(edited.file())).isEqualTo(expected);
        if (!expected.isEmpty()) {
            requireOutsideUnchanged(file, edited.file(), id);
        }
    }

    /** Every line before the entry's first and after its last is there, byte for byte, in its place. */
    private static void requireOutsideUnchanged(File file, byte[] edited, String id) {
        var before = file.text();
        var after = new String(edited, StandardCharsets.UTF_8);
        requireOneSpot(before, after, id);
        var lines = List.of(before.split("(?<=\n)", -1));
        int first = -1;
        int last = -1;
        for (int i = 0; i < lines.size(); i++) {
            var line = lines.get(i);
            var isEntry = line.startsWith("  \"") || line.startsWith("  - id");
            if (isEntry && line.contains("\"" + id + "\"")) {
                first = i;
                last = i;
            } else if (isEntry && first >= 0) {
                break;
            } else if (first >= 0 && !line.isBlank() && !line.strip().startsWith("#")) {
                last = i;
            }
        }
        if (first < 0) {
            return; // it was added
        }
        assertThat(after).startsWith(String.join("", lines.subList(0, first)));
        assertThat(after).endsWith(String.join("", lines.subList(last + 1, lines.size())));
    }

    /** For any texts, what is written is read back, and what a sync would refuse is refused in its words. */
    @Property(tries = 300)
    void anyDraftIsWrittenOrRefused(
            @ForAll("anyText") String type, @ForAll("anyText") String host, @ForAll("anyText") String tag)
            throws Exception {
        var draft = new LinkDraft(
                type, null, host, 22, "root", List.of(tag), "LINKOPS-1", null, null, null, null, Map.of("note", tag));
        var file = "links: []\n".getBytes(StandardCharsets.UTF_8);
        try {
            var edited = apply(file, write("vm-1", Change.ADDED, draft));
            assertThat(edited.link().type()).isEqualTo(type);
            assertThat(edited.link().host()).isEqualTo(host);
            assertThat(edited.link().tags()).containsExactly(tag);
        } catch (SyncException e) {
            assertThat(e.code()).isEqualTo(ErrorCode.VALIDATION_FAILED);
            assertThat((Map<?, ?>) e.details().get("fields"))
                    .isNotEmpty()
                    .allSatisfy((field, message) -> assertThat(field).isIn("type", "host", "tags", "metadata"));
        }
    }

    @Provide
    Arbitrary<String> anyText() {
        return Arbitraries.oneOf(
                Fleets.lines(30),
                Arbitraries.strings()
                        .ofMinLength(1)
                        .ofMaxLength(10)
                        .filter(text -> text.chars().noneMatch(c -> Character.isSurrogate((char) c))),
                Arbitraries.of(
                        "yes",
                        "null",
                        "~",
                        "1e3",
                        "0x1F",
                        "2026-01-01",
                        "- a",
                        "a: b",
                        "a #b",
                        "!!str x",
                        "&a",
                        "*a",
                        "\u2028",
                        "a\nb",
                        "\u202e",
                        "'",
                        "\"",
                        "{}",
                        "[]",
                        "%",
                        "@",
                        "`",
                        "|",
                        ">",
                        "=",
                        "<<",
                        "?",
                        "-"));
    }

    @Test
    void fieldsAreRefusedInTheWordsOfASync() {
        var draft = new LinkDraft(
                null,
                null,
                "-oProxyCommand=x",
                70000,
                "a b",
                List.of(),
                null,
                "etc/x",
                "../k",
                "none",
                "MD5:aa",
                Map.of());
        var refused = Assertions.assertThrows(
                SyncException.class,
                () -> apply("links: []\n".getBytes(StandardCharsets.UTF_8), write("vm-1", Change.ADDED, draft)));
        assertThat(refused.code()).isEqualTo(ErrorCode.VALIDATION_FAILED);
        assertThat(refused.details().get("fields").toString())
                .contains(
                        "type=is required, but missing",
                        "host=must not begin with a dash",
                        "port=must be a number from 1 to 65535, not 70000",
                        "user=must not contain white space",
                        "enrollment.client_id=is required, but missing",
                        "enrollment.path=must be the absolute path",
                        "ssh.key_ref=must be the name of a file",
                        "ssh.proxy_jump=names none, but there is no such link",
                        "ssh.pinned_host_key=must be SHA256:");
    }

    @Test
    void emptyListsInlineEntriesAndAliasesAreHandledOrRefused() throws Exception {
        var link = new Link(
                "vm-1",
                "VM",
                null,
                "h",
                22,
                "root",
                List.of(),
                "LINKOPS-1",
                "/etc/linkops/client_id",
                null,
                null,
                null,
                Map.of());
        var draft = LinkYaml.draft(link);
        for (var file : new String[] {
            "links: []",
            "links: {}\n",
            "# a\nlinks:   []   # none yet\n# b\nother: 1\n",
            "links:\n  {}\n",
            "links: [\n]\n"
        }) {
            var edited = apply(bytes(file), write("vm-1", Change.ADDED, draft));
            assertThat(read(edited.file())).as(file).containsExactly(link);
            var removed = apply(edited.file(), write("vm-1", Change.REMOVED, null));
            assertThat(read(removed.file())).isEmpty();
            for (var line : file.lines().filter(line -> line.startsWith("#")).toList()) {
                assertThat(new String(removed.file(), StandardCharsets.UTF_8)).contains(line);
            }
        }
        var entry = "{type: VM, host: h, port: 22, user: root, enrollment: {clientId: LINKOPS-1}}";
        var inline = "links:\n  vm-1: " + entry + "   # one\n  # of two\n  vm-2: " + entry.replace("-1}", "-2}") + "\n";
        var moved = apply(
                bytes(inline),
                write(
                        "vm-1",
                        Change.CHANGED,
                        LinkYaml.draft(SyncGuardProperties.pinned(link, "SHA256:" + "k".repeat(43)))));
        assertThat(new String(moved.file(), StandardCharsets.UTF_8))
                .endsWith("  # of two\n  vm-2: " + entry.replace("-1}", "-2}") + "\n");
        refuses("links: {vm-2: " + entry + "}\n", write("vm-1", Change.ADDED, draft), "give each link its lines");
        var anchored = "links:\n  vm-1: &a " + entry + "\n  vm-2: *a\n";
        var refused = Assertions.assertThrows(
                SyncException.class, () -> apply(bytes(anchored), write("vm-1", Change.REMOVED, null)));
        assertThat(refused.code()).isIn(ErrorCode.CONFLICT, ErrorCode.VALIDATION_FAILED);
    }

    private static void refuses(String file, WriteLink write, String words) {
        assertThat(Assertions.assertThrows(SyncException.class, () -> apply(bytes(file), write)))
                .hasMessageContaining(words)
                .extracting(SyncException::code)
                .isEqualTo(ErrorCode.CONFLICT);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
