package io.linkops.client;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** Rows with their columns below each other. */
final class Columns {
    private final List<List<String>> rows = new ArrayList<>();

    Columns(String... names) {
        rows.add(List.of(names));
    }

    void add(String... cells) {
        rows.add(Arrays.stream(cells).map(PlainText::of).toList());
    }

    void show(Screen screen) {
        var widths = new int[rows.getFirst().size()];
        for (var row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        for (var row : rows) {
            var cells = new ArrayList<String>();
            for (int i = 0; i < widths.length; i++) {
                cells.add(row.get(i) + " ".repeat(widths[i] - row.get(i).length()));
            }
            screen.result(cells.stream().collect(Collectors.joining("  ")).stripTrailing());
        }
    }
}
