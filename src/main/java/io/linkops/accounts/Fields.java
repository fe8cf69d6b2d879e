package io.linkops.accounts;

import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import java.util.Optional;
import java.util.TreeMap;

/** Collects what is wrong with a request, so that all of it is told at once. */
final class Fields {
    private final TreeMap<String, String> problems = new TreeMap<>();

    Fields require(String field, boolean isGood, String rule) {
        if (!isGood) {
            problems.put(field, rule);
        }
        return this;
    }

    Fields refuse(String field, Optional<String> problem) {
        problem.ifPresent(rule -> problems.put(field, rule));
        return this;
    }

    /** @throws Failure VALIDATION_FAILED with {@code details.fields} when anything is wrong */
    void check() {
        if (!problems.isEmpty()) {
            var sentences = problems.entrySet().stream()
                    .map(problem -> problem.getKey() + " " + problem.getValue())
                    .toList();
            throw new Failure(
                    ErrorCode.VALIDATION_FAILED, String.join("; ", sentences), java.util.Map.of("fields", problems));
        }
    }
}
