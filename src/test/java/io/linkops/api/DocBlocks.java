package io.linkops.api;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The fenced blocks of the documents, each with its mark: an HTML comment on the line before the fence that says which
 * test holds the block.
 *
 * <ul>
 *   <li>{@code <!-- run -->}: shell, run by DocsCommandsIT in its document's order; {@code <!-- run exit=1 -->} for
 *       another exit code; {@code <!-- run says="some text" -->} for what it must print; {@code <!-- run until="text"
 *       -->} for what ends at SIGTERM only, sent when it has printed this
 *   <li>{@code <!-- run on=machine -->}: shell, run by DebIT as root on a machine where the package is installed;
 *       {@code as=linkops} as that user; {@code at=end} after all others
 *   <li>{@code <!-- check config -->}: a configuration (YAML or INI) that loads without a problem or a warning
 *   <li>{@code <!-- check yaml -->}, {@code <!-- check json -->}, {@code <!-- check json Link -->}: is what it says,
 *       with a name: fits this schema of openapi.yaml
 *   <li>{@code <!-- tried by SomeIT -->}: that test reads the block out of the document and uses it
 *   <li>{@code <!-- build -->}: commands of the build, which runs itself
 * </ul>
 */
public final class DocBlocks {
    private static final Pattern MARK = Pattern.compile("\\s*<!-- (run|check|tried|build)( .*?)? -->\\s*");
    private static final Pattern FENCE = Pattern.compile("(\\s*)```([a-z]*)\\s*");
    private static final Pattern LIKE_A_FENCE = Pattern.compile("\\s*(```|~~~).*");
    private static final Pattern WORD = Pattern.compile(" ([a-z]+)=(?:\"([^\"]*)\"|(\\S+))");

    /**
     * @param line of the fence, from 1
     * @param act the first word of its mark; empty if there is none
     * @param what after the act
     * @param language the fence's
     */
    public record Block(Path file, int line, String act, String what, String language, String text) {
        /** What the mark says as {@code name=value}. */
        public Optional<String> said(String name) {
            return allSaid(name).stream().findFirst();
        }

        public List<String> allSaid(String name) {
            return WORD.matcher(what)
                    .results()
                    .filter(word -> word.group(1).equals(name))
                    .map(word -> word.group(2) == null ? word.group(3) : word.group(2))
                    .toList();
        }

        boolean isRunHere() {
            return act.equals("run") && said("on").isEmpty();
        }

        public boolean isRunOnMachine() {
            return act.equals("run") && said("on").equals(Optional.of("machine"));
        }

        @Override
        public String toString() {
            return file.getFileName() + ":" + line + " " + act + what;
        }
    }

    private DocBlocks() {}

    /** README.md and docs/*.md. */
    public static List<Path> documents() throws IOException {
        try (var docs = Files.list(Path.of("docs"))) {
            var found = docs.filter(file -> file.toString().endsWith(".md")).sorted();
            return Stream.concat(Stream.of(Path.of("README.md")), found).toList();
        }
    }

    /** Of one document, in its order, marked or not. */
    public static List<Block> of(Path file) {
        try {
            return new Reading(file, Files.readAllLines(file)).blocks();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private record Reading(Path file, List<String> lines) {
        List<Block> blocks() throws IOException {
            var blocks = new ArrayList<Block>();
            for (int i = 0; i < lines.size(); i++) {
                var fence = FENCE.matcher(lines.get(i));
                var mark = MARK.matcher(i == 0 ? "" : lines.get(i - 1));
                if (!fence.matches()) {
                    refuseStray(i);
                    continue;
                }
                var text = new StringBuilder();
                int start = i++;
                for (; !lines.get(i).strip().equals("```"); i++) {
                    text.append(lines.get(i).replaceFirst("^" + fence.group(1), ""))
                            .append('\n');
                }
                boolean isMarked = mark.matches();
                var act = isMarked ? mark.group(1) : "";
                var what = isMarked && mark.group(2) != null ? mark.group(2) : "";
                blocks.add(new Block(file, start + 1, act, what, fence.group(2), text.toString()));
            }
            return blocks;
        }

        private void refuseStray(int i) throws IOException {
            if (LIKE_A_FENCE.matcher(lines.get(i)).matches()) {
                throw new IOException(file + ":" + (i + 1) + " is a fence that is not read: write ``` and a language");
            }
            boolean isBeforeFence =
                    i + 1 < lines.size() && FENCE.matcher(lines.get(i + 1)).matches();
            if (MARK.matcher(lines.get(i)).matches() && !isBeforeFence) {
                throw new IOException(file + ":" + (i + 1) + " marks no block: the next line must open one");
            }
        }
    }
}
