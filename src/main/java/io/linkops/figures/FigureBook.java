package io.linkops.figures;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/**
 * The figures of one room. Names are {@code linkops_…} in snake case without a unit or {@code _total}: those are put
 * on. Labels come in pairs of name and value; values are of a few kinds, never ids or paths. Safe for any number of
 * threads.
 */
public final class FigureBook {
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final List<Duration> steps;

    /** @param steps upper ends of the buckets into which durations are counted */
    public FigureBook(Duration... steps) {
        this.steps = List.of(steps);
    }

    /** One more of these. */
    public void count(String name, String help, String... labels) {
        Counter.builder(name).description(help).tags(labels).register(registry).increment();
    }

    /** Something took so long. */
    public void time(String name, String help, Duration took, String... labels) {
        Timer.builder(name)
                .description(help)
                .tags(labels)
                .serviceLevelObjectives(steps.toArray(Duration[]::new))
                .register(registry)
                .record(took.isNegative() ? Duration.ZERO : took);
    }

    /** A value that is asked for whenever the book is read, from any thread; NaN while there is none. */
    public void gauge(String name, String help, Supplier<Number> value, String... labels) {
        Gauge.builder(name, value)
                .description(help)
                .tags(labels)
                .strongReference(true)
                .register(registry);
    }

    /** Memory, threads, garbage collection and files of this process: once in a process, until it is closed. */
    public AutoCloseable describeProcess() {
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ClassLoaderMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new FileDescriptorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        var gc = new JvmGcMetrics();
        gc.bindTo(registry);
        return gc;
    }

    public Figures.Page page() {
        return new Figures.Page(registry.scrape());
    }
}
