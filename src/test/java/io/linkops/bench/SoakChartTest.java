package io.linkops.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.linkops.bench.SoakSample.Figure;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.w3c.dom.Element;

/** What a soak says of its measurements, and how it draws them. */
class SoakChartTest {
    /** A hundred minutes of one figure; the heap is told every fourth time. */
    private static List<SoakSample> samples(Figure figure, DoubleUnaryOperator value) {
        return IntStream.rangeClosed(1, 200)
                .mapToObj(round -> {
                    var values = new EnumMap<Figure, Double>(Figure.class);
                    Arrays.stream(Figure.values()).forEach(each -> values.put(each, 10.0));
                    values.put(figure, value.applyAsDouble(round / 2.0));
                    if (round % 4 != 0) {
                        values.remove(Figure.HEAP);
                    }
                    return new SoakSample(round / 2.0, values);
                })
                .toList();
    }

    private static SoakSummary.Trend trend(Figure figure, DoubleUnaryOperator value) {
        return SoakSummary.trend(samples(figure, value), figure).orElseThrow();
    }

    private static Element drawn(String svg) throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)))
                .getDocumentElement();
    }

    private static Stream<double[]> points(Element curve) {
        return Stream.of(curve.getAttribute("points").split(" ", -1))
                .map(point -> Stream.of(point.split(",", -1))
                        .mapToDouble(Double::parseDouble)
                        .toArray());
    }

    @Test
    void aLeakGrows() {
        var leak = trend(Figure.HANDLES, minute -> 100 + minute);
        assertThat(leak.isGrowing()).isTrue();
        assertThat(leak.perHour()).isCloseTo(60, within(1e-6));
        assertThat(leak.early()).isCloseTo(115, within(1.0));
        assertThat(leak.late()).isCloseTo(195, within(1.0));
        assertThat(leak.line()).endsWith("GROWS");
    }

    @Test
    void upAndDownIsFlatAndSoIsLess() {
        assertThat(trend(Figure.THREADS, minute -> 50 + minute % 7).isGrowing()).isFalse();
        assertThat(trend(Figure.THREADS, minute -> 90 - minute / 2).isGrowing()).isFalse();
        assertThat(trend(Figure.RESIDENT, minute -> 300 + minute / 10).line()).endsWith("FLAT");
    }

    @Test
    void whatIsHighBeforeLinkOpsIsWarmDoesNotHideALeak() {
        var late = trend(Figure.SOCKETS, minute -> minute < 9 ? 500 : 50 + minute);
        assertThat(late.isGrowing()).isTrue();
        assertThat(late.perHour()).isCloseTo(60, within(1e-6));
    }

    @Test
    void theHeapIsJudgedByWhatWasMeasured() {
        assertThat(trend(Figure.HEAP, minute -> 40 + minute).isGrowing()).isTrue();
        assertThat(SoakSummary.trend(List.of(), Figure.HEAP)).isEmpty();
        var none = samples(Figure.HEAP, _ -> 10).stream()
                .filter(each -> !each.has(Figure.HEAP))
                .toList();
        assertThat(SoakSummary.trend(none, Figure.HEAP)).isEmpty();
        assertThat(SoakSummary.of(none)).contains("heap_after_gc_mb: too little was measured");
    }

    @Test
    void operationsAddUpWithoutBeingALeak() {
        assertThat(SoakSummary.of(samples(Figure.OPERATIONS, minute -> minute * 15)))
                .contains("adds up")
                .doesNotContain("GROWS");
    }

    @Test
    void whatIsWrittenIsRead() {
        var samples = samples(Figure.DATABASE, minute -> minute / 8);
        var lines = Stream.concat(Stream.of(SoakSample.head()), samples.stream().map(SoakSample::row))
                .toList();
        var read = SoakSample.read(lines);
        assertThat(read).hasSize(200);
        assertThat(read.get(3).value(Figure.DATABASE)).isEqualTo(0.25);
        assertThat(read.get(2).has(Figure.HEAP)).isFalse();
        assertThat(read.get(3).has(Figure.HEAP)).isTrue();
        assertThat(read.get(199).minutes()).isEqualTo(100);
        assertThatThrownBy(() -> SoakSample.read(List.of("time,threads"))).hasMessageContaining("minutes,operations");
    }

    @Test
    void everyFigureOfAPanelIsACurveInsideItsAxes() throws Exception {
        var svg = drawn(SoakChart.svg("a <soak> & more", samples(Figure.RESIDENT, minute -> 250 + minute)));
        var curves = svg.getElementsByTagName("polyline");
        assertThat(curves.getLength()).isEqualTo(9);
        for (int i = 0; i < curves.getLength(); i++) {
            assertThat(points((Element) curves.item(i)))
                    .allMatch(point -> point[0] >= 56 && point[0] <= 464 && point[1] >= 44 && point[1] <= 220);
        }
        assertThat(points((Element) curves.item(0))).hasSize(200);
        assertThat(points((Element) curves.item(1))).hasSize(50);
        assertThat(svg.getTextContent())
                .contains("a <soak> & more", "Memory, MB", "Database, MB", "Handles, number", "minutes", "400");
    }

    @ParameterizedTest
    @CsvSource({"1, 0.2", "5, 1", "6, 2", "100, 20", "112, 25", "351, 100", "0, 0.0002"})
    void axesHaveStepsThatPeopleLike(double most, double step) {
        assertThat(SoakChart.step(most)).isCloseTo(step, within(1e-9));
    }
}
