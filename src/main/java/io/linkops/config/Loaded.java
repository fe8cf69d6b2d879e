package io.linkops.config;

import java.util.List;

/**
 * A configuration as it was found.
 *
 * @param sources where it comes from, lowest precedence first, for people
 * @param warnings what is usable but should be put right, to be logged once logging is set up
 */
public record Loaded(Settings settings, List<String> sources, List<String> warnings) {
    public Loaded {
        sources = List.copyOf(sources);
        warnings = List.copyOf(warnings);
    }
}
