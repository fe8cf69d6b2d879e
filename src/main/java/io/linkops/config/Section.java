package io.linkops.config;

import io.linkops.vault.Secret;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** One section of the configuration: a record whose components are its keys. */
record Section(String name, RecordComponent component, Class<? extends Record> type, List<ConfigKey> keys) {

    /** Every section, in the order of {@link Settings}. */
    static final List<Section> ALL =
            Arrays.stream(Settings.class.getRecordComponents()).map(Section::of).toList();

    /** Sections of rooms that are not built yet: taken, with a warning, and not looked into. */
    static final List<String> NOT_USED_YET = List.of("performance");

    static Optional<Section> named(String name) {
        return ALL.stream().filter(section -> section.name.equals(name)).findFirst();
    }

    static List<String> names() {
        return ALL.stream().map(Section::name).toList();
    }

    Optional<ConfigKey> key(String key) {
        return keys.stream().filter(candidate -> candidate.isNamed(key)).findFirst();
    }

    List<String> keyNames() {
        return keys.stream().map(ConfigKey::name).toList();
    }

    /** The values of its keys that are secrets. */
    List<Secret> secretsOf(Settings settings) {
        try {
            var secrets = new ArrayList<Secret>();
            var record = component.getAccessor().invoke(settings);
            for (var key : keys) {
                if (key.isSecret() && key.component().getAccessor().invoke(record) instanceof Secret secret) {
                    secrets.add(secret);
                }
            }
            return secrets;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot read the section " + name, e);
        }
    }

    private static Section of(RecordComponent component) {
        Class<? extends Record> type = component.getType().asSubclass(Record.class);
        var section = ConfigKey.snakeCase(component.getName());
        return new Section(
                section,
                component,
                type,
                Arrays.stream(type.getRecordComponents())
                        .map(key -> new ConfigKey(section, key, Objects.requireNonNull(key.getAnnotation(Key.class))))
                        .toList());
    }
}
