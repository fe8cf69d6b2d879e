package io.linkops.ssh;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A bash program of LinkOps that is sent over stdin, so that the command line on the link is short and constant.
 *
 * <p>The bootstrap has no newline, backslash, exclamation mark or single quote inside of its single quotes: all log-in
 * shells read it alike (sh, dash, bash, zsh, fish, csh).
 */
enum BashProgram {
    LAUNCHER("linkops", "common.bash", "launcher.bash"),
    DURABLE("linkops-run", "common.bash", "durable.bash"),
    REAPER("linkops-reap", "reaper.bash");

    static final Pattern TAG = Pattern.compile("[0-9a-zA-Z-]{8,64}");

    /**
     * The first line must be whole: a start-up file that reads stdin must not leave a piece that looks like a program.
     */
    private static final String BOOTSTRAP = "IFS=\" \" read -r w n t"
            + " && [ \"$w $t\" = \"$0 $1\" ]"
            + " && IFS= read -r -d \"\" -N \"$n\" s"
            + " && eval \"$s\";"
            + " echo \"linkops: a start-up file of the shell read or changed what LinkOps sent\" >&2;"
            + " exit 70";

    private final String word;
    private final String text;

    BashProgram(String word, String... resources) {
        this.word = word;
        this.text = Stream.of(resources).map(BashProgram::withoutComments).collect(Collectors.joining());
    }

    /** The command line that is sent, and seen in the process list: nothing but the tag varies. */
    String commandLine(String tag) {
        return "exec bash --norc -c '" + BOOTSTRAP + "' " + word + " " + requireTag(tag);
    }

    /** What has to come over stdin first. */
    byte[] prologue(String tag) {
        return (word + " " + text.length() + " " + requireTag(tag) + "\n" + text).getBytes(StandardCharsets.US_ASCII);
    }

    static String requireTag(String tag) {
        if (!TAG.matcher(tag).matches()) {
            throw new IllegalArgumentException("'" + tag + "' is not an execution id: " + TAG.pattern());
        }
        return tag;
    }

    /** The program as it is sent. */
    String text() {
        return text;
    }

    /** A program that goes into a file on the link: the same without what only people read. */
    static String withoutComments(String resource) {
        try (var in = BashProgram.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException(resource + " is missing in the jar");
            }
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII)
                    .lines()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                    .collect(Collectors.joining("\n", "", "\n"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
