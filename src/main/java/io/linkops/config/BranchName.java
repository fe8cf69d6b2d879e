package io.linkops.config;

import java.util.Optional;
import java.util.regex.Pattern;

/** What Git accepts as the name of a branch, as far as it matters for asking a server for it. */
final class BranchName {
    private static final Pattern FORBIDDEN =
            Pattern.compile("^[-/.]|[\\s\\p{Cntrl}~^:?*\\[\\\\]|\\.\\.|//|@\\{|/\\.|[/.]$|\\.lock$|\\.lock/");

    private BranchName() {}

    static Optional<String> violation(String branch) {
        return FORBIDDEN.matcher(branch).find()
                ? Optional.of("is '" + Shown.name(branch) + "', expected the name of a branch, such as main.")
                : Optional.empty();
    }
}
