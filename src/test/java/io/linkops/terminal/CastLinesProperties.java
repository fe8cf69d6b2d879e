package io.linkops.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** A recording is JSON, line by line, and plays what was printed, however its bytes were cut. */
class CastLinesProperties {
    private static final Instant BEGUN = Instant.parse("2030-01-01T12:00:00Z");

    @Property(tries = 500)
    void playsTheSameTextHoweverItsBytesWereCut(
            @ForAll String text, @ForAll @Size(max = 10) List<@IntRange(min = 1, max = 7) Integer> cuts) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        var lines = new CastLines(BEGUN);
        var played = new StringBuilder();
        int from = 0;
        for (int cut : cuts) {
            int to = Math.min(bytes.length, from + cut);
            play(lines.output(BEGUN.plusMillis(from), java.util.Arrays.copyOfRange(bytes, from, to)), played);
            from = to;
        }
        play(lines.output(BEGUN.plusSeconds(1), java.util.Arrays.copyOfRange(bytes, from, bytes.length)), played);
        play(lines.end(BEGUN.plusSeconds(2)), played);
        assertThat(played.toString()).isEqualTo(new String(bytes, StandardCharsets.UTF_8));
    }

    private static void play(byte[] line, StringBuilder played) {
        if (line.length > 0) {
            var text = new String(line, StandardCharsets.UTF_8);
            assertThat(text).endsWith("\n");
            assertThat(text.strip()).doesNotContain("\n");
            var event = new JsonArray(text);
            assertThat(event.getString(1)).isEqualTo("o");
            played.append(event.getString(2));
        }
    }

    @Property(tries = 200)
    void theHeaderIsWhatPlayersExpect(@ForAll String title) {
        var header = new JsonObject(
                new String(new CastLines(BEGUN).header(80, 24, wellFormed(title)), StandardCharsets.UTF_8));
        assertThat(header.getInteger("version")).isEqualTo(2);
        assertThat(header.getInteger("width")).isEqualTo(80);
        assertThat(header.getInteger("height")).isEqualTo(24);
        assertThat(header.getLong("timestamp")).isEqualTo(BEGUN.getEpochSecond());
        assertThat(header.getString("title")).isEqualTo(wellFormed(title));
    }

    /** What has a form in UTF-8. */
    private static String wellFormed(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }

    @Property(tries = 200)
    void retentionKeepsTheNewestThatFitAndAreYoungEnough(
            @ForAll @Size(max = 20) List<@IntRange(max = 1_000) Integer> sizes,
            @ForAll @IntRange(max = 5_000) int most) {
        var kept = java.util.stream.IntStream.range(0, sizes.size())
                .mapToObj(i -> new RetentionPlan.Kept("r" + i, BEGUN.minus(Duration.ofDays(i)), sizes.get(i)))
                .toList();
        var victims = RetentionPlan.victims(kept, Duration.ofDays(10), most, BEGUN);
        var left = kept.stream().filter(each -> !victims.contains(each.id())).toList();
        assertThat(left.stream().mapToLong(RetentionPlan.Kept::bytes).sum()).isLessThanOrEqualTo(most);
        assertThat(left).allMatch(each -> !each.closedAt().isBefore(BEGUN.minus(Duration.ofDays(10))));
        assertThat(kept.subList(0, left.size())).isEqualTo(left);
    }
}
