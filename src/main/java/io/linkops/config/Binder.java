package io.linkops.config;

import io.vertx.core.json.JsonObject;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Turns layers of written values into {@link Settings}, or lists everything that is wrong with them. Every layer is
 * checked, also where a later one overrides it: a wrong value in a file stays wrong.
 */
final class Binder {
    private final List<String> problems = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();
    private final Map<String, Object> values = new HashMap<>();
    private final Map<String, String> places = new HashMap<>();
    private final Set<String> refused = new HashSet<>();
    private final Set<String> plain = new HashSet<>();
    private final References references;

    Binder() {
        this(References.none());
    }

    Binder(References references) {
        this.references = references;
    }

    /** @param layers rising precedence */
    Settings bind(List<Layer> layers) {
        layers.forEach(this::read);
        var settings = (Settings)
                instance(Settings.class, Section.ALL.stream().map(this::section).toArray());
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
        return settings;
    }

    /** What should be put right, once {@link #bind} is done. */
    List<String> warnings() {
        return List.copyOf(warnings);
    }

    /** Names of the layers in which a secret stands itself, not where it is. */
    Set<String> plain() {
        return Set.copyOf(plain);
    }

    private void read(Layer layer) {
        for (var entry : layer.values()) {
            var section = Section.named(entry.getKey());
            if (section.isPresent()) {
                readSection(layer, section.get(), entry.getValue());
            } else if (Section.NOT_USED_YET.contains(entry.getKey())) {
                warnings.add(layer.place().apply(entry.getKey()) + ": the section " + entry.getKey()
                        + " is not used yet and is ignored.");
            } else {
                problems.add(Unknown.section(layer.place().apply(entry.getKey()), entry.getKey()));
            }
        }
    }

    private void readSection(Layer layer, Section section, @Nullable Object written) {
        if (written instanceof JsonObject keys) {
            for (var entry : keys) {
                var place = layer.place().apply(section.name() + "." + entry.getKey());
                section.key(entry.getKey())
                        .ifPresentOrElse(
                                key -> readKey(layer, place, key, entry.getValue()),
                                () -> problems.add(Unknown.key(place, section, entry.getKey())));
            }
        } else if (written != null) {
            problems.add(layer.place().apply(section.name()) + ": " + section.name()
                    + " is a section: expected keys with values below it.");
        }
    }

    private void readKey(Layer layer, String place, ConfigKey key, @Nullable Object written) {
        if (written == null || ConfigValue.isAbsent(key, written)) {
            return;
        }
        places.put(key.path(), place);
        if (key.isSecret() && written instanceof String text) {
            var found = references.resolve(key, text);
            if (found.secret() == null) {
                if (found.problem() != null) {
                    refused.add(key.path());
                    problems.add(place + ": " + key.path() + " " + found.problem());
                }
                return;
            }
            if (found.secret().reveal().equals(text)) {
                plain.add(layer.name());
            }
            readKey(place, key, found.secret().reveal());
            return;
        }
        readKey(place, key, written);
    }

    private void readKey(String place, ConfigKey key, Object written) {
        ConfigValue.read(key, written).ifPresentOrElse(value -> values.put(key.path(), value), () -> {
            refused.add(key.path());
            problems.add(place + ": " + key.path() + " " + Shown.value(key, written) + ", expected "
                    + Expectation.of(key) + "." + Shown.advice(key, written));
        });
    }

    /** A key that was refused takes its default here, so that the section's other rules can still be checked. */
    private Object section(Section section) {
        var record = instance(
                section.type(),
                section.keys().stream()
                        .map(key ->
                                values.containsKey(key.path()) ? values.get(key.path()) : ConfigValue.byDefault(key))
                        .toArray());
        if (record instanceof SelfChecked checked) {
            checked.violations().forEach(violation -> report(section, violation));
        }
        return record;
    }

    private void report(Section section, Violation violation) {
        var paths =
                violation.keys().stream().map(key -> section.name() + "." + key).toList();
        if (paths.stream().noneMatch(refused::contains)) {
            var place = paths.stream()
                    .filter(places::containsKey)
                    .map(places::get)
                    .findFirst()
                    .orElse("defaults");
            problems.add(place + ": " + paths.getFirst() + " " + violation.sentence());
        }
    }

    private static Object instance(Class<? extends Record> type, @Nullable Object[] values) {
        try {
            var types = Arrays.stream(type.getRecordComponents())
                    .map(RecordComponent::getType)
                    .toArray(Class<?>[]::new);
            return type.getDeclaredConstructor(types).newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot make a " + type.getSimpleName(), e);
        }
    }
}
