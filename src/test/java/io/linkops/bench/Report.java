package io.linkops.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** The figures of a run, as text while it goes on and as a page at its end. */
final class Report {
    private static final String MET = "met";
    /** Cores. */
    private static final double COMPARABLE = 0.25;

    private static final String NOT_MET = "**not met**";

    private final List<String> rows = new ArrayList<>();
    private final List<String> goals = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    /** A figure that has nothing to be compared with. */
    void row(String what, String linkops) {
        row(what, linkops, "–", "–");
    }

    void row(String what, String linkops, String contender, String ratio) {
        rows.add("| " + String.join(" | ", what, linkops, contender, ratio) + " |");
        System.out.printf("%-72s %-44s %-44s %s%n", what, linkops, contender, ratio);
    }

    void walls(String what, Pass linkops, Pass contender) {
        row(
                what,
                described(linkops),
                contender.name() + ": " + described(contender),
                number(linkops.wallMillis() / contender.wallMillis()) + " (CPU "
                        + number(linkops.cpuMillis() / contender.cpuMillis()) + ")");
    }

    void goal(String number, String goal, double measured, double limit) {
        goals.add("| " + String.join(" | ", number, goal, number(measured), measured <= limit ? MET : NOT_MET) + " |");
    }

    /** A ratio of wall times; it says nothing when somebody else took much more from one side than from the other. */
    void wallGoal(String number, String goal, Pass linkops, Pass contender, double limit) {
        double ratio = linkops.wallMillis() / contender.wallMillis();
        if (Math.abs(linkops.foreign() - contender.foreign()) < COMPARABLE) {
            goal(number, goal, ratio, limit);
            return;
        }
        goals.add("| "
                + String.join(
                        " | ",
                        number,
                        goal,
                        number(ratio),
                        "not comparable: foreign " + number(linkops.foreign()) + " to " + number(contender.foreign()))
                + " |");
    }

    void notMeasured(String number, String goal) {
        goals.add("| " + String.join(" | ", number, goal, "–", "not measured yet") + " |");
    }

    void note(String note) {
        notes.add("- " + note);
        System.out.println(note);
    }

    static String described(Pass pass) {
        return "%s, %s ms CPU/target, sshd %s, foreign %s"
                .formatted(
                        millis(pass.wallMillis()),
                        number(pass.cpuPerTarget()),
                        number(pass.sshdMillis() / pass.targets()),
                        number(pass.foreign()));
    }

    static String millis(double millis) {
        return millis >= 10_000 ? number(millis / 1000) + " s" : number(millis) + " ms";
    }

    static String number(double value) {
        return String.format(Locale.ROOT, value >= 100 ? "%.0f" : value >= 10 ? "%.1f" : "%.2f", value);
    }

    private static List<String> inOrder(List<String> goals) {
        return goals.stream()
                .sorted(Comparator.comparingInt(goal -> Integer.parseInt(goal.replaceFirst("\\D*(\\d+).*", "$1"))))
                .toList();
    }

    void write(Path file) throws IOException {
        try (var template = Report.class.getResourceAsStream("PERFORMANCE.template.md")) {
            if (template == null) {
                throw new IOException("PERFORMANCE.template.md is not on the class path");
            }
            var text = new String(template.readAllBytes(), StandardCharsets.UTF_8)
                    .replace("@NOTES@", String.join("\n", notes))
                    .replace("@ROWS@", String.join("\n", rows))
                    .replace("@GOALS@", String.join("\n", inOrder(goals)));
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.writeString(file, text);
        }
    }
}
