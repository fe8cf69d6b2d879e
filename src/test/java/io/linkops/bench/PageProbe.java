package io.linkops.bench;

import com.google.gson.JsonObject;
import com.microsoft.playwright.CDPSession;
import com.microsoft.playwright.Page;
import java.util.Arrays;
import java.util.List;

/**
 * What a page's main thread does, as the browser counts it: CPU time of the thread's tasks, and when frames came. CPU
 * time says the same on a busy machine as on a quiet one; frames and waiting times do not.
 */
final class PageProbe {
    /** A frame at 60 Hz. */
    private static final double FRAME_MILLIS = 1000.0 / 60;

    /** Runs in the page before anything else does. */
    static final String SCRIPT = """
        window.bench = {
          marks: {}, told: 0, frames: [], on: false,
          tick(at) { bench.frames.push(at); if (bench.on) requestAnimationFrame(bench.tick); },
          start() { bench.frames = []; bench.on = true; requestAnimationFrame(bench.tick); },
          stop() { bench.on = false; return bench.frames; },
          settled: () => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done)))),
          async scroll(selector, frames, pixels) {
            const box = document.querySelector(selector);
            const whole = Math.min(box.scrollHeight - box.clientHeight, pixels * frames);
            bench.start();
            for (let i = 1; i <= frames; i++) {
              await new Promise(requestAnimationFrame);
              box.scrollTop = whole * i / frames;
            }
            return bench.stop();
          },
          async idle(millis) {
            bench.start();
            await new Promise(done => setTimeout(done, millis));
            return bench.stop();
          },
        };
        new MutationObserver((_, observer) => {
          if (!document.querySelector('.grid-row')) return;
          bench.marks.rows = performance.now();
          observer.disconnect();
        }).observe(document, { childList: true, subtree: true });
        const listen = EventSource.prototype.addEventListener;
        EventSource.prototype.addEventListener = function (name, heard) {
          return listen.call(this, name, event => { bench.told++; heard(event); });
        };
        """;

    private final Page page;
    private final CDPSession devtools;

    PageProbe(Page page) {
        this.page = page;
        this.devtools = page.context().newCDPSession(page);
        var domain = new JsonObject();
        domain.addProperty("timeDomain", "threadTicks");
        devtools.send("Performance.enable", domain);
    }

    /** Frames of some time, and how much of it the main thread worked. */
    record Frames(int count, double p50, double p99, int dropped, double busy) {
        String text() {
            return "p50 %s ms, p99 %s ms, %d of %d dropped, main thread %.0f %% busy"
                    .formatted(Report.number(p50), Report.number(p99), dropped, count + dropped, busy * 100);
        }
    }

    /** Work of the main thread since the page began, in milliseconds of its own CPU time. */
    double worked() {
        for (var metric : devtools.send("Performance.getMetrics").getAsJsonArray("metrics")) {
            var pair = metric.getAsJsonObject();
            if (pair.get("name").getAsString().equals("TaskDuration")) {
                return pair.get("value").getAsDouble() * 1000;
            }
        }
        throw new IllegalStateException("the browser does not count TaskDuration");
    }

    /** What the main thread works for this, until all of it is drawn. */
    double work(Runnable act) {
        settle();
        double before = worked();
        settle();
        double floor = worked() - before;
        act.run();
        settle();
        return Math.max(0, worked() - before - 2 * floor);
    }

    private void settle() {
        page.evaluate("() => bench.settled()");
    }

    /** The frames while this runs in the page; it answers when they came. */
    Frames frames(String script) {
        double before = worked();
        long begun = System.nanoTime();
        @SuppressWarnings("unchecked") // an array of numbers
        var at = (List<Number>) page.evaluate(script);
        double wall = (System.nanoTime() - begun) / 1e6;
        return frames(at, (worked() - before) / wall);
    }

    static Frames frames(List<Number> at, double busy) {
        double[] gaps = new double[Math.max(0, at.size() - 1)];
        int dropped = 0;
        for (int i = 0; i < gaps.length; i++) {
            gaps[i] = at.get(i + 1).doubleValue() - at.get(i).doubleValue();
            dropped += (int) Math.max(0, Math.round(gaps[i] / FRAME_MILLIS) - 1);
        }
        return new Frames(gaps.length, percentile(gaps, 0.5), percentile(gaps, 0.99), dropped, busy);
    }

    static double percentile(double[] values, double share) {
        var sorted = values.clone();
        Arrays.sort(sorted);
        return sorted.length == 0 ? Double.NaN : sorted[(int) Math.min(sorted.length - 1, sorted.length * share)];
    }
}
