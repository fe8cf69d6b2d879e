package io.linkops.orchestrator;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class OperationIdsTest {
    private long millis = 1_795_000_000_000L;

    private OperationIds ids(RandomGenerator random) {
        return new OperationIds(() -> Instant.ofEpochMilli(millis), random);
    }

    @Test
    void sortsByCreationWhileTheClockStandsGoesOnAndGoesBack() {
        var random = new Random(7);
        var ids = ids(random);
        List<String> made = new ArrayList<>();
        for (int i = 0; i < 100_000; i++) {
            millis += random.nextInt(20) == 0 ? random.nextInt(200) - 100 : 0;
            made.add(ids.next());
        }
        assertThat(made).isSorted().doesNotHaveDuplicates().allMatch(id -> id.matches("[0-9a-hjkmnp-tv-z]{26}"));
    }

    @Test
    void neverRunsAheadOfTheClockSoThatARestartGoesOnBehind() {
        var before = ids(new Random(1));
        var last = IntStream.range(0, 100_000)
                .mapToObj(_ -> before.next())
                .toList()
                .getLast();
        millis++;
        assertThat(ids(new Random(2)).next()).isGreaterThan(last);
    }

    @Test
    void keepsTheOrderWhenTheRandomPartIsUsedUp() {
        RandomGenerator highest = new RandomGenerator() {
            @Override
            public long nextLong() {
                return -1;
            }

            @Override
            public long nextLong(long bound) {
                return bound - 1;
            }
        };
        var ids = ids(highest);
        var made = IntStream.range(0, 2000).mapToObj(_ -> ids.next()).toList();
        assertThat(made).isSorted().doesNotHaveDuplicates().allMatch(id -> id.length() == 26);
    }
}
