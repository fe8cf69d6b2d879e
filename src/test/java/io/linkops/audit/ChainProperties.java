package io.linkops.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkops.audit.Audit.Anchor;
import io.linkops.audit.Audit.Auth;
import io.linkops.audit.Audit.Entry;
import io.linkops.audit.Audit.Who;
import io.linkops.vault.Secret;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Whatever is done to one row of a chain is named, by its sequence and its kind, and no other row is blamed. */
class ChainProperties {
    private static final Seal KEY = new Seal(new Secret("ab".repeat(32)));
    private static final Seal OTHER = new Seal(new Secret("cd".repeat(32)));

    @Provide
    Arbitrary<List<Entry>> entries() {
        var text = Arbitraries.strings().ofMaxLength(12);
        var entry = Combinators.combine(text, text, Arbitraries.of(Auth.class), text, text, text)
                .as((user, address, auth, action, resource, detail) -> new Entry(
                        new Who(user, "t", auth, address),
                        action,
                        "links",
                        resource,
                        Map.of("a", detail, "b", "2"),
                        Audit.SUCCESS,
                        "r"));
        return entry.list().ofMinSize(2).ofMaxSize(30);
    }

    private static List<Line> chain(List<Entry> entries) {
        return chain(KEY, 1, Seal.NONE, entries);
    }

    private static List<Line> chain(Seal key, long first, String previous, List<Entry> entries) {
        List<Line> lines = new ArrayList<>();
        var before = previous;
        long sequence = first;
        for (var entry : entries) {
            var open = Line.of(Long.toString(sequence), Instant.ofEpochMilli(1_000 * sequence), entry, before, "");
            before = key.of(sequence++, open);
            lines.add(new Line(open.sequence(), open.fields(), open.previous(), before));
        }
        return lines;
    }

    private static Anchor anchor(List<Line> lines) {
        var last = lines.getLast();
        return new Anchor(Long.parseLong(last.sequence()), last.seal());
    }

    private static List<Damage> check(List<Line> lines, Anchor... anchors) {
        var check = new ChainCheck(KEY, null, List.of(anchors));
        lines.forEach(check::read);
        return check.verdict().damages();
    }

    /** What is named, as kind and sequences. */
    private static List<String> named(List<Damage> damages) {
        return damages.stream()
                .map(damage ->
                        damage.kind() + " " + damage.from() + (damage.to() == damage.from() ? "" : "-" + damage.to()))
                .toList();
    }

    private static int at(List<Line> lines, int index) {
        return Math.floorMod(index, lines.size());
    }

    @Property(tries = 200)
    void anUntouchedChainIsProvenToItsHead(@ForAll("entries") List<Entry> entries) {
        var lines = chain(entries);
        var check = new ChainCheck(
                KEY, null, List.of(anchor(lines), new Anchor(1, lines.getFirst().seal())));
        lines.forEach(check::read);
        assertThat(check.verdict().damages()).isEmpty();
        assertThat(check.verdict().head()).isEqualTo(anchor(lines));
    }

    /** Written and read again as an export, and as rows of the API, it is the same chain. */
    @Property(tries = 200)
    void anExportIsTheChain(@ForAll("entries") List<Entry> entries) {
        var lines = chain(entries);
        assertThat(lines.stream().map(line -> Line.parse(new JsonObject(line.json()))))
                .isEqualTo(lines);
        assertThat(lines.stream().map(line -> Line.of(line.row()))).isEqualTo(lines);
    }

    @Property(tries = 500)
    void anEditedFieldIsNamed(
            @ForAll("entries") List<Entry> entries, @ForAll int which, @ForAll @IntRange(min = 0, max = 12) int field) {
        var lines = new ArrayList<>(chain(entries));
        var anchor = anchor(lines);
        int i = at(lines, which);
        var line = lines.get(i);
        var fields = new ArrayList<>(line.fields());
        if (field < fields.size()) {
            fields.set(field, fields.get(field) + "1");
        }
        lines.set(
                i,
                new Line(
                        line.sequence(),
                        fields,
                        field == 11 ? "f".repeat(64) : line.previous(),
                        field == 12 ? "e".repeat(64) : line.seal()));
        assertThat(named(check(lines, anchor))).containsExactly("EDITED " + (i + 1));
    }

