package io.linkops.gitsync;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.composer.Composer;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.ReaderException;
import org.yaml.snakeyaml.reader.StreamReader;
import org.yaml.snakeyaml.resolver.Resolver;

/**
 * A file of the repository as a tree of YAML nodes with line numbers; no object is ever built from it. Size, nesting,
 * aliases and tags are limited, because whoever can write to the repository may be hostile.
 */
final class YamlFile {
    private final String name;
    private final byte[] bytes;
    private final Findings findings;

    YamlFile(String name, byte[] bytes, Findings findings) {
        this.name = name;
        this.bytes = bytes;
        this.findings = findings;
    }

    /** The one document's mapping; null if there is none, and then a problem has been noted. */
    @Nullable
    MappingNode root(int maxBytes) {
        if (bytes.length > maxBytes) {
            return problem(
                    0,
                    "has " + bytes.length + " bytes, more than the " + maxBytes + " that git.max_file_bytes"
                            + " allows");
        }
        var text = decoded();
        return text == null ? null : composed(text);
    }

    private @Nullable String decoded() {
        var decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        var in = ByteBuffer.wrap(bytes);
        var out = CharBuffer.allocate(bytes.length);
        if (decoder.decode(in, out, true).isError()) {
            problem(lineOf(out.flip().toString(), Integer.MAX_VALUE), "is not UTF-8 text; save the file as UTF-8");
            return null;
        }
        var text = out.flip().toString();
        return text.startsWith("\uFEFF") ? text.substring(1) : text;
    }

    private @Nullable MappingNode composed(String text) {
        try {
            var options = options(text.length());
            var parser = new GuardedParser(new ParserImpl(new StreamReader(text), options));
            var composer = new Composer(parser, new Resolver(), options);
            if (!composer.checkNode()) {
                return problem(1, "is empty; it must hold the one mapping this file is for");
            }
            var root = composer.getNode();
            if (composer.checkNode()) {
                return problem(line(composer.getNode()), "holds a second document (---); there may be only one");
            }
            return root instanceof MappingNode mapping
                    ? mapping
                    : problem(line(root), "must be a mapping (key: value) at the top");
        } catch (ReaderException e) {
            return problem(
                    lineOf(text, e.getPosition()),
                    "holds a character that YAML does not allow: U+" + "%04X".formatted(e.getCodePoint()));
        } catch (MarkedYAMLException e) {
            return problem(lineOf(e, text), "is not well-formed YAML: " + reason(e));
        } catch (YAMLException | StackOverflowError e) {
            return problem(lineOf(text, Integer.MAX_VALUE), "cannot be read as YAML: " + e.getMessage());
        }
    }

    /** The limits besides those of {@link GuardedParser}, which knows the lines. */
    private static LoaderOptions options(int length) {
        var options = new LoaderOptions();
        options.setCodePointLimit(length + 1);
        options.setNestingDepthLimit(2 * GuardedParser.MAX_DEPTH);
        options.setMaxAliasesForCollections(GuardedParser.MAX_ALIASES);
        options.setAllowRecursiveKeys(false);
        options.setMergeOnCompose(true);
        return options;
    }

    private static String reason(MarkedYAMLException e) {
        var context = e.getContext();
        var problem = e.getProblem() == null ? "unreadable" : e.getProblem();
        return (context == null ? problem : problem + " (" + context + ")").replaceAll("\\p{Cntrl}+", " ");
    }

    private static int lineOf(MarkedYAMLException e, String text) {
        var mark = e.getProblemMark() != null ? e.getProblemMark() : e.getContextMark();
        return mark == null ? lineOf(text, Integer.MAX_VALUE) : mark.getLine() + 1;
    }

    private static int lineOf(String text, int position) {
        return 1
                + (int) text.chars()
                        .limit(Math.min(position, text.length()))
                        .filter(c -> c == '\n')
                        .count();
    }

    static int line(Node node) {
        return node.getStartMark().getLine() + 1;
    }

    private @Nullable MappingNode problem(int line, String message) {
        findings.problem(new Findings.Problem(name, line, "", "", message));
        return null;
    }
}
