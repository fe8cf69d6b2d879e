package io.linkops.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Echoes come first, and nobody is held back for nothing. */
class TypingFirstProperties {
    static final int FULL = 32 * 1024;
    private long now = Long.MAX_VALUE - 5;
    private final TypingFirst typing = new TypingFirst(() -> now);

    /** Any number of panes that flood share one rate while somebody types, wherever the clock began. */
    @Property(tries = 300)
    void floodsShareOneRateWhileSomebodyTypes(
            @ForAll @Size(min = 1, max = 200) List<@IntRange(min = TypingFirst.SMALL + 1, max = FULL) Integer> pieces,
            @ForAll @IntRange(min = 1, max = 4) int panes) {
        var typist = typing.pane();
        var floods = java.util.stream.IntStream.range(0, panes)
                .mapToObj(any -> typing.pane())
                .toList();
        long begun = now;
        long sent = 0;
        for (int i = 0; i < pieces.size(); i++) {
            typist.typed();
            long rest = floods.get(i % panes).rest(pieces.get(i));
            assertThat(rest).isPositive().isLessThanOrEqualTo(TypingFirst.LONGEST_NANOS);
            sent += pieces.get(i);
            // one after the other: the rest is all there is between them
            now += rest;
        }
        assertThat((double) (now - begun))
                .isCloseTo(
                        sent * 1e9 / TypingFirst.BYTES_PER_SECOND, org.assertj.core.data.Percentage.withPercentage(1));
    }

    @Example
    void nobodyRestsWhenNobodyTypes() {
        var pane = typing.pane();
        var typist = typing.pane();
        assertThat(pane.rest(FULL)).isZero();
        typist.typed();
        assertThat(pane.rest(FULL)).isPositive();
        now += TypingFirst.TYPING_NANOS;
        assertThat(pane.rest(FULL)).isZero();
    }

    @Example
    void whoTypesAndWhatIsSmallNeverRests() {
        var pane = typing.pane();
        var typist = typing.pane();
        typist.typed();
        assertThat(pane.rest(TypingFirst.SMALL)).isZero();
        assertThat(typist.rest(FULL)).isZero();
        // the flood itself is typed into: Ctrl-C
        pane.typed();
        assertThat(pane.rest(FULL)).isZero();
    }

    /** Many at once wait in a queue that stays short: none is held back for long. */
    @Example
    void aCrowdOfFloodsIsNotHeldBackForLong() {
        var typist = typing.pane();
        typist.typed();
        for (int i = 0; i < 1000; i++) {
            assertThat(typing.pane().rest(FULL)).isLessThanOrEqualTo(TypingFirst.LONGEST_NANOS);
        }
    }
}
