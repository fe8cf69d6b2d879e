package io.linkops.config;

import io.linkops.vault.Masking;
import io.linkops.vault.Secret;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The configuration in force, as admins may see it: each key as it would be written, no secret. Pure. */
final class Showing {
    private static final List<Unit> UNITS = List.of(
            new Unit("d", Duration.ofDays(1)),
            new Unit("h", Duration.ofHours(1)),
            new Unit("m", Duration.ofMinutes(1)),
            new Unit("s", Duration.ofSeconds(1)));

    private final Settings defaults = Settings.of(new JsonObject());

    private record Unit(String suffix, Duration length) {}

    List<SettingShown> of(Settings settings) {
        return Section.ALL.stream()
                .flatMap(section -> section.keys().stream().map(key -> shown(section, key, settings)))
                .toList();
    }

    private SettingShown shown(Section section, ConfigKey key, Settings settings) {
        var value = read(section, key, settings);
        return new SettingShown(
                key.path(),
                value == null ? null : text(value),
                Objects.equals(value, read(section, key, defaults)),
                key.isSecret(),
                key.key().value());
    }

    private static @Nullable Object read(Section section, ConfigKey key, Settings settings) {
        try {
            var record = section.component().getAccessor().invoke(settings);
            return key.component().getAccessor().invoke(record);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot read " + key.path(), e);
        }
    }

    private static String text(Object value) {
        return switch (value) {
            case Secret _ -> Masking.MASK;
            case Duration duration -> duration(duration);
            case List<?> list -> "[" + list.stream().map(Showing::text).collect(Collectors.joining(", ")) + "]";
            case Enum<?> word -> word.name().toLowerCase(Locale.ROOT);
            default -> Masking.urls(value.toString());
        };
    }

    private static String duration(Duration duration) {
        return Stream.concat(UNITS.stream(), Stream.of(new Unit("ms", Duration.ofMillis(1))))
                .filter(unit -> duration.toMillis() % unit.length().toMillis() == 0)
                .findFirst()
                .filter(unit -> !duration.isZero())
                .map(unit -> duration.dividedBy(unit.length()) + unit.suffix())
                .orElse("0");
    }
}
