package io.linkops.audit;

/**
 * What is wrong with a chain, and where.
 *
 * @param from the first sequence it is about
 * @param to the last one; mostly the same
 */
record Damage(Kind kind, long from, long to, String sentence) {
    enum Kind {
        /** A field, the seal or the seal before of the row is not what was sealed. */
        EDITED,
        /** The rows were there and are not any more; rows behind them are. */
        MISSING,
        /** The end of the chain is not there any more, as an anchor tells. */
        CUT,
        /** The row was never written by LinkOps, or stands here a second time. */
        INSERTED,
        /** The rows were sealed with other sequences. */
        MOVED,
        /** The line stands elsewhere in the export than it did. */
        MISPLACED,
        /** Sealed by this key, but not in this chain: as after the restoring of an old copy. */
        FORKED,
        /** Neither a row nor a checkpoint. */
        UNREADABLE,
        /** The word of what retention removed is not sealed by this key. */
        CHECKPOINT
    }

    static Damage row(Kind kind, long sequence, String sentence) {
        return new Damage(kind, sequence, sequence, sentence);
    }

    /** {@code row 7}, or {@code rows 7 to 9}. */
    String place() {
        return from == to ? "row " + from : "rows " + from + " to " + to;
    }
}
