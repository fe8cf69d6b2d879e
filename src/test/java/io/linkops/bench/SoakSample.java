package io.linkops.bench;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What one look at LinkOps found, in the order of {@link Figure}.
 *
 * @param minutes since the start
 * @param values of the figures that were measured this time
 */
record SoakSample(double minutes, Map<Figure, Double> values) {
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
        values = Map.copyOf(values);
    }

    double value(Figure figure) {
        return values.getOrDefault(figure, Double.NaN);
    }

    boolean has(Figure figure) {
        return values.containsKey(figure);
    }

    static String head() {
        return FIRST
                + Arrays.stream(Figure.values())
                        .map(each -> "," + each.column())
                        .collect(Collectors.joining());
    }

    String row() {
        return written(minutes)
                + Arrays.stream(Figure.values())
                        .map(each -> "," + (has(each) ? written(value(each)) : ""))
                        .collect(Collectors.joining());
    }

    private static String written(double value) {
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
        var cells = Arrays.asList(line.split(",", -1));
        Map<Figure, Double> values = new EnumMap<>(Figure.class);
        var measured = cells.listIterator(1);
        for (var figure : Figure.values()) {
            var cell = measured.next();
            if (!cell.isEmpty()) {
                values.put(figure, Double.parseDouble(cell));
            }
        }
        return new SoakSample(Double.parseDouble(cells.getFirst()), values);
    }
}
