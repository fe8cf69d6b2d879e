package io.linkops.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkops.config.HealthConfig;
import io.linkops.config.Settings;
import io.linkops.health.Health.Bucket;
import io.linkops.store.Statement;
import io.linkops.worlds.Kernel;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Buckets against the raw samples, on a real database, before and after samples became hours. */
class BucketsProperties {
    private static final Instant FROM = Instant.parse("2030-01-01T00:00:00Z");
    private static final Duration SPAN = Duration.ofHours(12);
    private static final HealthConfig CONFIG = Settings.of(new JsonObject()).health();
    private static Kernel kernel;
    private static int links;

    @BeforeContainer
    static void start() throws Exception {
        kernel = new Kernel(Files.createTempDirectory("linkops-buckets"), Health.class);
    }

    @AfterContainer
    static void stop() throws Exception {
        kernel.close();
    }

    /** @param latency null for a failure */
    record Sample(long at, Long latency) {}

    @Provide
    Arbitrary<List<Sample>> samples() {
        var at = Arbitraries.longs().between(0, SPAN.toMillis() - 1).map(millis -> FROM.toEpochMilli() + millis);
        var latency = Arbitraries.longs().between(1, 900).injectNull(0.3);
        return Combinators.combine(at, latency).as(Sample::new).list().ofMaxSize(60);
    }

    /** Every bucket is what its raw samples say, computed here in another way. */
    @Property(tries = 120)
    void bucketsAreWhatTheSamplesSay(
            @ForAll("samples") List<Sample> samples, @ForAll @IntRange(min = 1, max = 50) int points) throws Exception {
        var link = insert(samples);
        var to = FROM.plus(SPAN);
        requireBuckets(samples, buckets(link, FROM, to, points), FROM, to);
    }

    /** Hours hold every latency: by whole hours nothing changes when samples become hours, and no sample is left. */
    @Property(tries = 100)
    void nothingIsLostWhenSamplesBecomeHours(@ForAll("samples") List<Sample> samples) throws Exception {
        var link = insert(samples);
        var to = FROM.plus(SPAN);
        var before = buckets(link, FROM, to, 12);
        var retention = new Retention(kernel.database(), CONFIG);
        while (Kernel.await(retention.step(to.plus(CONFIG.samplesKept())))) {
            assertThat(count("link_health_samples")).isNotNegative();
        }
        assertThat(count("link_health_samples")).isZero();
        assertThat(buckets(link, FROM, to, 12)).isEqualTo(before);
    }

    private static String insert(List<Sample> samples) throws Exception {
        var link = "link-" + links++;
        var statements = new ArrayList<Statement>();
        for (var sample : samples) {
            statements.add(Statement.of(
                    "INSERT INTO link_health_samples (link_id, at, result, latency_millis, is_asked) VALUES (?, ?, ?,"
                            + " ?, 0)",
                    link,
                    sample.at(),
                    sample.latency() == null ? "OFFLINE" : "ONLINE",
                    sample.latency()));
            // what could not be looked at counts for nothing
            statements.add(Statement.of(
                    "INSERT INTO link_health_samples (link_id, at, result, is_asked) VALUES (?, ?, 'UNKNOWN', 0)",
                    link,
                    sample.at()));
        }
        if (!statements.isEmpty()) {
            Kernel.await(kernel.database().write(statements));
        }
        return link;
    }

    private static long count(String table) throws Exception {
        return kernel.rows("SELECT COUNT(*) AS rows FROM " + table).getFirst().getLong("rows");
    }

    private static List<Bucket> buckets(String link, Instant from, Instant to, int points) throws Exception {
        var store = new HealthStore(kernel.database());
        return Kernel.await(store.fill(new Buckets(from, to, points), link, from, to))
                .list();
    }

    private static void requireBuckets(List<Sample> samples, List<Bucket> buckets, Instant from, Instant to) {
        assertThat(buckets.getFirst().from()).isEqualTo(from);
        assertThat(buckets.getLast().to()).isEqualTo(to);
        long total = 0;
        for (int i = 0; i < buckets.size(); i++) {
            var bucket = buckets.get(i);
            if (i > 0) {
                assertThat(bucket.from()).isEqualTo(buckets.get(i - 1).to());
            }
            var inside = samples.stream()
                    .filter(sample -> !Instant.ofEpochMilli(sample.at()).isBefore(bucket.from())
                            && Instant.ofEpochMilli(sample.at()).isBefore(bucket.to()))
                    .toList();
            total += inside.size();
            assertThat(bucket.checks()).isEqualTo(inside.size());
            assertThat(bucket.failures())
                    .isEqualTo(inside.stream()
                            .filter(sample -> sample.latency() == null)
                            .count());
            var latencies = inside.stream()
                    .map(Sample::latency)
                    .filter(java.util.Objects::nonNull)
                    .toList();
            requireRank(latencies, bucket.p50Millis(), 0.50);
            requireRank(latencies, bucket.p95Millis(), 0.95);
            requireRank(latencies, bucket.maxMillis(), 1.0);
        }
        assertThat(total).isEqualTo(samples.size());
    }

    /** The smallest value that at least this part of all does not go beyond. */
    private static void requireRank(List<Long> latencies, Long rank, double part) {
        var expected = latencies.stream()
                .filter(value ->
                        latencies.stream().filter(other -> other <= value).count() >= part * latencies.size() - 1e-9)
                .min(Long::compare);
        assertThat(rank).isEqualTo(expected.orElse(null));
    }
}
