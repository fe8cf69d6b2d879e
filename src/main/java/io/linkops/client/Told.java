package io.linkops.client;

import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/** The API's objects as sentences. */
final class Told {
    private Told() {}

    /** How an execution ended. */
    static String execution(JsonObject execution) {
        var told = new StringBuilder(execution.getString("status", "?"));
        var exit = execution.getInteger("exit_code");
        if (exit != null && exit != 0) {
            told.append(", exit code ").append(exit);
        }
        if (execution.getString("signal") != null) {
            told.append(", signal ").append(execution.getString("signal"));
        }
        if (execution.getLong("duration_ms") != null) {
            told.append(" in ").append(duration(execution.getLong("duration_ms")));
        }
        if (execution.getString("error") != null) {
            told.append(": ").append(execution.getString("error"));
        }
        return told.toString();
    }

    /** How an operation stands. */
    static String operation(JsonObject operation) {
        var told = new StringBuilder(operation.getString("id") + " " + operation.getString("status"));
        told.append(": ").append(counts(operation.getJsonObject("counts", new JsonObject())));
        if (operation.getLong("duration_ms") != null) {
            told.append(" in ").append(duration(operation.getLong("duration_ms")));
        }
        if (operation.getString("reason") != null) {
            told.append("; ").append(operation.getString("reason"));
        }
        return told.toString();
    }

    static String counts(JsonObject counts) {
        var told = counts.stream()
                .filter(count -> !Objects.equals(count.getValue(), 0))
                .map(count -> count.getValue() + " " + count.getKey())
                .collect(Collectors.joining(", "));
        return told.isEmpty() ? "nothing ran" : told;
    }

    static String duration(long millis) {
        return millis < 60_000
                ? "%.1f s".formatted(millis / 1000.0)
                : "%d min %d s".formatted(millis / 60_000, millis / 1000 % 60);
    }

    /** A value as a cell of a table. */
    static String cell(JsonObject object, String name) {
        var value = object.getValue(name);
        return value == null ? "-" : value.toString();
    }

    static String words(JsonObject object, String name) {
        List<String> words = new ArrayList<>();
        object.getJsonArray(name).forEach(word -> words.add(String.valueOf(word)));
        return String.join(",", words);
    }
}
