package io.linkops.audit;

import io.linkops.audit.Audit.Anchor;
import io.linkops.audit.Damage.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads a chain line by line and names what is wrong with it. Pure.
 *
 * <p>Each line carries the seal before it and its own, so a line proves itself: which row it was is known even where
 * others are gone, and a damaged one puts no blame on its neighbours. What is true of the chain are the sequences that
 * lines prove; all else follows from them.
 */
final class ChainCheck {
    /** So many damaged lines are looked into; a chain with more of them is not a chain. */
    private static final int MOST_SUSPECTS = 2_000;

    private static final int MOST_CANDIDATES = 2_000;

    private final Seal key;
    private final @Nullable Checkpoint checkpoint;
    private final Map<Long, String> anchors = new TreeMap<>();
    private final List<Damage> damages = new ArrayList<>();
    private final Places proven = new Places();
    private final List<Suspect> suspects = new ArrayList<>();
    private final List<Move> moves = new ArrayList<>();
    private final LongStream.Builder order = LongStream.builder();
    private long moreSuspects;
    private long lines;
    private long shift = 1;
    private long lastProven;
    private String lastSeal;
    private @Nullable Verdict verdict;

    /** A line that does not prove itself where it stands. */
    private record Suspect(long place, Line line) {}

    /** A line that proves itself at another place. */
    private record Move(long place, long origin) {}

    /**
     * What was found.
     *
     * @param lines that were read
     * @param head the last row that proves itself; sequence 0 if none does
     */
    record Verdict(List<Damage> damages, long lines, Anchor head) {
        Verdict {
            damages = List.copyOf(damages);
        }
    }

    /** @param anchors what is known from elsewhere of the chain */
    ChainCheck(Seal key, @Nullable Checkpoint checkpoint, List<Anchor> anchors) {
        this.key = key;
        var isBelieved = checkpoint != null && checkpoint.isSealedBy(key);
        this.checkpoint = isBelieved ? checkpoint : null;
        if (checkpoint != null && !isBelieved) {
            damages.add(Damage.row(
                    Kind.CHECKPOINT,
                    checkpoint.upTo().sequence(),
                    "the checkpoint that says rows were removed by retention is not sealed by this key"));
        }
        anchors.forEach(anchor -> this.anchors.put(anchor.sequence(), anchor.seal()));
        this.lastProven = first() - 1;
        this.lastSeal =
                this.checkpoint == null ? Seal.NONE : this.checkpoint.upTo().seal();
        anchored(lastProven, lastSeal);
    }

    private long first() {
        return checkpoint == null ? 1 : checkpoint.upTo().sequence() + 1;
    }

    void unreadable(long number, String why) {
        lines++;
        damages.add(Damage.row(Kind.UNREADABLE, number, "line " + number + " of the export is no row: " + why));
    }

    void read(Line line) {
        lines++;
        var place = line.place();
        if (place == null) {
            damages.add(Damage.row(
                    Kind.INSERTED,
                    0,
                    "a row whose sequence is '" + cut(line.sequence()) + "' was never written by LinkOps"));
            return;
        }
        order.add(place);
        if (isRow(place, line)) {
            prove(place, place, line);
        } else if (isRow(place + shift, line)) {
            prove(place, place + shift, line);
        } else if (isRow(place - 1, line)) {
            shift = -1;
            prove(place, place - 1, line);
        } else if (isRow(place + 1, line)) {
            shift = 1;
            prove(place, place + 1, line);
        } else if (suspects.size() < MOST_SUSPECTS) {
            suspects.add(new Suspect(place, line));
        } else {
            moreSuspects++;
        }
    }

    private static String cut(String text) {
        return text.length() > 40 ? text.substring(0, 40) + "…" : text;
    }

    private boolean isRow(long sequence, Line line) {
        return sequence > 0 && key.of(sequence, line).equals(line.seal());
    }

    private void prove(long place, long origin, Line line) {
        if (proven.has(origin) || origin < first()) {
            damages.add(Damage.row(
                    Kind.INSERTED,
                    place,
                    origin < first()
                            ? "row " + place + " is one that retention had removed"
                            : "row " + place + " is a copy of row " + origin));
            return;
        }
        proven.add(origin);
        if (place != origin) {
            moves.add(new Move(place, origin));
        }
        if (origin == lastProven + 1 && !line.previous().equals(lastSeal)) {
            damages.add(Damage.row(
                    Kind.FORKED,
                    origin,
                    "row " + origin + " was sealed by this key, but behind another row " + (origin - 1)
                            + ": it is of another chain, such as the one before an old copy was restored"));
        }
        anchored(origin, line.seal());
        lastProven = origin;
        lastSeal = line.seal();
    }

