package io.linkops;

import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

/** Prints what came of an order: a table for people, JSON for programs. */
final class AdminPrinter {
    private final PrintWriter out;
    private final boolean isJson;

    AdminPrinter(PrintWriter out, boolean isJson) {
        this.out = out;
        this.isJson = isJson;
    }

    void say(JsonObject answer, String sentence) {
        out.println(isJson ? answer.encode() : sentence);
        out.flush();
    }

    void table(JsonObject answer, List<String> columns) {
        if (isJson) {
            out.println(answer.getJsonArray("list").encode());
        } else {
            var rows = answer.getJsonArray("list").stream()
                    .map(JsonObject.class::cast)
                    .map(row -> columns.stream().map(name -> cell(row, name)).toList())
                    .toList();
            var widths = IntStream.range(0, columns.size())
                    .map(i -> Math.max(
                            columns.get(i).length(),
                            rows.stream()
                                    .mapToInt(row -> row.get(i).length())
                                    .max()
                                    .orElse(0)))
                    .toArray();
            print(columns, widths);
            rows.forEach(row -> print(row, widths));
        }
        out.flush();
    }

    private void print(List<String> cells, int[] widths) {
        var line = new StringBuilder();
        for (int i = 0; i < cells.size(); i++) {
            var cell = cells.get(i);
            line.append(cell).append(" ".repeat(widths[i] - cell.length() + 2));
        }
        out.println(line.toString().stripTrailing());
    }

    private static String cell(JsonObject row, String name) {
        var value = row.getValue(name);
        return value == null ? "-" : Objects.toString(value).replaceAll("\\p{Cntrl}", "?");
    }
}
