package io.linkops.client;

import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.CancellationException;

/**
 * What the person sees: results on standard output, what happens on standard error, and on a terminal one line at the
 * bottom that is drawn anew at most ten times a second. Every text is made harmless here, unless raw output was asked
 * for.
 */
final class Screen {
    private static final long BETWEEN_DRAWS = 100_000_000;
    private static final String CLEAR = "\r\u001b[K";
    private static final List<String> NAME_COLOURS = List.of("36", "35", "34", "33", "32", "96", "95", "94");

    private final PrintWriter out;
    private final PrintWriter err;
    private final Seat seat;
    private final boolean isRaw;
    private boolean isDrawn;
    private long drawnAt;

    Screen(PrintWriter out, PrintWriter err, Seat seat, boolean isRaw) {
        this.out = out;
        this.err = err;
        this.seat = seat;
        this.isRaw = isRaw;
    }

    /** A line of a result. */
    synchronized void result(String text) {
        clear();
        out.println(PlainText.of(text));
        requireReader();
    }

    /** A JSON text, in one line. */
    synchronized void json(String json) {
        clear();
        out.println(PlainText.json(json));
        requireReader();
    }

    /**
     * A line that a host printed.
     *
     * @param name who printed it; empty for nobody
     */
    synchronized void output(String name, boolean isError, String text) {
        clear();
        if (!name.isEmpty()) {
            out.print(named(PlainText.of(name)) + (isError ? " ! " : " | "));
        }
        out.println(isRaw ? text : PlainText.of(text));
        requireReader();
    }

    /** Something that happened. */
    synchronized void note(String text) {
        clear();
        err.println(PlainText.of(text));
        err.flush();
    }

    /** The line at the bottom; nothing where there is no terminal, or too soon after the last time. */
    synchronized void bottom(String text) {
        long now = System.nanoTime();
        if (!seat.mayRedraw() || (isDrawn && now - drawnAt < BETWEEN_DRAWS)) {
            return;
        }
        var plain = PlainText.of(text);
        err.print(CLEAR + plain.substring(0, Math.min(plain.length(), seat.width() - 1)));
        err.flush();
        isDrawn = true;
        drawnAt = now;
    }

    synchronized void clear() {
        if (isDrawn) {
            err.print(CLEAR);
            err.flush();
            isDrawn = false;
        }
    }

    boolean mayRedraw() {
        return seat.mayRedraw();
    }

    private String named(String name) {
        if (!seat.hasColours()) {
            return name;
        }
        int colour = Math.floorMod(name.strip().hashCode(), NAME_COLOURS.size());
        return "\u001b[" + NAME_COLOURS.get(colour) + "m" + name + "\u001b[0m";
    }

    /** Nobody reads any more (as behind {@code | head}): then there is nothing left to do. */
    private void requireReader() {
        if (out.checkError()) {
            throw new CancellationException("Nobody reads standard output any more");
        }
    }
}