    @Property(tries = 500)
    void anEditSealedWithAnotherKeyIsNamed(@ForAll("entries") List<Entry> entries, @ForAll int which) {
        var lines = new ArrayList<>(chain(entries));
        var anchor = anchor(lines);
        int i = at(lines, which);
        var line = lines.get(i);
        lines.set(i, new Line(line.sequence(), line.fields(), line.previous(), OTHER.of(i + 1, line)));
        assertThat(named(check(lines, anchor))).containsExactly("EDITED " + (i + 1));
    }

    @Property(tries = 500)
    void deletedRowsAreNamed(
            @ForAll("entries") List<Entry> entries, @ForAll int which, @ForAll @IntRange(min = 1, max = 5) int many) {
        var lines = new ArrayList<>(chain(entries));
        var anchor = anchor(lines);
        int from = at(lines, which);
        int to = Math.min(lines.size() - 1, from + many);
        if (from == to) {
            from = to - 1;
        }
        lines.subList(from, to).clear();
        assertThat(named(check(lines, anchor)))
                .containsExactly("MISSING " + (from + 1) + (from + 1 == to ? "" : "-" + to));
    }

    /** The rows behind it are given other sequences, so that there is no gap. */
    @Property(tries = 500)
    void aDeletedRowIsNamedWhenTheOthersAreRenumbered(@ForAll("entries") List<Entry> entries, @ForAll int which) {
        var lines = new ArrayList<>(chain(entries));
        var anchor = anchor(lines);
        int i = Math.floorMod(which, lines.size() - 1);
        int size = lines.size();
        lines.remove(i);
        renumber(lines, i);
        assertThat(named(check(lines, anchor)))
                .containsExactlyInAnyOrder(
                        "MISSING " + (i + 1), "MOVED " + (i + 1) + (i + 2 == size ? "" : "-" + (size - 1)));
    }

    private static void renumber(List<Line> lines, int from) {
        for (int i = from; i < lines.size(); i++) {
            var line = lines.get(i);
            lines.set(i, new Line(Integer.toString(i + 1), line.fields(), line.previous(), line.seal()));
        }
    }

    @Property(tries = 500)
    void aCutEndIsNamed(@ForAll("entries") List<Entry> entries, @ForAll int which) {
        var lines = new ArrayList<>(chain(entries));
        var anchor = anchor(lines);
        int from = at(lines, which);
        int size = lines.size();
        lines.subList(from, size).clear();
        assertThat(named(check(lines, anchor)))
                .containsExactly("CUT " + (from + 1) + (from + 1 == size ? "" : "-" + size));
    }

    @Property(tries = 500)
    void anInsertedRowIsNamed(
            @ForAll("entries") List<Entry> entries, @ForAll int which, @ForAll("entries") List<Entry> forged) {
        var lines = new ArrayList<>(chain(entries));
        var anchor = anchor(lines);
        int i = at(lines, which);
        int size = lines.size();
        var before = i == 0 ? Seal.NONE : lines.get(i - 1).seal();
        lines.add(i, chain(OTHER, i + 1, before, forged.subList(0, 1)).getFirst());
        renumber(lines, i + 1);
        assertThat(named(check(lines, anchor)))
                .containsExactlyInAnyOrder(
                        "INSERTED " + (i + 1), "MOVED " + (i + 2) + (i + 1 == size ? "" : "-" + (size + 1)));
    }

    @Property(tries = 500)
    void aRowPutBehindTheEndIsNamed(@ForAll("entries") List<Entry> entries, @ForAll("entries") List<Entry> forged) {
        var lines = new ArrayList<>(chain(entries));
        var anchor = anchor(lines);
        lines.add(chain(OTHER, lines.size() + 1, anchor.seal(), forged.subList(0, 1))
                .getFirst());
        assertThat(named(check(lines, anchor))).containsExactly("INSERTED " + lines.size());
    }

    @Property(tries = 500)
    void aRepeatedRowIsNamed(@ForAll("entries") List<Entry> entries, @ForAll int which) {
        var lines = new ArrayList<>(chain(entries));
        int i = at(lines, which);
        lines.add(i, lines.get(i));
        assertThat(named(check(lines))).containsExactly("INSERTED " + (i + 1));
    }

