package io.linkops.gitsync;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkops.inventory.Inventory.Link;
import io.linkops.inventory.Inventory.Script;
import io.linkops.worlds.Fleets;
import io.linkops.worlds.InventoryYaml;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;

/** What links.yaml and scripts.yaml say is what is understood, and what is wrong in them is named. */
class InventoryProperties {
    private static final int MAX_BYTES = 1 << 20;

    @Provide
    Arbitrary<List<Link>> links() {
        return Fleets.links(6);
    }

    @Provide
    Arbitrary<List<Script>> scripts() {
        return Fleets.scripts(5);
    }

    /** P4 (its first half): for any links.yaml and scripts.yaml that are right, parsing gives back what was written. */
    @Property(tries = 300)
    @Tag("P4")
    void whatWasWrittenIsRead(
            @ForAll("links") List<Link> links, @ForAll("scripts") List<Script> scripts, @ForAll boolean isKeyed) {
        var parser = new InventoryParser(MAX_BYTES, 100);
        var readLinks = parser.links(bytes(InventoryYaml.links(links, isKeyed)));
        var readScripts = parser.scripts(bytes(InventoryYaml.scripts(scripts, isKeyed)));
        assertThat(parser.findings().problems()).isEmpty();
        assertThat(readLinks).isEqualTo(links);
        assertThat(readScripts.stream().map(ScriptsFile.Located::script)).isEqualTo(scripts);
    }

    /** P5 For any links.yaml with a missing required field, parsing fails and names file, line, entry and field. */
    @Property(tries = 300)
    @Tag("P5")
    void aMissingFieldOfALinkIsNamed(
            @ForAll("links") List<Link> links,
            @ForAll boolean isKeyed,
            @ForAll("linkFields") String field,
            @ForAll int which) {
        Assume.that(!links.isEmpty());
        var link = links.get(Math.floorMod(which, links.size()));
        var name = field.substring(field.indexOf('.') + 1);
        var cut = without(InventoryYaml.links(links, isKeyed), link.id(), name);
        var parser = new InventoryParser(MAX_BYTES, 100);
        parser.links(bytes(cut.text()));
        assertThat(parser.findings().problems()).singleElement().satisfies(problem -> {
            assertThat(problem.file()).isEqualTo("links.yaml");
            assertThat(problem.entry()).isEqualTo("link " + link.id());
            assertThat(problem.field()).isEqualTo(field);
            assertThat(problem.line()).isBetween(cut.entryLine(), cut.entryLine() + 12);
            assertThat(problem.message()).contains("required", "missing");
        });
    }

    /** P5 The same for scripts.yaml. */
    @Property(tries = 200)
    @Tag("P5")
    void aMissingFieldOfAScriptIsNamed(
            @ForAll("scripts") List<Script> scripts,
            @ForAll boolean isKeyed,
            @ForAll("scriptFields") String field,
            @ForAll int which) {
        Assume.that(!scripts.isEmpty());
        var script = scripts.get(Math.floorMod(which, scripts.size()));
        var cut = without(InventoryYaml.scripts(scripts, isKeyed), script.id(), field);
        var parser = new InventoryParser(MAX_BYTES, 100);
        parser.scripts(bytes(cut.text()));
        assertThat(parser.findings().problems()).singleElement().satisfies(problem -> {
            assertThat(problem.text())
                    .contains("scripts.yaml line ", "script " + script.id(), "field " + field, "required, but missing");
            assertThat(problem.line()).isBetween(cut.entryLine(), cut.entryLine() + 12);
        });
    }

    /** P6 For any malformed YAML, parsing fails and names the file and the line at or after which it is broken. */
    @Property(tries = 300)
    @Tag("P6")
    void malformedYamlIsNamedWithItsLine(
            @ForAll("links") List<Link> links, @ForAll("breakage") String breakage, @ForAll int which) {
        var lines = new ArrayList<>(InventoryYaml.links(links, true).lines().toList());
        var at = Math.floorMod(which, lines.size()) + 1;
        lines.add(at, breakage);
        var parser = new InventoryParser(MAX_BYTES, 100);
        parser.links(bytes(String.join("\n", lines) + "\n"));
        assertThat(parser.findings().problems()).singleElement().satisfies(problem -> {
            assertThat(problem.file()).isEqualTo("links.yaml");
            assertThat(problem.line()).isBetween(at, lines.size() + 1);
            assertThat(problem.message()).contains("YAML");
        });
    }

