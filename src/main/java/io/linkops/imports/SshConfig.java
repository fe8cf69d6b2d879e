package io.linkops.imports;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A configuration of OpenSSH's client: each plain name of a Host line becomes a link, patterns give their values to the
 * links they match, and the first value counts. Include is followed within the file's own directory only.
 */
final class SshConfig {
    private static final int DEEPEST = 8;
    private static final int LONGEST = 4 << 20;
    private static final Pattern LINE = Pattern.compile("\\s*([A-Za-z][A-Za-z0-9]*)(?:\\s*=\\s*|\\s+)(.*?)\\s*");
    private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|(\\S+)");

    private final Draft draft;
    private final @Nullable Path directory;
    private final List<Block> blocks = new ArrayList<>();
    private final Set<String> names = new LinkedHashSet<>();

    private record Block(List<String> patterns, Map<String, String> values) {}

    /** @param file whose directory Include may look into; null where there is none */
    SshConfig(Draft draft, @Nullable Path file) {
        this.draft = draft;
        this.directory = file == null ? null : file.toAbsolutePath().getParent();
    }

    void read(String text) throws IOException {
        blocks.add(new Block(List.of("*"), new TreeMap<>()));
        lines(text, 0);
        for (var name : names) {
            draft.add(name, machine(name));
        }
    }

    private void lines(String text, int depth) throws IOException {
        for (var line : text.lines().toList()) {
            var matcher = LINE.matcher(line);
            if (line.isBlank() || line.strip().startsWith("#")) {
                continue;
            }
            if (!matcher.matches()) {
                draft.warn("The line '" + line.strip() + "' is not understood and was ignored");
                continue;
            }
            line(matcher.group(1).toLowerCase(Locale.ROOT), matcher.group(2), depth);
        }
    }

    private void line(String keyword, String value, int depth) throws IOException {
        switch (keyword) {
            case "host" -> begin(words(value));
            case "match" -> {
                draft.warn("Match " + value + " is not understood; what follows it was ignored");
                blocks.add(new Block(List.of(), new TreeMap<>()));
            }
            case "include" -> include(words(value), depth);
            default -> {
                var words = words(value);
                if (!words.isEmpty()) {
                    blocks.getLast().values().putIfAbsent(keyword, words.getFirst());
                }
            }
        }
    }

    private void begin(List<String> patterns) {
        blocks.add(new Block(patterns, new TreeMap<>()));
        patterns.stream()
                .filter(pattern -> pattern.chars().noneMatch(c -> c == '*' || c == '?' || c == '!'))
                .forEach(names::add);
    }

    /** Values may stand in quotes; a comment may follow them. */
    private static List<String> words(String value) {
        var words = new ArrayList<String>();
        var matcher = WORD.matcher(value);
        while (matcher.find()) {
            var word = matcher.group(1) != null ? matcher.group(1) : matcher.group(2);
            if (matcher.group(1) == null && word.startsWith("#")) {
                break;
            }
            words.add(word);
        }
        return words;
    }

    private void include(List<String> patterns, int depth) throws IOException {
        for (var pattern : patterns) {
            if (blocks.size() > 1 && !blocks.getLast().patterns().equals(List.of("*"))) {
                draft.warn("Include " + pattern + " within a Host block was ignored");
            } else if (depth >= DEEPEST) {
                draft.warn("Include " + pattern + " was ignored: it lies too deep");
            } else {
                include(pattern, depth);
            }
        }
    }

    private void include(String pattern, int depth) throws IOException {
        if (directory == null || pattern.startsWith("~") || !isWithin(pattern)) {
            draft.warn("Include " + pattern + " was ignored: only files beside the imported one, or below, are read");
            return;
        }
        int read = 0;
        var slash = pattern.lastIndexOf('/');
        var parent = directory.resolve(slash < 0 ? "" : pattern.substring(0, slash));
        if (Files.isDirectory(parent)) {
            var around = blocks.getLast().patterns();
            for (var file : matching(parent, pattern.substring(slash + 1))) {
                lines(text(file), depth + 1);
                blocks.add(new Block(around, new TreeMap<>()));
                read++;
            }
        }
        if (read == 0) {
            draft.warn("Include " + pattern + " names no file");
        }
    }

    private boolean isWithin(String pattern) {
        try {
            var base = java.util.Objects.requireNonNull(directory).normalize();
            return base.resolve(pattern.replace('*', 'x').replace('?', 'x'))
                    .normalize()
                    .startsWith(base);
        } catch (InvalidPathException e) {
            return false;
        }
    }

    /** A symbolic link may lead out of the directory: it is not followed. */
    private List<Path> matching(Path parent, String glob) throws IOException {
        var base = java.util.Objects.requireNonNull(directory).toRealPath();
        var files = new ArrayList<Path>();
        try (var found = Files.newDirectoryStream(parent, glob)) {
            for (var file : found) {
                if (Files.isRegularFile(file) && file.toRealPath().startsWith(base)) {
                    files.add(file);
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        files.sort(null);
        return files;
    }

    private String text(Path file) throws IOException {
        if (Files.size(file) > LONGEST) {
            draft.warn(file + " was ignored: it is too large");
            return "";
        }
        try {
            return Files.readString(file);
        } catch (MalformedInputException e) {
            draft.warn(file + " was ignored: it is not UTF-8 text");
            return "";
        }
    }

    private Draft.Machine machine(String name) {
        var values = new TreeMap<String, String>();
        for (var block : blocks) {
            if (isMatched(name, block.patterns())) {
                block.values().forEach(values::putIfAbsent);
            }
        }
        var machine = new Draft.Machine();
        var host = values.get("hostname");
        machine.host = host == null ? name : host.replace("%h", name).replace("%%", "%");
        machine.port = values.get("port");
        machine.user = values.get("user");
        machine.keyFile = values.get("identityfile");
        machine.proxyJump = jump(name, values.get("proxyjump"));
        if (values.containsKey("proxycommand") && machine.proxyJump == null) {
            draft.warn(name + ": its ProxyCommand is not understood; give the link an ssh.proxyJump");
        }
        return machine;
    }

    private static boolean isMatched(String name, List<String> patterns) {
        boolean isMatched = false;
        for (var pattern : patterns) {
            var isNegated = pattern.startsWith("!");
            if (glob(isNegated ? pattern.substring(1) : pattern).matcher(name).matches()) {
                if (isNegated) {
                    return false;
                }
                isMatched = true;
            }
        }
        return isMatched;
    }

    private static Pattern glob(String pattern) {
        var regex = new StringBuilder();
        pattern.chars()
                .forEach(c ->
                        regex.append(c == '*' ? ".*" : c == '?' ? "." : Pattern.quote(Character.toString((char) c))));
        return Pattern.compile(regex.toString());
    }

    /** The last hop is the one this link is reached from; the ones before it are that link's own way. */
    private @Nullable String jump(String name, @Nullable String value) {
        if (value == null || value.equalsIgnoreCase("none")) {
            return null;
        }
        var hops = value.split(",", -1);
        if (hops.length > 1) {
            draft.warn(name + ": goes through " + value + "; only the last hop is written, give it its own proxyJump");
        }
        var hop = hops[hops.length - 1];
        return hop.substring(hop.indexOf('@') + 1).replaceFirst(":[0-9]+$", "");
    }
}
