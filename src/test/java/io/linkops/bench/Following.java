package io.linkops.bench;

import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** What following operations costs: one reader, many of them, one that stalls, and much output. */
final class Following {
    private static final int REPEATS = 3;

    private final Started linkops;
    private final Settings settings;
    private final Report report;
    private final FanOuts fanOuts;

    /** @param seenMillis until the last reader had the last event */
    private record Round(Pass pass, double seenMillis, double readersCpu, JsonObject seen) {}

    Following(Started linkops, ProcessHandle sshd, Settings settings, Report report) {
        this.linkops = linkops;
        this.settings = settings;
        this.report = report;
        this.fanOuts = new FanOuts(linkops, sshd, settings);
    }

    void run(Rivals rivals, Pass unread) throws Exception {
        try (var crowd = new ReaderCrowd(linkops.port(), linkops.api())) {
            round(crowd, "trivial", settings.links(), settings.readers(), 0);
            var one = median(crowd, 1, 0);
            var stalled = median(crowd, 1, 1);
            var many = median(crowd, settings.readers(), 1);
            row("1 reader, to none", one, unread);
            row("1 reader and a stalled one, to 1 reader", stalled, one.pass());
            row("%d readers and a stalled one, to 1 reader".formatted(settings.readers()), many, one.pass());
            output(crowd, rivals);
        }
    }

    private Round median(ReaderCrowd crowd, int readers, int stalled) throws Exception {
        List<Round> rounds = new ArrayList<>();
        for (int i = 0; i < REPEATS; i++) {
            rounds.add(round(crowd, "trivial", settings.links(), readers, stalled));
        }
        return rounds.stream()
                .sorted(Comparator.comparingDouble(Round::seenMillis))
                .toList()
                .get(REPEATS / 2);
    }

    private Round round(ReaderCrowd crowd, String script, int targets, int readers, int stalled) throws Exception {
        var links = new String[targets];
        for (int i = 0; i < targets; i++) {
            links[i] = "link-%03d".formatted(i + 1);
        }
        long crowdBefore = crowd.cpuMillis();
        var watch = fanOuts.watch();
        long begun = System.currentTimeMillis();
        var operation = targets == settings.links() ? fanOuts.submit(script, "*") : fanOuts.submit(script, links);
        crowd.follow(operation, readers, stalled);
        fanOuts.await(operation, targets);
        var stored = watch.read(operation, targets);
        var seen = crowd.seen(readers);
        // what LinkOps sent after the end counts too
        var pass = new Pass(
                operation,
                targets,
                stored.wallMillis(),
                watch.read(operation, targets).cpuMillis(),
                stored.sshdMillis(),
                stored.foreign());
        return new Round(pass, seen.getLong("ended_at") - begun, crowd.cpuMillis() - crowdBefore, seen);
    }

    private void row(String what, Round round, Pass base) {
        report.row(
                "warm operation with " + what,
                "%s, last reader after %s, %s ms CPU/target; the readers' process %s ms"
                        .formatted(
                                Report.millis(round.pass().wallMillis()),
                                Report.millis(round.seenMillis()),
                                Report.number(round.pass().cpuPerTarget()),
                                Report.number(round.readersCpu() / round.pass().targets())),
                Report.millis(base.wallMillis()) + ", " + Report.number(base.cpuPerTarget()) + " ms CPU/target",
                Report.number(round.pass().wallMillis() / base.wallMillis()) + " (CPU "
                        + Report.number(round.pass().cpuMillis() / base.cpuMillis()) + ")");
    }

    private void output(ReaderCrowd crowd, Rivals rivals) throws Exception {
        int talkers = settings.talkers();
        long expected = (long) talkers * (settings.lines() + 1);
        round(crowd, "talk", talkers, 1, 0);
        List<Round> rounds = new ArrayList<>();
        for (int i = 0; i < REPEATS; i++) {
            var round = round(crowd, "talk", talkers, 1, 0);
            require(expected, round.seen().getLong("lines"), "streamed");
            require(expected, storedLines(round.pass().name()), "stored");
            rounds.add(round);
        }
        var round = rounds.stream()
                .sorted(Comparator.comparingDouble(Round::seenMillis))
                .toList()
                .get(REPEATS / 2);
        rate(
                "lines stored",
                expected,
                round.pass().wallMillis(),
                rivals.output().wallMillis());
        rate(
                "lines streamed to 1 reader",
                expected,
                round.seenMillis(),
                rivals.output().wallMillis());
        report.row(
                "CPU for output",
                Report.number(round.pass().cpuMillis() * 1000 / expected) + " µs/line",
                "xargs ssh: " + Report.number(rivals.output().cpuMillis() * 1000 / expected) + " µs/line",
                Report.number(round.pass().cpuMillis() / rivals.output().cpuMillis()));
        report.goal(
                "4",
                "output: 200,000 lines/s streamed (here to 1 reader, not 10): ms for 200,000 lines",
                round.seenMillis() * 200_000 / expected,
                1000);
    }

    private void rate(String what, long lines, double millis, double contender) {
        report.row(
                what,
                "%.0f lines/s".formatted(lines * 1000 / millis),
                "xargs ssh into files, ControlMaster: %.0f lines/s".formatted(lines * 1000 / contender),
                Report.number(contender / millis));
    }

    private long storedLines(String operation) throws Exception {
        long lines = 0;
        var found = linkops.api().get("/api/operations/" + operation).json();
        for (var each : found.getJsonArray("executions")) {
            var path =
                    "/api/operations/" + operation + "/executions/" + ((JsonObject) each).getString("id") + "/output";
            for (byte one : linkops.api().download(path)) {
                lines += one == '\n' ? 1 : 0;
            }
        }
        return lines;
    }

    private static void require(long expected, long found, String what) {
        if (expected != found) {
            throw new IllegalStateException(found + " of " + expected + " lines were " + what);
        }
    }
}
