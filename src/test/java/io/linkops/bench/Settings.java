package io.linkops.bench;

import java.nio.file.Path;

/** How large the run is; every one a system property {@code benchmark.…}. */
record Settings(int links, int concurrency, int readers, int lines, Path report) {
    /** Targets of the pass that is about output. */
    static final int TALKERS = 20;

    static Settings read() {
        return new Settings(
                Integer.getInteger("benchmark.links", 500),
                Integer.getInteger("benchmark.concurrency", 50),
                Integer.getInteger("benchmark.readers", 200),
                Integer.getInteger("benchmark.lines", 5000),
                Path.of(System.getProperty("benchmark.report", "docs/PERFORMANCE.md")));
    }

    int talkers() {
        return Math.min(TALKERS, links);
    }
}
