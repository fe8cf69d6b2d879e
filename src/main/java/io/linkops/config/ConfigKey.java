package io.linkops.config;

import java.lang.reflect.RecordComponent;
import java.util.Locale;

/** One key of one section, as a record component and its annotation describe it. */
record ConfigKey(String section, RecordComponent component, Key key) {

    String name() {
        return key.name().isEmpty() ? snakeCase(component.getName()) : key.name();
    }

    /** Whether the file may call it so. */
    boolean isNamed(String written) {
        return name().equals(written) || (!key.alias().isEmpty() && key.alias().equals(written));
    }

    /** As messages and system properties name it: {@code api.port}. */
    String path() {
        return section + "." + name();
    }

    /** As the environment names it: {@code LINKOPS_API_PORT}. */
    String variable() {
        return Overrides.VARIABLE_PREFIX + path().replace('.', '_').toUpperCase(Locale.ROOT);
    }

    Class<?> type() {
        return component.getType();
    }

    boolean hasDefault() {
        return !key.byDefault().isEmpty();
    }

    /** Whether nobody but LinkOps may see its value. */
    boolean isSecret() {
        return type() == io.linkops.vault.Secret.class;
    }

    static String snakeCase(String camelCase) {
        return camelCase.replaceAll("(?<=[a-z0-9])(?=[A-Z])", "_").toLowerCase(Locale.ROOT);
    }
}
