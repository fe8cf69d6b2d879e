package io.linkops.client;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Tells a person what happens in an operation while it happens. */
final class LiveReport implements Consumer<OperationEvent>, OperationTail.Watch, AutoCloseable {
    private static final int WIDEST_NAME = 40;

    private final Screen screen;
    private final boolean showsOutput;
    private final Map<String, Lines> lines = new HashMap<>();
    private final Map<String, Integer> ended = new TreeMap<>();
    private final long begin = System.nanoTime();
    private final Thread ticker;
    private int expected;
    private int running;
    private int width;
    private boolean namesScripts;

    /** @param showsOutput whether what hosts print is shown as it comes */
    LiveReport(Screen screen, boolean showsOutput) {
        this.screen = screen;
        this.showsOutput = showsOutput;
        this.ticker = Thread.ofVirtual().start(this::tick);
    }

    @Override
    public synchronized void accept(OperationEvent event) {
        var data = event.data();
        switch (event.type()) {
            case "operation.started" -> started(data);
            case "batch.started" ->
                screen.note("batch " + data.getValue("batch") + " of " + data.getValue("of") + ": "
                        + data.getValue("targets") + " links");
            case "operation.paused" -> paused(data);
            case "operation.resumed" -> screen.note("it goes on");
            case "execution.started" -> running++;
            case "execution.output" -> output(event);
            case "execution.detached" ->
                screen.note(name(data) + ": the connection is lost, it goes on there: " + data.getString("error"));
            case "execution.finished" -> finished(data);
            default -> {}
        }
        draw();
    }

    private void started(JsonObject data) {
        int scripts = data.getJsonArray("scripts") == null
                ? 1
                : data.getJsonArray("scripts").size();
        namesScripts = scripts > 1;
        expected = data.getInteger("targets", 0) * Math.max(1, scripts);
    }

    private void paused(JsonObject data) {
        var until = data.getString("until");
        screen.note("paused (" + data.getString("reason") + ")"
                + (until == null ? ": it waits for 'linkops resume'" : " until " + until));
    }

    private void output(OperationEvent event) {
        if (!showsOutput) {
            return;
        }
        var data = event.data();
        var stream = data.getString("stream", "stdout");
        var name = name(data);
        width = Math.max(width, Math.min(WIDEST_NAME, name.length()));
        lines.computeIfAbsent(
                        data.getString("execution") + " " + stream,
                        _ -> new Lines(line -> screen.output(padded(name), stream.equals("stderr"), line)))
                .add(event.bytes());
    }

    private void finished(JsonObject data) {
        for (var stream : new String[] {" stdout", " stderr"}) {
            var open = lines.remove(data.getString("execution") + stream);
            if (open != null) {
                open.end();
            }
        }
        var status = data.getString("status", "?");
        ended.merge(status, 1, Integer::sum);
        if (data.getValue("duration_ms") != null || running > 0) {
            running = Math.max(0, running - 1);
        }
        screen.note(name(data) + ": " + Told.execution(data));
    }

    private String name(JsonObject data) {
        var script = data.getString("script");
        return data.getString("target") + (namesScripts && script != null ? " " + script : "");
    }

    private String padded(String name) {
        return name.length() >= width ? name : name + " ".repeat(width - name.length());
    }

    private void draw() {
        int done = ended.values().stream().mapToInt(Integer::intValue).sum();
        var text = new StringBuilder("[" + done + "/" + expected + "] " + running + " running");
        ended.forEach(
                (status, count) -> text.append(", ").append(count).append(' ').append(status));
        var age = Duration.ofNanos(System.nanoTime() - begin);
        screen.bottom(text + "  %d:%02d".formatted(age.toMinutes(), age.toSecondsPart()));
    }

    private void tick() {
        try {
            while (screen.mayRedraw()) {
                Thread.sleep(500);
                synchronized (this) {
                    draw();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void lost(String why) {
        screen.note("linkops: " + why + "; trying again");
    }

    @Override
    public void found() {
        screen.note("linkops: connected again");
    }

    @Override
    public void close() {
        ticker.interrupt();
        synchronized (this) {
            lines.values().forEach(Lines::end);
            screen.clear();
        }
    }
}
