package io.linkops.imports;

import java.util.List;

/**
 * What came of an import.
 *
 * @param yaml a links.yaml that a sync takes
 * @param links how many entries it has
 * @param warnings what was left out or assumed, for people
 */
public record Imported(String yaml, int links, List<String> warnings) {
    public Imported {
        warnings = List.copyOf(warnings);
    }
}
