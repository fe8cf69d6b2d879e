package io.linkops.config;

import java.util.List;

/** The configuration cannot be used; every problem is listed, each naming key, source and what is expected. */
public final class ConfigException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    @SuppressWarnings("serial") // an unmodifiable list of strings, which is serializable
    private final List<String> problems;

    public ConfigException(List<String> problems) {
        super("The configuration has " + (problems.size() == 1 ? "a problem" : problems.size() + " problems")
                + ":\n  - " + String.join("\n  - ", problems));
        this.problems = List.copyOf(problems);
    }

    /** One sentence each, never with the value of a secret. */
    public List<String> problems() {
        return problems;
    }
}
