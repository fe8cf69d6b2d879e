package io.linkops.bench;

import io.linkops.bench.SoakSample.Figure;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Whether a figure grew while LinkOps was under a steady load. */
final class SoakSummary {
    private static final double GROWTH = 0.05;
    private static final int MINUTES_PER_HOUR = 60;

    /**
     * One figure.
     *
     * @param early median from 10 to 20 % of the time: LinkOps is warm then
     * @param late median of the last 10 %
     * @param perHour slope of the line through all that was measured from 10 % on
     */
    record Trend(Figure figure, double early, double late, double perHour) {
        /** More than 5 % and what may be chance. */
        boolean isGrowing() {
            return late - early > Math.abs(early) * GROWTH + figure.chance();
        }

        String line() {
            var verdict = Double.isInfinite(figure.chance()) ? "adds up" : isGrowing() ? "GROWS" : "FLAT";
            return String.format(
                    Locale.ROOT, "%-18s %10.1f %10.1f %+10.2f/h  %s", figure.column(), early, late, perHour, verdict);
        }
    }

    private SoakSummary() {}

    static String of(List<SoakSample> samples) {
        List<String> lines = new ArrayList<>();
        lines.add(String.format(Locale.ROOT, "%-18s %10s %10s %10s", "figure", "early", "late", "slope"));
        for (var figure : Figure.values()) {
            lines.add(trend(samples, figure).map(Trend::line).orElse(figure.column() + ": too little was measured"));
        }
        return String.join("\n", lines);
    }

    /** Nothing where a part of the time has no measurement. */
    static Optional<Trend> trend(List<SoakSample> samples, Figure figure) {
        if (samples.isEmpty()) {
            return Optional.empty();
        }
        double end = samples.getLast().minutes();
        var measured = samples.stream().filter(each -> each.has(figure)).toList();
        var early = between(measured, end * 0.1, end * 0.2);
        var late = between(measured, end * 0.9, end);
        return early.isEmpty() || late.isEmpty()
                ? Optional.empty()
                : Optional.of(new Trend(
                        figure,
                        median(early, figure),
                        median(late, figure),
                        slope(between(measured, end * 0.1, end), figure) * MINUTES_PER_HOUR));
    }

    private static List<SoakSample> between(List<SoakSample> samples, double from, double to) {
        return samples.stream()
                .filter(each -> each.minutes() >= from && each.minutes() <= to)
                .toList();
    }

    private static double median(List<SoakSample> samples, Figure figure) {
        double[] values = samples.stream()
                .mapToDouble(each -> each.value(figure))
                .sorted()
                .toArray();
        int half = values.length / 2;
        return values.length % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
    }

    /** By least squares. */
    private static double slope(List<SoakSample> samples, Figure figure) {
        double[] times = samples.stream().mapToDouble(SoakSample::minutes).toArray();
        double[] values =
                samples.stream().mapToDouble(each -> each.value(figure)).toArray();
        double middle = Arrays.stream(times).average().orElse(0);
        double level = Arrays.stream(values).average().orElse(0);
        double covariance = 0;
        double variance = 0;
        for (int i = 0; i < times.length; i++) {
            covariance += (times[i] - middle) * (values[i] - level);
            variance += (times[i] - middle) * (times[i] - middle);
        }
        return variance == 0 ? 0 : covariance / variance;
    }
}
