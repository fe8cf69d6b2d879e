package io.linkops.api;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What the {@code …Json} classes share: times, durations, lists. */
final class Json {
    private Json() {}

    static @Nullable String time(@Nullable Instant time) {
        return time == null ? null : time.toString();
    }

    static @Nullable Long millis(@Nullable Duration duration) {
        return duration == null ? null : duration.toMillis();
    }

    /** From one time to another; null while one of them is open. */
    static @Nullable Long millis(@Nullable Instant from, @Nullable Instant to) {
        return from == null || to == null ? null : Duration.between(from, to).toMillis();
    }

    static JsonArray texts(Collection<String> texts) {
        return new JsonArray(List.copyOf(texts));
    }

    static <T> JsonArray list(Collection<T> values, Function<T, JsonObject> json) {
        return new JsonArray(values.stream().map(json).toList());
    }

    /** A name as a part of a URL's path. */
    static String inPath(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
