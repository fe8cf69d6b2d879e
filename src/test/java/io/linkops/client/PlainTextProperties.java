package io.linkops.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What hosts print reaches a terminal as text, whatever it is and however it is cut. */
class PlainTextProperties {

    /** Nothing that a terminal obeys is left, and what was plain is unchanged. */
    @Property(tries = 1000)
    void nothingIsLeftThatATerminalObeys(@ForAll("texts") String text) {
        var plain = PlainText.of(text);
        assertThat(plain.codePoints().filter(letter -> letter != '\t')).noneMatch(PlainText::isActive);
        assertThat(plain).doesNotContain("\u001b", "\u009b", "\u202e", "\r", "\n");
        assertThat(PlainText.of(plain)).isEqualTo(plain);
        var visible = text.replaceAll("[\\p{C}\\p{Zl}\\p{Zp}]", "");
        assertThat(PlainText.of(visible)).isEqualTo(visible);
    }

    /** JSON stays the same value. */
    @Property(tries = 500)
    void jsonKeepsItsValue(@ForAll("texts") String text) {
        var json = new JsonObject().put("data", text).encode();
        var plain = PlainText.json(json);
        assertThat(new JsonObject(plain).getString("data")).isEqualTo(text);
        assertThat(plain).doesNotContain("\u001b", "\u009b", "\u202e", "\r", "\n");
    }

    /** However the bytes are cut, the lines are those of the whole. */
    @Property(tries = 500)
    void linesAreTheSameHoweverTheyAreCut(@ForAll("texts") String text, @ForAll("cuts") List<Integer> cuts) {
        var whole = new ArrayList<String>();
        var all = new Lines(whole::add);
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        all.add(bytes);
        all.end();
        var pieces = new ArrayList<String>();
        var cut = new Lines(pieces::add);
        int at = 0;
        for (int size : cuts) {
            var piece = new ByteArrayOutputStream();
            int end = Math.min(bytes.length, at + size);
            piece.write(bytes, at, end - at);
            cut.add(piece.toByteArray());
            at = end;
        }
        var rest = new ByteArrayOutputStream();
        rest.write(bytes, at, bytes.length - at);
        cut.add(rest.toByteArray());
        cut.end();
        assertThat(pieces).isEqualTo(whole);
        assertThat(whole).allMatch(line -> line.length() <= Lines.LONGEST + 1);
    }

    @Provide
    Arbitrary<String> texts() {
        var letters = Arbitraries.oneOf(
                Arbitraries.of(
                        "\u001b[31m",
                        "\u001b]0;x\u0007",
                        "\u009b2J",
                        "\u202e",
                        "\r",
                        "\n",
                        "\r\n",
                        "\t",
                        "é",
                        "漢",
                        "😀"),
                Arbitraries.strings().ofMaxLength(5));
        return letters.list().ofMaxSize(30).map(parts -> String.join("", parts)).map(PlainTextProperties::whole);
    }

    /** Half a pair of surrogates cannot travel as UTF-8. */
    private static String whole(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }

    @Provide
    Arbitrary<List<Integer>> cuts() {
        return Arbitraries.integers().between(0, 7).list().ofMaxSize(40);
    }
}