    private void anchored(long sequence, String seal) {
        var kept = anchors.get(sequence);
        if (kept != null && !kept.equals(seal)) {
            damages.add(Damage.row(
                    Kind.FORKED,
                    sequence,
                    "row " + sequence + " was sealed by this key, but it is not the one the anchor knows: the chain was"
                            + " begun anew from an older copy, or sealed again by somebody who has the key"));
        }
    }

    /** All that is wrong, in the order of the chain; after the last line. */
    Verdict verdict() {
        var known = verdict;
        if (known == null) {
            known = conclude();
            verdict = known;
        }
        return known;
    }

    private Verdict conclude() {
        long known = Math.max(proven.last(first() - 1), lastAnchor());
        var unsolved =
                suspects.stream().filter(suspect -> !isFound(suspect, known)).toList();
        var head = new Anchor(lastProven, lastSeal);
        unsolved.forEach(suspect -> blame(suspect, known));
        missing(unsolved, known);
        moved();
        misplaced();
        if (moreSuspects > 0) {
            damages.add(new Damage(
                    Kind.EDITED,
                    suspects.getLast().place() + 1,
                    Math.max(suspects.getLast().place() + 1, known),
                    moreSuspects + " further rows are not sealed by this key: is it the right one?"));
        }
        damages.sort(java.util.Comparator.comparingLong(Damage::from));
        return new Verdict(damages, lines, head);
    }

    private long lastAnchor() {
        return anchors.keySet().stream().mapToLong(Long::longValue).max().orElse(0);
    }

    /** Whether the line is a row that is nowhere else: one whose sequence was changed, or that changed places. */
    private boolean isFound(Suspect suspect, long known) {
        int tries = 0;
        for (var gap : proven.gaps(first(), Math.max(known, suspect.place()) + 1)) {
            for (long origin = gap.from(); origin <= gap.to() && tries++ < MOST_CANDIDATES; origin++) {
                if (isRow(origin, suspect.line())) {
                    prove(suspect.place(), origin, suspect.line());
                    return true;
                }
            }
        }
        return false;
    }

    private void blame(Suspect suspect, long known) {
        long place = suspect.place();
        if (proven.has(place) || place < first()) {
            damages.add(Damage.row(
                    Kind.INSERTED, place, "row " + place + " was never written by LinkOps: it was inserted"));
        } else if (place <= known) {
            damages.add(Damage.row(Kind.EDITED, place, "row " + place + " was edited: its seal does not fit it"));
        } else {
            damages.add(Damage.row(
                    Kind.INSERTED,
                    place,
                    "row " + place + " is not sealed by this key: it was put behind the end, or edited after the last"
                            + " anchor"));
        }
    }

    private void missing(List<Suspect> unsolved, long known) {
        var accounted = new Places();
        unsolved.forEach(suspect -> accounted.add(suspect.place()));
        long last = proven.last(first() - 1);
        for (var gap : proven.gaps(first(), known)) {
            for (var hole : accounted.gaps(gap.from(), gap.to())) {
                boolean isCut = hole.from() > last;
                var rows = new Damage(isCut ? Kind.CUT : Kind.MISSING, hole.from(), hole.to(), "");
                damages.add(new Damage(
                        rows.kind(),
                        rows.from(),
                        rows.to(),
                        isCut
                                ? "the end is cut: " + rows.place() + " and what came after are not there"
                                : rows.place() + (hole.from() == hole.to() ? " was" : " were") + " deleted"));
            }
        }
    }

    /** Neighbours that moved alike are named together. */
    private void moved() {
        moves.sort(java.util.Comparator.comparingLong(Move::place));
        for (int i = 0; i < moves.size(); ) {
            var from = moves.get(i);
            int j = i + 1;
            while (j < moves.size()
                    && moves.get(j).place() == from.place() + (j - i)
                    && moves.get(j).origin() == from.origin() + (j - i)) {
                j++;
            }
            var to = moves.get(j - 1);
            var were = new Damage(Kind.MOVED, from.origin(), to.origin(), "");
            var are = new Damage(Kind.MOVED, from.place(), to.place(), "");
            damages.add(new Damage(
                    Kind.MOVED,
                    are.from(),
                    are.to(),
                    are.place() + (i + 1 == j ? " holds" : " hold") + " what was sealed as " + were.place()));
            i = j;
        }
    }

    /** Lines of an export that do not stand where their sequence says. */
    private void misplaced() {
        long[] read = order.build().toArray();
        long[] sorted = read.clone();
        Arrays.sort(sorted);
        int named = 0;
        for (int i = 0; i < read.length && named < MOST_SUSPECTS; i++) {
            if (read[i] != sorted[i]) {
                named++;
                damages.add(Damage.row(
                        Kind.MISPLACED, read[i], "row " + read[i] + " stands where row " + sorted[i] + " belongs"));
            }
        }
    }
}
