package io.linkops.orchestrator;

import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** What a script's first line says: that it is bash, and with which options. */
final class BashScript {
    private static final Set<String> BASH = Set.of("/bin/bash", "/usr/bin/bash", "/usr/local/bin/bash");
    private static final Set<String> ENV = Set.of("/usr/bin/env", "/bin/env");
    /** The kernel reads no more of a shebang line than this. */
    private static final Pattern OPTION = Pattern.compile(
            "[-+]([abefhkmnptuvxBCEHPT]+[oO]?|[oO])|--(norc|noprofile|noediting|posix|restricted|verbose)");
    /** An option that the name of a setting follows. */
    private static final Pattern SETS = Pattern.compile("[-+][a-zA-Z]*[oO]");

    private static final Pattern NAME = Pattern.compile("[a-z_]+");
    private static final int MAX_LINE = 255;

    private BashScript() {}

    /**
     * The words that follow bash on the shebang line ({@code -e}, {@code -euo pipefail}), for bash's command line.
     *
     * @throws Failure NOT_BASH, naming the script and its first line, for anything but bash, and for a file that no
     *     kernel would start as it is: with a NUL byte, a byte order mark, Windows line ends or an endless first line
     */
    static List<String> options(String script, byte[] content) {
        int length = firstLineLength(content);
        var line = new String(content, 0, Math.min(length, MAX_LINE), StandardCharsets.UTF_8);
        for (byte each : content) {
            if (each == 0) {
                throw notBash(script, line, "contains a NUL byte, so it is not a text");
            }
        }
        if (line.startsWith("\ufeff")) {
            throw notBash(script, line, "begins with a byte order mark; save it as UTF-8 without one");
        }
        if (!line.startsWith("#!")) {
            throw notBash(script, line, "does not begin with #!/bin/bash or #!/usr/bin/env bash");
        }
        if (length > MAX_LINE) {
            throw notBash(script, line, "has a first line of more than " + MAX_LINE + " bytes");
        }
        if (line.endsWith("\r")) {
            throw notBash(script, line.stripTrailing(), "has Windows line ends (CRLF); save it with LF");
        }
        return options(script, line);
    }

    private static List<String> options(String script, String line) {
        // Blanks and tabs only: the kernel takes every other white space for a part of the name.
        var words = List.of(line.substring(2).replaceAll("^[ \t]+|[ \t]+$", "").split("[ \t]+"));
        if (BASH.contains(words.getFirst())) {
            return known(script, line, words.subList(1, words.size()));
        }
        int at = ENV.contains(words.getFirst()) ? 1 : words.size();
        if (at < words.size() && words.get(at).equals("-S")) {
            at++;
        }
        if (at < words.size() && words.get(at).equals("bash")) {
            return known(script, line, words.subList(at + 1, words.size()));
        }
        throw notBash(script, line, "asks for another interpreter: " + line);
    }

    /** Options that change how a script runs; one that makes bash read its commands elsewhere (-c, -s) is refused. */
    private static List<String> known(String script, String line, List<String> options) {
        boolean isName = false;
        for (var option : options) {
            if (!(isName ? NAME : OPTION).matcher(option).matches()) {
                throw notBash(script, line, "gives bash something that is no option for a script: " + option);
            }
            isName = !isName && SETS.matcher(option).matches();
        }
        if (isName) {
            throw notBash(script, line, "ends its first line where an option needs a name");
        }
        return options;
    }

    private static int firstLineLength(byte[] content) {
        int end = 0;
        while (end < content.length && content[end] != '\n') {
            end++;
        }
        return end;
    }

    private static Failure notBash(String script, String line, String why) {
        return new Failure(
                ErrorCode.NOT_BASH,
                "Script " + script + " " + why + "; only bash scripts are run",
                Map.of("script", script, "first_line", line));
    }
}
