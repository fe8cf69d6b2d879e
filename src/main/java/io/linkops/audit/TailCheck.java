package io.linkops.audit;

import io.linkops.audit.Audit.Anchor;
import io.linkops.audit.Damage.Kind;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A quick look at the end of a chain, for the start. Pure. */
final class TailCheck {
    private TailCheck() {}

    /**
     * What is wrong with the last rows.
     *
     * @param lines the last rows, in order
     * @param kept the anchor beside the database, if there is one
     */
    static List<Damage> of(
            Seal key, @Nullable Checkpoint checkpoint, List<Line> lines, Anchor head, @Nullable Anchor kept) {
        List<Damage> damages = new ArrayList<>();
        if (checkpoint != null && !checkpoint.isSealedBy(key)) {
            damages.add(Damage.row(Kind.CHECKPOINT, 0, "its checkpoint is not sealed by the key"));
        }
        for (var line : lines) {
            var place = line.place();
            if (place == null || !key.of(place, line).equals(line.seal())) {
                damages.add(Damage.row(
                        Kind.EDITED,
                        place == null ? 0 : place,
                        "row " + line.sequence() + " is not sealed by the key"));
                return damages;
            }
            if (kept != null && kept.sequence() == place && !kept.seal().equals(line.seal())) {
                damages.add(Damage.row(
                        Kind.FORKED,
                        place,
                        "row " + place + " is not the one " + HeadFile.FILE
                                + " knows: an older copy was restored, or rows were sealed again"));
            }
        }
        if (kept != null && kept.sequence() > head.sequence()) {
            damages.add(new Damage(
                    Kind.CUT,
                    head.sequence() + 1,
                    kept.sequence(),
                    "it ends with row " + head.sequence() + ", but " + HeadFile.FILE + " knows row " + kept.sequence()
                            + ": the end was cut off, or an older copy was restored"));
        }
        return damages;
    }
}
