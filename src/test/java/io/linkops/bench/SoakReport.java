package io.linkops.bench;

import io.linkops.bench.SoakSample.Figure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * What is kept of a soak: {@code SoakReport CSV DIRECTORY} prints the summary and writes {@code soak.svg} and a smaller
 * {@code soak.csv} with the rows that tell the heap.
 */
public final class SoakReport {
    private SoakReport() {}

    public static void main(String[] arguments) throws IOException {
        write(SoakSample.read(Files.readAllLines(Path.of(arguments[0]))), Path.of(arguments[1]));
    }

    private static void write(List<SoakSample> samples, Path directory) throws IOException {
        Files.createDirectories(directory);
        var title = "LinkOps under a steady load: %.0f minutes, %.0f operations"
                .formatted(samples.getLast().minutes(), samples.getLast().value(Figure.OPERATIONS));
        Files.writeString(directory.resolve("soak.svg"), SoakChart.svg(title, samples));
        Files.write(
                directory.resolve("soak.csv"),
                Stream.concat(
                                Stream.of(SoakSample.head()),
                                samples.stream()
                                        .filter(each -> each.has(Figure.HEAP))
                                        .map(SoakSample::row))
                        .toList());
        System.out.println(SoakSummary.of(samples));
        System.out.println("written: " + directory.resolve("soak.svg") + " and soak.csv");
    }
}
