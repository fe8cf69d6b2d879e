package io.linkops.gitsync;

import io.linkops.bus.ErrorCode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** What is wrong or odd in the repository's files: all of it is collected, the first {@link #LIMIT} are kept. */
final class Findings {
    /** Problems and warnings kept of one sync, each. */
    static final int LIMIT = 50;

    private final Set<Problem> problems = new LinkedHashSet<>();
    private final List<String> warnings = new ArrayList<>();
    private int problemCount;
    private int warningCount;

    /**
     * One thing that must be put right in the repository.
     *
     * @param line counted from 1; 0 where the file as a whole is meant
     * @param entry {@code link vm-1}, {@code script update}, or empty
     * @param field {@code ssh.proxyJump}, or empty
     * @param message what is expected
     */
    record Problem(String file, int line, String entry, String field, String message) {
        String text() {
            return file
                    + (line > 0 ? " line " + line : "")
                    + (entry.isEmpty() ? "" : ", " + entry)
                    + (field.isEmpty() ? "" : ", field " + field)
                    + ": "
                    + message;
        }

        Map<String, Object> details() {
            return Map.of("file", file, "line", line, "entry", entry, "field", field, "message", message);
        }
    }

    void problem(Problem problem) {
        if (problems.contains(problem)) {
            return;
        }
        if (problemCount++ < LIMIT) {
            problems.add(problem);
        }
    }

    void warning(String text) {
        if (warningCount++ < LIMIT) {
            warnings.add(text);
        }
    }

    boolean isClean() {
        return problemCount == 0;
    }

    List<Problem> problems() {
        return List.copyOf(problems);
    }

    List<String> warnings() {
        var all = new ArrayList<>(warnings);
        if (warningCount > LIMIT) {
            all.add("… and " + (warningCount - LIMIT) + " more warnings");
        }
        return List.copyOf(all);
    }

    /** All problems as one failure. */
    SyncException asException() {
        var more = problemCount > LIMIT ? "\n… and " + (problemCount - LIMIT) + " more" : "";
        var list = problems.stream().map(Problem::text).collect(Collectors.joining("\n"));
        Map<String, Object> details = Map.of(
                "count",
                problemCount,
                "problems",
                problems.stream().map(Problem::details).toList());
        return new SyncException(ErrorCode.INVENTORY_INVALID, list + more, false, details, null);
    }
}