    /** What two rows say is exchanged, their sequences stay: as with UPDATE in the database. */
    @Property(tries = 500)
    void exchangedRowsAreNamed(@ForAll("entries") List<Entry> entries, @ForAll int one, @ForAll int other) {
        var lines = new ArrayList<>(chain(entries));
        var anchor = anchor(lines);
        int a = Math.min(at(lines, one), at(lines, other));
        int b = Math.max(at(lines, one), at(lines, other));
        if (a == b) {
            return;
        }
        var first = lines.get(a);
        var second = lines.get(b);
        lines.set(a, new Line(first.sequence(), second.fields(), second.previous(), second.seal()));
        lines.set(b, new Line(second.sequence(), first.fields(), first.previous(), first.seal()));
        var damages = check(lines, anchor);
        assertThat(named(damages)).containsExactlyInAnyOrder("MOVED " + (a + 1), "MOVED " + (b + 1));
        assertThat(damages.getFirst().sentence())
                .isEqualTo("row " + (a + 1) + " holds what was sealed as row " + (b + 1));
    }

    @Property(tries = 500)
    void exchangedLinesOfAnExportAreNamed(@ForAll("entries") List<Entry> entries, @ForAll int one, @ForAll int other) {
        var lines = new ArrayList<>(chain(entries));
        int a = at(lines, one);
        int b = at(lines, other);
        if (a == b) {
            return;
        }
        Collections.swap(lines, a, b);
        assertThat(named(check(lines))).containsExactlyInAnyOrder("MISPLACED " + (a + 1), "MISPLACED " + (b + 1));
    }

    /** An older copy was restored, and LinkOps went on from it: sealed by the key, but not what the anchor knows. */
    @Property(tries = 200)
    void anotherEndOfTheChainIsNamed(
            @ForAll("entries") List<Entry> entries, @ForAll int which, @ForAll("entries") List<Entry> after) {
        var lines = chain(entries);
        int i = at(lines, which);
        var before = i == 0 ? Seal.NONE : lines.get(i - 1).seal();
        var again = new ArrayList<>(lines.subList(0, i));
        again.addAll(chain(KEY, i + 1, before, after));
        var anchor = new Anchor(i + 1, "a".repeat(64));
        assertThat(named(check(again, anchor))).containsExactly("FORKED " + (i + 1));
    }

    /** What retention leaves proves itself by the checkpoint; without it, or with a forged one, that shows. */
    @Property(tries = 300)
    void aCheckpointVouchesForWhatWasRemoved(@ForAll("entries") List<Entry> entries, @ForAll int which) {
        var lines = chain(entries);
        int i = at(lines, which);
        var upTo = anchor(lines.subList(0, i + 1));
        var left = lines.subList(i + 1, lines.size());
        var good = new ChainCheck(KEY, Checkpoint.of(upTo, 99, KEY), List.of(anchor(lines)));
        left.forEach(good::read);
        assertThat(good.verdict().damages()).isEmpty();
        var forged = new ChainCheck(KEY, Checkpoint.of(upTo, 99, OTHER), List.of());
        left.forEach(forged::read);
        assertThat(named(forged.verdict().damages())).anyMatch(each -> each.startsWith("CHECKPOINT"));
        var late = new ChainCheck(
                KEY, new Checkpoint(upTo, 100, Checkpoint.of(upTo, 99, KEY).seal()), List.of());
        assertThat(named(late.verdict().damages())).anyMatch(each -> each.startsWith("CHECKPOINT"));
    }

    /** Any bytes in any field: two different rows never have the same text under the seal. */
    @Property(tries = 500)
    void noTwoRowsAreSealedAlike(@ForAll @Size(11) List<String> one, @ForAll @Size(11) List<String> other) {
        var first = new Line("1", one, Seal.NONE, "");
        var second = new Line("1", other, Seal.NONE, "");
        boolean isSame = one.stream()
                .map(ChainProperties::bytes)
                .toList()
                .equals(other.stream().map(ChainProperties::bytes).toList());
        assertThat(KEY.of(1, first).equals(KEY.of(1, second))).isEqualTo(isSame);
        var shifted = new ArrayList<>(one);
        shifted.set(0, one.get(0) + one.get(1));
        shifted.set(1, "");
        if (!one.get(1).isEmpty()) {
            assertThat(KEY.of(1, new Line("1", shifted, Seal.NONE, ""))).isNotEqualTo(KEY.of(1, first));
        }
    }

    private static String bytes(String text) {
        return new String(
                text.getBytes(java.nio.charset.StandardCharsets.UTF_8), java.nio.charset.StandardCharsets.UTF_8);
    }
}
