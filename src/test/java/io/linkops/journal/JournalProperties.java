package io.linkops.journal;

import static io.linkops.journal.Stage.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.linkops.journal.Journals.Entry;
import io.linkops.store.Statement;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

class JournalProperties {
    private static final AtomicLong NEXT = new AtomicLong();
    private static Stage stage;

    @BeforeContainer
    static void open() throws Exception {
        stage = new Stage();
    }

    @AfterContainer
    static void close() {
        stage.close();
    }

    /**
     * P19: whoever appends to whatever streams, and whatever fails in between: each stream is in order, without gap.
     */
    @Property(tries = 100)
    @Tag("P19")
    void everyStreamIsInOrderAndWithoutAGap(
            @ForAll @IntRange(min = 1, max = 5) int streams,
            @ForAll @IntRange(min = 1, max = 60) int appends,
            @ForAll @IntRange(min = 1, max = 1000) int page,
            @ForAll long seed)
            throws Exception {
        var random = new Random(seed);
        var prefix = "s" + NEXT.incrementAndGet() + "-";
        Map<String, List<String>> expected = new TreeMap<>();
        List<Future<Void>> written = new ArrayList<>();
        for (int i = 0; i < appends; i++) {
            var stream = prefix + random.nextInt(streams);
            List<String> texts = new ArrayList<>();
            for (int event = random.nextInt(4); event > 0; event--) {
                texts.add("{\"n\":" + i + "." + event + "}");
            }
            boolean fails = random.nextInt(5) == 0;
            List<Statement> records =
                    fails ? List.of(Statement.of("INSERT INTO no_such_table VALUES (?)", 1L)) : List.of();
            var append = stage.append(stream, texts, records);
            written.add(append.otherwiseEmpty());
            if (!fails) {
                expected.computeIfAbsent(stream, _ -> new ArrayList<>()).addAll(texts);
            }
        }
        for (var each : written) {
            await(each);
        }
        for (var each : expected.entrySet()) {
            var entries = stage.all(each.getKey(), page);
            assertThat(entries.stream().map(Entry::data)).isEqualTo(each.getValue());
            assertThat(entries.stream().map(Entry::seq))
                    .isEqualTo(LongStream.rangeClosed(1, entries.size()).boxed().toList());
            long from = entries.isEmpty() ? 0 : random.nextInt(entries.size() + 1);
            assertThat(await(stage.read(each.getKey(), from, 1000)))
                    .isEqualTo(entries.subList((int) from, entries.size()));
        }
    }
}
