package io.linkops.bench;

import io.linkops.bench.SoakSample.Figure;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Draws what a soak measured, as SVG: four panels over the same minutes. */
final class SoakChart {
    private static final int WIDTH = 480;
    private static final int HEIGHT = 260;
    private static final int LEFT = 56;
    private static final int RIGHT = 16;
    private static final int TOP = 44;
    private static final int BOTTOM = 40;
    private static final int HEAD = 36;
    private static final int TICKS = 5;

    private static final List<Panel> PANELS = List.of(
            new Panel("Memory", "MB", List.of(Figure.RESIDENT, Figure.HEAP)),
            new Panel("Threads and processes", "number", List.of(Figure.THREADS, Figure.CHILDREN)),
            new Panel("Handles", "number", List.of(Figure.HANDLES, Figure.SOCKETS, Figure.CONNECTIONS)),
            new Panel("Database", "MB", List.of(Figure.DATABASE, Figure.WAL)));

    private static final List<String> COLORS = List.of("#1f5fbf", "#c2410c", "#15803d");

    private record Panel(String title, String unit, List<Figure> figures) {}

    /** From measured to drawn; both ends of both axes. */
    private record Scale(double minutes, double most) {
        double x(double minute) {
            return LEFT + minute / minutes * (WIDTH - LEFT - RIGHT);
        }

        double y(double value) {
            return HEIGHT - BOTTOM - value / most * (HEIGHT - TOP - BOTTOM);
        }
    }

    private SoakChart() {}

    static String svg(String title, List<SoakSample> samples) {
        var svg = new StringBuilder(String.format(
                Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"system-ui, sans-serif\""
                        + " font-size=\"11\" fill=\"#222\">%n<rect width=\"100%%\" height=\"100%%\" fill=\"#fff\"/>%n",
                2 * WIDTH,
                HEAD + 2 * HEIGHT));
        svg.append(text(LEFT, 24, "start", title).replace("<text", "<text font-size=\"15\" font-weight=\"600\""));
        for (int i = 0; i < PANELS.size(); i++) {
            svg.append("<g transform=\"translate(%d,%d)\">\n".formatted(i % 2 * WIDTH, HEAD + i / 2 * HEIGHT))
                    .append(panel(PANELS.get(i), samples))
                    .append("</g>\n");
        }
        return svg.append("</svg>\n").toString();
    }

    private static String panel(Panel panel, List<SoakSample> samples) {
        double minutes = samples.stream().mapToDouble(SoakSample::minutes).max().orElse(1);
        double most = panel.figures.stream()
                .flatMap(figure ->
                        samples.stream().filter(each -> each.has(figure)).map(each -> each.value(figure)))
                .mapToDouble(Double::doubleValue)
                .max()
                .orElse(1);
        var scale = new Scale(Math.max(minutes, 1), step(most) * TICKS);
        var drawn = new StringBuilder(
                text(LEFT, 14, "start", panel.title + ", " + panel.unit).replace("<text", "<text font-weight=\"600\""));
        drawn.append(axes(scale));
        for (int i = 0; i < panel.figures.size(); i++) {
            drawn.append(curve(panel.figures.get(i), COLORS.get(i), scale, samples))
                    .append(text(LEFT + i * 130, 30, "start", "— " + name(panel.figures.get(i)))
                            .replace("<text", "<text fill=\"" + COLORS.get(i) + "\""));
        }
        return drawn.toString();
    }

    private static String axes(Scale scale) {
        var axes = new StringBuilder();
        double value = scale.most / TICKS;
        double minute = step(scale.minutes);
        for (int tick = 0; tick <= TICKS; tick++) {
            double y = scale.y(tick * value);
            axes.append(line(LEFT, y, WIDTH - RIGHT, y)).append(text(LEFT - 6, y + 4, "end", number(tick * value)));
            if (tick * minute <= scale.minutes) {
                double x = scale.x(tick * minute);
                axes.append(line(x, HEIGHT - BOTTOM, x, HEIGHT - BOTTOM + 4))
                        .append(text(x, HEIGHT - BOTTOM + 16, "middle", number(tick * minute)));
            }
        }
        return axes.append(text((LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 8, "middle", "minutes"))
                .toString();
    }

    private static String curve(Figure figure, String color, Scale scale, List<SoakSample> samples) {
        return samples.stream()
                .filter(each -> each.has(figure))
                .map(each ->
                        String.format(Locale.ROOT, "%.1f,%.1f", scale.x(each.minutes()), scale.y(each.value(figure))))
                .collect(Collectors.joining(
                        " ",
                        "<polyline fill=\"none\" stroke-width=\"1.5\" stroke=\"" + color + "\" points=\"",
                        "\"/>\n"));
    }

    /** A fifth of the axis, a number people like, so that all of it fits. */
    static double step(double most) {
        double least = Math.max(most, 1e-3) / TICKS;
        double power = Math.pow(10, Math.floor(Math.log10(least)));
        for (double nice : new double[] {1, 2, 2.5, 5}) {
            if (nice * power >= least * (1 - 1e-9)) {
                return nice * power;
            }
        }
        return 10 * power;
    }

    private static String name(Figure figure) {
        return figure.column().replace("_mb", "").replace('_', ' ');
    }

    private static String number(double value) {
        return value == Math.rint(value)
                ? String.valueOf((long) value)
                : String.format(Locale.ROOT, "%.4g", value).replaceAll("0+$", "");
    }

    private static String line(double fromX, double fromY, double toX, double toY) {
        return String.format(
                Locale.ROOT,
                "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"#ddd\"/>%n",
                fromX,
                fromY,
                toX,
                toY);
    }

    private static String text(double x, double y, String anchor, String content) {
        var escaped = content.replace("&", "&amp;").replace("<", "&lt;");
        return String.format(
                Locale.ROOT, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>%n", x, y, anchor, escaped);
    }
}
