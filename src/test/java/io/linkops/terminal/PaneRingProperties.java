package io.linkops.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** The ring of a pane: whatever is appended and read in whatever pieces, offsets tell the truth. */
class PaneRingProperties {
    private static final int CAPACITY = 20_000;

    /** A reader that confirms what it has loses nothing, and the ring never holds more than its capacity. */
    @Property(tries = 500)
    void aReaderThatConfirmsGetsEveryByte(
            @ForAll @Size(max = 30) List<@IntRange(min = 1, max = 9_000) Integer> pieces,
            @ForAll @IntRange(min = 1, max = 30_000) int chunk,
            @ForAll long seed)
            throws Exception {
        var ring = new PaneRing(CAPACITY);
        ring.open();
        var random = new Random(seed);
        var written = new ByteArrayOutputStream();
        var read = new ByteArrayOutputStream();
        for (int length : pieces) {
            while (written.size() - read.size() + length > CAPACITY) {
                take(ring, read, chunk);
            }
            var bytes = new byte[length];
            random.nextBytes(bytes);
            assertThat(ring.append(bytes, 0, length)).isEqualTo(length);
            written.writeBytes(bytes);
            assertThat(ring.end() - ring.start()).isLessThanOrEqualTo(CAPACITY);
            assertThat(ring.size()).isLessThanOrEqualTo(CAPACITY);
        }
        while (read.size() < written.size()) {
            take(ring, read, chunk);
        }
        assertThat(read.toByteArray()).isEqualTo(written.toByteArray());
        assertThat(ring.end()).isEqualTo(written.size());
    }

    private static void take(PaneRing ring, ByteArrayOutputStream read, int chunk) {
        var piece = ring.read(read.size(), chunk);
        assertThat(piece.offset()).isEqualTo(read.size());
        assertThat(piece.data().size()).isPositive();
        read.writeBytes(piece.data().toArray());
        ring.confirm(read.size());
    }

    /** Who reads from any offset gets the right bytes from there, or from the oldest that is kept. */
    @Property(tries = 500)
    void whatIsReadAtAnOffsetIsWhatWasWrittenThere(
            @ForAll @Size(min = 1, max = 30) List<@IntRange(min = 1, max = 9_000) Integer> pieces,
            @ForAll @IntRange(max = 300_000) int offset,
            @ForAll long seed)
            throws Exception {
        var ring = new PaneRing(CAPACITY);
        ring.open();
        var random = new Random(seed);
        var written = new ByteArrayOutputStream();
        for (int length : pieces) {
            var bytes = new byte[length];
            random.nextBytes(bytes);
            ring.confirm(ring.end());
            ring.append(bytes, 0, length);
            written.writeBytes(bytes);
        }
        var piece = ring.read(offset, CAPACITY);
        assertThat(piece.offset()).isEqualTo(Math.clamp(offset, ring.start(), ring.end()));
        assertThat(piece.data().toArray())
                .isEqualTo(java.util.Arrays.copyOfRange(
                        written.toByteArray(),
                        (int) piece.offset(),
                        (int) piece.offset() + piece.data().size()));
        assertThat(ring.end() - ring.start()).isEqualTo(Math.min(written.size(), ring.size()));
        ring.clear();
        assertThat(ring.size()).isZero();
        assertThat(ring.read(0, 10).offset()).isEqualTo(written.size());
    }
}
