package io.linkops.orchestrator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.linkops.bus.Bytes;
import io.linkops.bus.Utf8;
import io.linkops.orchestrator.Runners.Piece;
import io.linkops.ssh.OutputSink.Stream;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class OutputPumpProperties {
    private static final long UNLIMITED = Long.MAX_VALUE;

    /** What comes on both streams, and in what chunks: the seed cuts it. */
    record Script(Bytes out, Bytes err, long seed) {
        byte[] stdout() {
            return out.toArray();
        }

        byte[] stderr() {
            return err.toArray();
        }
    }

    @Provide
    Arbitrary<Script> texts() {
        var text = Arbitraries.strings()
                .withChars("a\nÄß€😀\u2028")
                .ofMaxLength(4000)
                .map(each ->
                        each.replaceAll("[\ud800-\udfff](?<![\ud800-\udbff][\udc00-\udfff])(?![\udc00-\udfff])", "?"))
                .map(each -> each.getBytes(StandardCharsets.UTF_8));
        return scripts(text);
    }

    @Provide
    Arbitrary<Script> bytes() {
        return scripts(Arbitraries.bytes().array(byte[].class).ofMaxSize(5000));
    }

    private static Arbitrary<Script> scripts(Arbitrary<byte[]> content) {
        return Combinators.combine(content, content, Arbitraries.longs())
                .as((out, err, seed) -> new Script(Bytes.of(out), Bytes.of(err), seed));
    }

    /** P16: both streams arrive apart and byte for byte, and no character of a text is cut in two. */
    @Property(tries = 300)
    @Tag("P16")
    void aTextArrivesWholeAndWithWholeCharacters(@ForAll("texts") Script script) throws Exception {
        var kept = run(script, UNLIMITED);
        assertThat(kept.bytes(false)).isEqualTo(script.stdout());
        assertThat(kept.bytes(true)).isEqualTo(script.stderr());
        assertThat(kept.pieces)
                .allSatisfy(piece -> assertThatCode(() -> StandardCharsets.UTF_8
                                .newDecoder()
                                .decode(ByteBuffer.wrap(piece.data().toArray())))
                        .doesNotThrowAnyException());
    }

    /** P16: bytes that are no text arrive as they are. */
    @Property(tries = 300)
    @Tag("P16")
    void anyBytesArriveAsTheyAre(@ForAll("bytes") Script script) throws Exception {
        var kept = run(script, UNLIMITED);
        assertThat(kept.bytes(false)).isEqualTo(script.stdout());
        assertThat(kept.bytes(true)).isEqualTo(script.stderr());
    }

    /** P16: past the limit nothing is kept but one mark that says so. */
    @Property(tries = 300)
    @Tag("P16")
    void pastTheLimitThereIsOneMark(@ForAll("bytes") Script script, @ForAll @IntRange(max = 6000) int limit)
            throws Exception {
        var kept = run(script, limit);
        int all = script.stdout().length + script.stderr().length;
        assertThat(kept.accepted).isEqualTo(Math.min(all, limit));
        assertThat(kept.isTruncated).isEqualTo(all > limit);
        var mark = "\n[linkops: output is limited to " + limit + " bytes; the rest was cut, the script goes on]\n";
        int size = kept.bytes(false).length + kept.bytes(true).length;
        assertThat(size).isEqualTo(kept.accepted + (kept.isTruncated ? mark.length() : 0));
        var marked = ending(kept.bytes(false), mark) ? 1 : 0;
        marked += ending(kept.bytes(true), mark) ? 1 : 0;
        assertThat(marked).isEqualTo(kept.isTruncated ? 1 : 0);
        startsWith(script.stdout(), kept.bytes(false), mark);
        startsWith(script.stderr(), kept.bytes(true), mark);
    }

    private static boolean ending(byte[] kept, String mark) {
        return new String(kept, StandardCharsets.ISO_8859_1).endsWith(mark);
    }

    private static void startsWith(byte[] written, byte[] kept, String mark) {
        int length = ending(kept, mark) ? kept.length - mark.length() : kept.length;
        assertThat(Arrays.copyOf(kept, length)).isEqualTo(Arrays.copyOf(written, length));
    }

    /** P16: however much is read at once, pieces stay small. */
    @Property(tries = 100)
    @Tag("P16")
    void piecesStaySmall(@ForAll @IntRange(max = 1_000_000) int size, @ForAll long seed) throws Exception {
        var data = new byte[size];
        new Random(seed).nextBytes(data);
        var kept = new Kept(new Random(seed), 0);
        var pump = new OutputPump("e", UNLIMITED, kept);
        pump.accept(Stream.STDOUT, data, 0, size);
        pump.close();
        assertThat(kept.bytes(false)).isEqualTo(data);
        assertThat(kept.pieces).allMatch(piece -> piece.data().size() <= OutputPump.MAX_PIECE);
    }

    private static final class Kept implements OutputPump.Delivery {
        private final List<Piece> pieces = new ArrayList<>();
        private final Random random;
        private final int pauses;
        private long accepted;
        private boolean isTruncated;

        Kept(Random random, int pauses) {
            this.random = random;
            this.pauses = pauses;
        }

        @Override
        public void deliver(List<Piece> pieces) {
            for (int i = pauses == 0 ? 0 : random.nextInt(pauses); i > 0; i--) {
                Thread.onSpinWait();
            }
            this.pieces.addAll(pieces);
        }

        byte[] bytes(boolean isError) {
            var all = new ByteArrayOutputStream();
            pieces.stream()
                    .filter(piece -> piece.isError() == isError)
                    .forEach(piece -> all.writeBytes(piece.data().toArray()));
            return all.toByteArray();
        }
    }

    private static Kept run(Script script, long limit) throws Exception {
        var kept = new Kept(new Random(script.seed), 2000);
        var pump = new OutputPump("e", limit, kept);
        var stdout = writer(pump, Stream.STDOUT, script.stdout(), script.seed);
        var stderr = writer(pump, Stream.STDERR, script.stderr(), script.seed + 1);
        stdout.get(20, TimeUnit.SECONDS);
        stderr.get(20, TimeUnit.SECONDS);
        pump.close();
        kept.accepted = pump.accepted();
        kept.isTruncated = pump.isTruncated();
        return kept;
    }

    private static CompletableFuture<Void> writer(OutputPump pump, Stream stream, byte[] data, long seed) {
        var done = new CompletableFuture<Void>();
        Thread.ofVirtual().start(() -> {
            var random = new Random(seed);
            try {
                for (int at = 0; at < data.length; ) {
                    int length = Math.min(data.length - at, random.nextInt(1 + random.nextInt(200)));
                    // The caller's buffer is its own again after the call.
                    var buffer = Arrays.copyOfRange(data, at, at + length);
                    pump.accept(stream, buffer, 0, length);
                    Arrays.fill(buffer, (byte) '#');
                    at += length;
                }
                done.complete(null);
            } catch (InterruptedException | RuntimeException e) {
                done.completeExceptionally(e);
            }
        });
        return done;
    }

    /** P16: what is cut off by wholeLength is the beginning of a character, never more than three bytes, or nothing. */
    @Property(tries = 1000)
    @Tag("P16")
    void aTextIsCutBetweenCharacters(@ForAll("texts") Script script, @ForAll @IntRange(max = 5000) int cut) {
        var head = Arrays.copyOf(script.stdout(), Math.min(cut, script.stdout().length));
        int whole = Utf8.wholeLength(head);
        assertThat(whole).isBetween(Math.max(0, head.length - 3), head.length);
        // The model: the longest beginning that decodes strictly.
        int expected = head.length;
        while (!isText(Arrays.copyOf(head, expected))) {
            expected--;
        }
        assertThat(whole).isEqualTo(expected);
    }

    /** P16: bytes that begin no character are not held back. */
    @Property(tries = 1000)
    @Tag("P16")
    void onlyTheBeginningOfACharacterIsHeldBack(@ForAll @Size(max = 8) byte[] data) {
        int whole = Utf8.wholeLength(data);
        assertThat(whole).isBetween(Math.max(0, data.length - 3), data.length);
        if (whole < data.length) {
            assertThat(data[whole] & 0xff).isBetween(0xc0, 0xf7);
            for (int i = whole + 1; i < data.length; i++) {
                assertThat(data[i] & 0xc0).isEqualTo(0x80);
            }
        }
    }

    private static boolean isText(byte[] data) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(data));
            return true;
        } catch (java.nio.charset.CharacterCodingException e) {
            return false;
        }
    }

    @Example
    void aDeliveryThatWaitsStopsTheReaderBeforeTheBufferGrows() throws Exception {
        var gate = new CountDownLatch(1);
        var delivered = new AtomicInteger();
        var pump = new OutputPump("e", UNLIMITED, pieces -> {
            gate.await();
            pieces.forEach(piece -> delivered.addAndGet(piece.data().size()));
        });
        int chunk = 32 * 1024;
        var taken = new AtomicInteger();
        var reader = Thread.ofVirtual().start(() -> {
            try {
                for (int i = 0; i < 100; i++) {
                    pump.accept(Stream.STDOUT, new byte[chunk], 0, chunk);
                    taken.addAndGet(chunk);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        until(() -> reader.getState() == Thread.State.WAITING && taken.get() >= OutputPump.MAX_BUFFERED - 3 * chunk);
        // One delivery under way, one buffer full, one chunk at the gate.
        assertThat(taken.get()).isLessThan(2 * OutputPump.MAX_BUFFERED);
        gate.countDown();
        reader.join();
        pump.close();
        assertThat(delivered.get()).isEqualTo(100 * chunk);
    }

    @Example
    void aDeliveryThatIsInterruptedFreesTheReaders() throws Exception {
        deliveryThatFails(() -> {
            throw new InterruptedException();
        });
    }

    @Example
    void aDeliveryThatThrowsFreesTheReaders() throws Exception {
        deliveryThatFails(() -> {
            throw new IllegalStateException("as planned by the test");
        });
    }

    private interface Fault {
        void happen() throws InterruptedException;
    }

    private static void deliveryThatFails(Fault fault) throws Exception {
        var pump = new OutputPump("e", UNLIMITED, _ -> fault.happen());
        var reader = Thread.ofVirtual().start(() -> {
            try {
                for (int i = 0; i < 1000; i++) {
                    pump.accept(Stream.STDERR, new byte[10_000], 0, 10_000);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        assertThat(reader.join(java.time.Duration.ofSeconds(20))).isTrue();
        pump.close();
    }

    private static void until(java.util.function.BooleanSupplier condition) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("it never came").isLessThan(end);
            Thread.onSpinWait();
        }
    }
}
