package io.linkops.orchestrator;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkops.orchestrator.Runners.Piece;
import io.linkops.ssh.OutputSink.Stream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class DurableOffsetsProperties {
    /** What is on disk, written by one LinkOps after the other: whole deliveries or nothing. */
    private static final class Disk {
        private final ByteArrayOutputStream stdout = new ByteArrayOutputStream();
        private final ByteArrayOutputStream stderr = new ByteArrayOutputStream();
        private int alive;

        /** For the LinkOps that begins now; nothing of the ones before comes through any more. */
        synchronized OutputPump.Delivery next() {
            int mine = ++alive;
            return pieces -> write(mine, pieces);
        }

        private synchronized void write(int who, List<Piece> pieces) {
            if (who == alive) {
                pieces.forEach(piece -> (piece.isError() ? stderr : stdout)
                        .writeBytes(piece.data().toArray()));
            }
        }

        /** As {@link KeptOutput} counts. */
        synchronized long[] kill() {
            alive++;
            return new long[] {stdout.size(), stderr.size()};
        }
    }

    /**
     * P16, P31: however often the connection is cut and LinkOps killed, each byte of both streams is kept once and in
     * order; past the limit there is one mark.
     */
    @Property(tries = 300)
    @Tag("P16")
    @Tag("P31")
    void cutsAndRestartsLoseAndDoubleNothing(
            @ForAll @Size(max = 4000) byte[] out,
            @ForAll @Size(max = 4000) byte[] err,
            @ForAll @IntRange(max = 12_000) int limit,
            @ForAll long seed)
            throws Exception {
        var random = new Random(seed);
        var disk = new Disk();
        var pump = new OutputPump("e", limit, disk.next());
        long[] at = {0, 0};
        for (int round = 0; round < 40; round++) {
            boolean isLast = round == 39;
            var tap = pump.isTruncated()
                    ? new DurableTap(out.length, err.length, pump)
                    : new DurableTap(at[0], at[1], pump);
            var readers = List.of(
                    reader(tap, Stream.STDOUT, out, tap.stdout(), random.nextLong()),
                    reader(tap, Stream.STDERR, err, tap.stderr(), random.nextLong()));
            if (!isLast) {
                for (int i = random.nextInt(3000); i > 0; i--) {
                    Thread.onSpinWait();
                }
                readers.forEach(Thread::interrupt);
            } else {
                for (var reader : readers) {
                    reader.join();
                }
            }
            tap.close();
            at = new long[] {tap.stdout(), tap.stderr()};
            if (!isLast && random.nextInt(3) == 0) {
                at = disk.kill();
                pump.abort();
                pump = new OutputPump("e", limit, disk.next(), at[0] + at[1]);
            }
            for (var reader : readers) {
                reader.join();
            }
        }
        pump.close();
        require(disk, out, err, limit);
        assertThat(pump.accepted()).isEqualTo(Math.min(limit, out.length + err.length));
    }

    private static Thread reader(DurableTap tap, Stream stream, byte[] data, long from, long seed) {
        return Thread.ofVirtual().start(() -> {
            var random = new Random(seed);
            for (int at = (int) from; at < data.length; ) {
                int some = Math.min(1 + random.nextInt(300), data.length - at);
                tap.accept(stream, data, at, some);
                at += some;
                Thread.onSpinWait();
            }
        });
    }

    private static void require(Disk disk, byte[] out, byte[] err, int limit) {
        var mark = "\n[linkops: output is limited to " + limit + " bytes; the rest was cut, the script goes on]\n";
        int marks = 0;
        int kept = 0;
        for (var each :
                List.of(new byte[][] {disk.stdout.toByteArray(), out}, new byte[][] {disk.stderr.toByteArray(), err})) {
            var text = new String(each[0], StandardCharsets.ISO_8859_1);
            boolean isMarked = text.endsWith(mark);
            int length = isMarked ? each[0].length - mark.length() : each[0].length;
            marks += isMarked ? 1 : 0;
            kept += length;
            assertThat(Arrays.copyOf(each[0], length)).isEqualTo(Arrays.copyOf(each[1], length));
        }
        assertThat(kept).isEqualTo(Math.min(limit, out.length + err.length));
        assertThat(marks).isEqualTo(out.length + err.length > limit ? 1 : 0);
    }
}
