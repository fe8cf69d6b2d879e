package io.linkops.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What one look at LinkOps found, in the order of {@link Figure}.
 *
 * @param minutes since the start
 * @param values one for each figure; NaN where it was not measured this time
 */
record SoakSample(double minutes, List<Double> values) {
    private static final String FIRST = "minutes";

    /** What is looked at: its name in the CSV, and how much more may be chance. */
    enum Figure {
        OPERATIONS("operations", Double.POSITIVE_INFINITY),
        THREADS("threads", 4),
        HANDLES("handles", 8),
        SOCKETS("sockets", 8),
        RESIDENT("resident_mb", 16),
        HEAP("heap_after_gc_mb", 4),
        DATABASE("database_mb", 2),
        WAL("wal_mb", 2),
        CHILDREN("children", 1),
        CONNECTIONS("ssh_connections", 6),
        CPU("cpu_s", Double.POSITIVE_INFINITY),
        ERRORS("errors", Double.POSITIVE_INFINITY);

        private final String column;
        private final double chance;

        Figure(String column, double chance) {
            this.column = column;
            this.chance = chance;
        }

        String column() {
            return column;
        }

        /** In the figure's own unit; what only adds up has no end. */
        double chance() {
            return chance;
        }
    }

    SoakSample {
        values = List.copyOf(values);
        if (values.size() != Figure.values().length) {
            throw new IllegalArgumentException(values.size() + " values for " + Figure.values().length + " figures");
        }
    }

    double value(Figure figure) {
        return values.get(figure.ordinal());
    }

    boolean has(Figure figure) {
        return !Double.isNaN(value(figure));
    }

    static String head() {
        return FIRST
                + Arrays.stream(Figure.values())
                        .map(each -> "," + each.column())
                        .collect(Collectors.joining());
    }

    String row() {
        return written(minutes)
                + values.stream().map(each -> "," + written(each)).collect(Collectors.joining());
    }

    private static String written(double value) {
        if (Double.isNaN(value)) {
            return "";
        }
        return value == Math.rint(value) ? String.valueOf((long) value) : String.format(Locale.ROOT, "%.2f", value);
    }

    /** @param lines of a CSV with this head; another head is refused */
    static List<SoakSample> read(List<String> lines) {
        if (lines.isEmpty() || !lines.getFirst().equals(head())) {
            throw new IllegalArgumentException("the first line is not " + head());
        }
        return lines.stream()
                .skip(1)
                .filter(line -> !line.isBlank())
                .map(SoakSample::of)
                .toList();
    }

    private static SoakSample of(String line) {
        List<Double> numbers = new ArrayList<>();
        for (var cell : line.split(",", -1)) {
            numbers.add(cell.isEmpty() ? Double.NaN : Double.parseDouble(cell));
        }
        return new SoakSample(numbers.getFirst(), numbers.subList(1, numbers.size()));
    }
}
