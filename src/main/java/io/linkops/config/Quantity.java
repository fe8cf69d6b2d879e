package io.linkops.config;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/** Numbers with and without units: {@code 30}, {@code 250ms}, {@code 10MiB}. */
final class Quantity {
    private static final Pattern WRITTEN = Pattern.compile("([+-]?[0-9]{1,18})\\s*([A-Za-z]*)");

    private static final Map<String, ChronoUnit> DURATIONS = Map.of(
            "ms", ChronoUnit.MILLIS,
            "s", ChronoUnit.SECONDS,
            "m", ChronoUnit.MINUTES,
            "h", ChronoUnit.HOURS,
            "d", ChronoUnit.DAYS);

    private static final Map<String, Long> SIZES = Map.of("B", 1L, "KiB", 1L << 10, "MiB", 1L << 20, "GiB", 1L << 30);

    private Quantity() {}

    /** @param unit what a bare number counts */
    static Optional<Duration> duration(Object written, String unit) {
        var matcher = WRITTEN.matcher(written.toString().strip());
        if (!(written instanceof String || isWhole(written)) || !matcher.matches()) {
            return Optional.empty();
        }
        var suffix = matcher.group(2).isEmpty() ? unit : matcher.group(2);
        var counted = DURATIONS.get(suffix);
        return counted == null ? Optional.empty() : Optional.of(of(Long.parseLong(matcher.group(1)), counted));
    }

    static boolean isWithin(Duration duration, Key key) {
        var unit = unitOf(key.unit());
        return duration.compareTo(of(key.min(), unit)) >= 0 && duration.compareTo(of(key.max(), unit)) <= 0;
    }

    static ChronoUnit unitOf(String unit) {
        return Objects.requireNonNull(DURATIONS.get(unit), () -> "not a unit of time: " + unit);
    }

    /** Saturates: no configuration needs more than the largest {@code long} of milliseconds. */
    private static Duration of(long amount, ChronoUnit unit) {
        long most = Long.MAX_VALUE / unit.getDuration().toMillis();
        return Duration.ofMillis(
                Math.clamp(amount, -most, most) * unit.getDuration().toMillis());
    }

    /** @param unit {@code bytes} takes binary suffixes, {@code MB} itself as suffix, all else none */
    static Optional<Long> number(Object written, String unit) {
        var matcher = WRITTEN.matcher(written.toString().strip());
        if (!(written instanceof String || isWhole(written)) || !matcher.matches()) {
            return Optional.empty();
        }
        long amount = Long.parseLong(matcher.group(1));
        var suffix = matcher.group(2);
        if (suffix.isEmpty() || (unit.equals("MB") && suffix.equals("MB"))) {
            return Optional.of(amount);
        }
        var size = unit.equals("bytes") ? SIZES.get(suffix) : null;
        return size == null || Math.abs(amount) > Long.MAX_VALUE / size ? Optional.empty() : Optional.of(amount * size);
    }

    private static boolean isWhole(Object written) {
        return written instanceof Integer || written instanceof Long || written instanceof java.math.BigInteger;
    }
}
