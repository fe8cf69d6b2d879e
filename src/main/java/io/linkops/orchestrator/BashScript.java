package io.linkops.orchestrator;

import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a script's first line says: that it is bash, and with which options. */
final class BashScript {
    private static final Set<String> BASH = Set.of("/bin/bash", "/usr/bin/bash", "/usr/local/bin/bash");
    private static final Set<String> ENV = Set.of("/usr/bin/env", "/bin/env");
    private static final int MAX_LINE = 256;

    private BashScript() {}

    /**
     * The options of the shebang line ({@code -e}, {@code -euo pipefail} as the kernel would pass them).
     *
     * @throws Failure NOT_BASH, naming the script and its first line, for anything but bash, and for a script with a
     *     NUL byte
     */
    static List<String> options(String script, byte[] content) {
        var line = firstLine(content);
        for (byte each : content) {
            if (each == 0) {
                throw notBash(script, line, "contains a NUL byte, so it is not a text");
            }
        }
        if (!line.startsWith("#!")) {
            throw notBash(script, line, "does not begin with #!/bin/bash or #!/usr/bin/env bash");
        }
        var words = List.of(line.substring(2).strip().split("[ \t]+"));
        if (BASH.contains(words.getFirst())) {
            return words.subList(1, words.size());
        }
        int at = ENV.contains(words.getFirst()) ? 1 : words.size();
        if (at < words.size() && words.get(at).equals("-S")) {
            at++;
        }
        if (at < words.size() && words.get(at).equals("bash")) {
            return words.subList(at + 1, words.size());
        }
        throw notBash(script, line, "asks for another interpreter: " + line);
    }

    private static String firstLine(byte[] content) {
        int end = 0;
        while (end < content.length && end < MAX_LINE && content[end] != '\n') {
            end++;
        }
        return new String(content, 0, end, StandardCharsets.UTF_8).stripTrailing();
    }

    private static Failure notBash(String script, String line, String why) {
        return new Failure(
                ErrorCode.NOT_BASH,
                "Script " + script + " " + why + "; only bash scripts are run",
                Map.of("script", script, "first_line", line));
    }
}