    /** P6 For any bytes at all, parsing ends, and either understands them or names the file. */
    @Property(tries = 500)
    @Tag("P6")
    void anyBytesAreUnderstoodOrRefused(@ForAll("noise") byte[] noise) {
        var parser = new InventoryParser(MAX_BYTES, 100);
        parser.links(noise);
        parser.scripts(noise);
        assertThat(parser.findings().problems())
                .isNotEmpty()
                .allSatisfy(problem -> assertThat(problem.text()).startsWith(problem.file()));
    }

    @Provide
    Arbitrary<String> linkFields() {
        return Arbitraries.of("type", "host", "port", "user", "enrollment.clientId");
    }

    @Provide
    Arbitrary<String> scriptFields() {
        return Arbitraries.of("name", "description", "path");
    }

    @Provide
    Arbitrary<String> breakage() {
        return Arbitraries.of(
                "  broken: [1, 2",
                "\t- tab",
                "  \"open",
                "  a: b: c",
                "  }",
                "  ? [",
                "  &",
                "  *nowhere",
                "  %bad: @x",
                "  x: !!java.net.URL [\"http://a\"]",
                "  - - }",
                "  'a' 'b'");
    }

    @Provide
    Arbitrary<byte[]> noise() {
        var words = Arbitraries.of(
                "links:",
                "scripts:",
                " ",
                "\n",
                "- ",
                "{",
                "}",
                "[",
                "]",
                "&a ",
                "*a",
                "!!",
                "\"",
                "'",
                "#",
                "|",
                ">",
                "\t",
                "---\n",
                "...",
                "<<: ",
                "~",
                "\u0000",
                "\uFEFF",
                "💥",
                "? ",
                ": ",
                "id: a\n",
                "%TAG ! x\n");
        var texts = words.list().ofMaxSize(30).map(list -> bytes(String.join("", list)));
        return Arbitraries.oneOf(texts, Arbitraries.bytes().array(byte[].class).ofMaxSize(60))
                .filter(bytes -> !new String(bytes, StandardCharsets.UTF_8).contains("links: []"));
    }

    private record Cut(String text, int entryLine) {}

    /** The file without one field of one entry. */
    private static Cut without(String yaml, String id, String field) {
        var kept = new ArrayList<String>();
        var entryLine = 0;
        for (var line : yaml.lines().toList()) {
            if (line.startsWith("  \"") || line.startsWith("  - id")) {
                entryLine = line.contains("\"" + id + "\"") ? kept.size() + 1 : entryLine > 0 ? -entryLine : entryLine;
            }
            if (entryLine <= 0 || !line.strip().startsWith(field + ":") || isMetadata(line)) {
                kept.add(line);
            }
        }
        return new Cut(String.join("\n", kept) + "\n", Math.abs(entryLine));
    }

    private static boolean isMetadata(String line) {
        return line.strip().startsWith("\"");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** For any loop of jump hosts, however it is entered, the loop is named; nothing runs for ever. */
    @Property(tries = 200)
    void aLoopOfJumpHostsIsNamed(@ForAll("links") List<Link> links, @ForAll int from) {
        Assume.that(!links.isEmpty());
        var a = Math.floorMod(from, links.size());
        var looped = new ArrayList<>(links);
        for (int i = a; i < looped.size(); i++) {
            looped.set(
                    i,
                    Fleets.through(
                            looped.get(i),
                            looped.get(i == looped.size() - 1 ? a : i + 1).id()));
        }
        var parser = new InventoryParser(MAX_BYTES, 100);
        parser.links(bytes(InventoryYaml.links(looped, true)));
        assertThat(parser.findings().problems())
                .anySatisfy(problem -> assertThat(problem.text()).contains("ssh.proxyJump"));
    }
}
