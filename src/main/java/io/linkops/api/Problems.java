package io.linkops.api;

import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import java.util.Map;
import java.util.TreeMap;

/** Collects what is wrong with the fields of a request, so that all of it is told at once. */
final class Problems {
    private static final int MOST = 50;

    private final TreeMap<String, String> byField = new TreeMap<>();

    /** The first problem of a field counts. */
    void add(String field, String sentence) {
        if (byField.size() < MOST) {
            byField.putIfAbsent(Call.shortened(field), sentence);
        }
    }

    void throwIfAny() {
        if (!byField.isEmpty()) {
            throw failure(byField, byField.firstKey());
        }
    }

    /** One problem of one field. */
    static Failure of(String field, String sentence) {
        return failure(Map.of(field, sentence), field);
    }

    private static Failure failure(Map<String, String> byField, String first) {
        var more = byField.size() == 1 ? "" : " (and " + (byField.size() - 1) + " more)";
        return new Failure(
                ErrorCode.VALIDATION_FAILED,
                first + ": " + byField.get(first) + more,
                Map.of("fields", Map.copyOf(byField)));
    }
}
