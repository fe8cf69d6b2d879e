package io.linkops.config;

import java.util.List;

/**
 * What is wrong with a value, or with values that do not fit each other.
 *
 * @param keys the names of the keys within their section, the one to change first
 * @param sentence what is wrong and what is expected, following the first key's path; no value of a secret
 */
record Violation(List<String> keys, String sentence) {
    Violation {
        keys = List.copyOf(keys);
    }
}
