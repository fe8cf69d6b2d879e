package io.linkops.api;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The fenced blocks of a Markdown file that are marked for a test, by an HTML comment on the line before the fence:
 *
 * <ul>
 *   <li>{@code <!-- run -->}: shell, run in its document's order; {@code <!-- run exit=1 -->} for another exit code;
 *       {@code <!-- run says="some text" -->} for what it must print
 *   <li>{@code <!-- check config -->}: a configuration (YAML or INI) that loads without a problem or a warning
 *   <li>{@code <!-- check yaml -->}, {@code <!-- check json -->}, {@code <!-- check json Link -->}: is what it says,
 *       with a name: fits this schema of openapi.yaml
 * </ul>
 */
final class DocBlocks {
    private static final Pattern MARK = Pattern.compile("\\s*<!-- (run|check)( .*?)? -->\\s*");
    private static final Pattern FENCE = Pattern.compile("(\\s*)```([a-z]*)\\s*");

    /**
     * @param what after {@code run} or {@code check}
     * @param language the fence's
     * @param line of the fence, from 1
     */
    record Block(Path file, int line, String act, String what, String language, String text) {
        @Override
        public String toString() {
            return file.getFileName() + ":" + line + " " + act + what;
        }
    }

    private DocBlocks() {}

    static List<Block> of(Path file) throws IOException {
        var lines = Files.readAllLines(file);
        var blocks = new ArrayList<Block>();
        for (int i = 0; i < lines.size(); i++) {
            var mark = MARK.matcher(lines.get(i));
            if (!mark.matches()) {
                continue;
            }
            var fence = FENCE.matcher(i + 1 < lines.size() ? lines.get(i + 1) : "");
            if (!fence.matches()) {
                throw new IOException(file + ":" + (i + 1) + " marks no block: the next line must open one");
            }
            var text = new StringBuilder();
            int at = i + 2;
            while (!lines.get(at).strip().equals("```")) {
                text.append(lines.get(at).replaceFirst("^" + fence.group(1), ""))
                        .append('\n');
                at++;
            }
            var what = mark.group(2) == null ? "" : mark.group(2);
            blocks.add(new Block(file, i + 2, mark.group(1), what, fence.group(2), text.toString()));
        }
        return blocks;
    }
}
