package io.linkops.oidc;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Finds claims by paths such as {@code realm_access.roles}. Names with dots in them are found as well. */
final class ClaimPath {
    private static final int MOST = 10_000;

    private ClaimPath() {}

    static Optional<String> text(JsonObject claims, String path) {
        return find(claims, path)
                .filter(String.class::isInstance)
                .map(String.class::cast)
                .filter(text -> !text.isEmpty());
    }

    /** The values of a claim that is a list of texts, or one text. */
    static Set<String> texts(JsonObject claims, String path) {
        return find(claims, path)
                .map(value -> value instanceof JsonArray array
                        ? array.stream()
                                .limit(MOST)
                                .filter(String.class::isInstance)
                                .map(String.class::cast)
                                .collect(Collectors.toUnmodifiableSet())
                        : value instanceof String text ? Set.of(text) : Set.<String>of())
                .orElse(Set.of());
    }

    /** The whole path as a name first, then each way to cut it. */
    static Optional<Object> find(@Nullable Object from, String path) {
        if (!(from instanceof JsonObject object)) {
            return Optional.empty();
        }
        var whole = object.getValue(path);
        if (whole != null) {
            return Optional.of(whole);
        }
        for (int dot = path.indexOf('.'); dot >= 0; dot = path.indexOf('.', dot + 1)) {
            var inner = find(object.getValue(path.substring(0, dot)), path.substring(dot + 1));
            if (inner.isPresent()) {
                return inner;
            }
        }
        return Optional.empty();
    }
}
