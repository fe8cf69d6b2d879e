package io.linkops;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import net.jqwik.api.TagList;
import org.junit.jupiter.api.Test;

/** Holds docs/TRACE.md against the tree: what it names is there, and what was asked is all in it. */
class TraceTest {
    private static final int LEAST_TRIES = 100;
    private static final Pattern ROW = Pattern.compile("\\| ([TRP][0-9.]+) \\| (.*) \\|");
    private static final Pattern NAME = Pattern.compile("`([^`]+)`");

    /** Points to tick off in each task. */
    private static final Map<String, Integer> TASKS = Map.ofEntries(
            Map.entry("T1.1", 7),
            Map.entry("T1.2", 6),
            Map.entry("T1.3", 8),
            Map.entry("T2.1", 11),
            Map.entry("T2.2", 7),
            Map.entry("T2.3", 10),
            Map.entry("T3.1", 7),
            Map.entry("T3.2", 12),
            Map.entry("T3.3", 8),
            Map.entry("T3.4", 8),
            Map.entry("T4.1", 9),
            Map.entry("T4.2", 10),
            Map.entry("T4.3", 7),
            Map.entry("T5.1", 10),
            Map.entry("T5.2", 9),
            Map.entry("T6.1", 7),
            Map.entry("T6.2", 8),
            Map.entry("T6.3", 7),
            Map.entry("T6.4", 8),
            Map.entry("T6.5", 9),
            Map.entry("T7.1", 5),
            Map.entry("T7.2", 6),
            Map.entry("T7.3", 7),
            Map.entry("T7.4", 7));

    /** Criteria of each requirement, from the first. */
    private static final List<Integer> CRITERIA = List.of(5, 7, 5, 6, 8, 5, 7, 6, 5, 5, 5, 5, 5);

    private static final int PROPERTIES = 37;

    private final Map<String, String> rows = rows();

    @Test
    void everythingThatWasAskedIsHere() {
        var asked = new ArrayList<>(TASKS.keySet());
        for (int i = 0; i < CRITERIA.size(); i++) {
            int requirement = i + 1;
            IntStream.rangeClosed(1, CRITERIA.get(i))
                    .forEach(criterion -> asked.add("R" + requirement + "." + criterion));
        }
        IntStream.rangeClosed(1, PROPERTIES).forEach(number -> asked.add("P" + number));
        assertThat(rows.keySet()).containsExactlyInAnyOrderElementsOf(asked);
        TASKS.forEach((task, points) -> assertThat(rows.get(task)).as(task).contains("| " + points + " |"));
    }

    @Test
    void everyItemNamesItsCodeAndItsTest() {
        rows.forEach((item, row) -> {
            var cells = row.split(" \\| ", -1);
            assertThat(cells[cells.length - 2]).as(item + ": code").contains("`");
            assertThat(cells[cells.length - 1]).as(item + ": test").contains("`");
        });
    }

    @Test
    void everyNameIsInTheTree() throws Exception {
        var types = types();
        var unknown = new TreeSet<String>();
        rows.forEach((item, row) -> NAME.matcher(row)
                .results()
                .map(found -> found.group(1))
                .forEach(name -> {
                    var isFile = name.contains("/") || name.endsWith(".xml");
                    if (isFile ? !Files.exists(Path.of(name)) : !types.containsKey(name)) {
                        unknown.add(item + ": " + name);
                    }
                }));
        assertThat(unknown).isEmpty();
    }

    @Test
    void everyPropertyHasTaggedTestsWithEnoughTries() throws Exception {
        var tagged = tagged();
        for (int number = 1; number <= PROPERTIES; number++) {
            var name = "P" + number;
            var row = Objects.requireNonNull(rows.get(name));
            assertThat(tagged).as(name + " has a test with its tag").containsKey(name);
            var classes = Objects.requireNonNull(tagged.get(name)).stream()
                    .map(method -> method.getDeclaringClass().getSimpleName())
                    .collect(Collectors.toSet());
            var cells = row.split(" \\| ", -1);
            assertThat(NAME.matcher(cells[cells.length - 1]).results().map(found -> found.group(1)))
                    .as(name)
                    .containsExactlyInAnyOrderElementsOf(classes);
        }
        tagged.values().stream().flatMap(List::stream).forEach(method -> {
            int tries = method.getAnnotation(Property.class).tries();
            assertThat(tries == Property.TRIES_NOT_SET || tries >= LEAST_TRIES)
                    .as(method + " has " + tries + " tries")
                    .isTrue();
        });
    }

    @Test
    void triesThatAreNotSetAreEnough() throws Exception {
        assertThat(Files.readString(Path.of("src/test/resources/junit-platform.properties")))
                .contains("jqwik.tries.default = " + LEAST_TRIES + "\n");
    }

    private static Map<String, String> rows() {
        try (var lines = Files.lines(Path.of("docs/TRACE.md"))) {
            var rows = new TreeMap<String, String>();
            lines.map(ROW::matcher).filter(java.util.regex.Matcher::matches).forEach(row -> {
                assertThat(rows.put(row.group(1), row.group(2)))
                        .as(row.group(1) + " is there twice")
                        .isNull();
            });
            return rows;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** Every type by its simple name. */
    private static Map<String, Path> types() throws IOException {
        try (var main = Files.walk(Path.of("src/main/java"));
                var test = Files.walk(Path.of("src/test/java"))) {
            return Stream.concat(main, test)
                    .filter(file -> file.toString().endsWith(".java"))
                    .collect(Collectors.toMap(
                            file -> file.getFileName().toString().replace(".java", ""),
                            file -> file,
                            (one, two) -> one));
        }
    }

    /** The properties by the numbers they are tagged with. */
    private static Map<String, List<Method>> tagged() throws Exception {
        var tagged = new TreeMap<String, List<Method>>();
        try (var files = Files.walk(Path.of("src/test/java"))) {
            for (var file :
                    files.filter(file -> file.toString().endsWith(".java")).toList()) {
                if (!Files.readString(file).contains("@Tag(\"P")) {
                    continue;
                }
                var name = Path.of("src/test/java").relativize(file).toString();
                var type = Class.forName(
                        name.replace(".java", "").replace('/', '.'), false, TraceTest.class.getClassLoader());
                for (var method : type.getDeclaredMethods()) {
                    if (method.isAnnotationPresent(Property.class)) {
                        tags(method)
                                .forEach(tag -> tagged.computeIfAbsent(tag, _ -> new ArrayList<>())
                                        .add(method));
                    }
                }
            }
        }
        return tagged;
    }

    private static Stream<String> tags(Method method) {
        var one = method.getAnnotation(Tag.class);
        var many = method.getAnnotation(TagList.class);
        return Stream.concat(Stream.ofNullable(one), many == null ? Stream.empty() : Arrays.stream(many.value()))
                .map(Tag::value);
    }
}
