package io.linkops;

import io.linkops.config.Loaded;
import io.linkops.doctor.Doctor;
import io.linkops.doctor.Finding;
import io.linkops.doctor.Finding.Outcome;
import io.linkops.vault.Masking;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.Console;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Shows findings to people or to machines. */
abstract sealed class DoctorReport implements Doctor.Listener {
    private final Map<Outcome, Integer> counts = new EnumMap<>(Outcome.class);

    static Finding configured(Loaded loaded) {
        var text = loaded.sources().isEmpty() ? "defaults only" : "from " + String.join(", ", loaded.sources());
        return new Finding("configuration", "settings", "values", Outcome.OK, Duration.ZERO, text);
    }

    static Finding warned(String warning) {
        return new Finding("configuration", "settings", "values", Outcome.WARN, Duration.ZERO, warning);
    }

    static Finding refused(String problem) {
        return new Finding("configuration", "settings", "values", Outcome.FAIL, Duration.ZERO, problem);
    }

    @Override
    public void accept(Finding finding) {
        counts.merge(finding.outcome(), 1, Integer::sum);
        show(finding);
    }

    int count(Outcome outcome) {
        return counts.getOrDefault(outcome, 0);
    }

    abstract void show(Finding finding);

    /** After the last finding. */
    abstract void end();

    private static String word(Outcome outcome) {
        return outcome == Outcome.FAIL ? "FAIL" : outcome.name().toLowerCase(Locale.ROOT);
    }

    /** A line for each finding as it comes, and how far the links are where somebody watches. */
    static final class Text extends DoctorReport {
        private static final int PROGRESS_WIDTH = 40;

        private final PrintWriter out;
        private final PrintWriter err;
        private final Masking masking;
        private final boolean isWatched = Optional.ofNullable(System.console())
                .filter(Console::isTerminal)
                .isPresent();

        Text(PrintWriter out, PrintWriter err, Masking masking) {
            this.out = out;
            this.err = err;
            this.masking = masking;
        }

        @Override
        void show(Finding finding) {
            clearProgress();
            var line = "%-4s %6d ms  %-13s %s: %s: %s"
                    .formatted(
                            word(finding.outcome()),
                            finding.took().toMillis(),
                            finding.area(),
                            finding.subject(),
                            finding.check(),
                            finding.text());
            out.println(masking.mask(line).replaceAll("\\p{Cntrl}", " "));
            out.flush();
        }

        @Override
        public void progress(int done, int all) {
            if (isWatched && done < all) {
                err.print("\r" + done + " of " + all + " links looked at");
                err.flush();
            }
        }

        @Override
        void end() {
            clearProgress();
            out.println("%d ok, %d warnings, %d failed"
                    .formatted(count(Outcome.OK), count(Outcome.WARN), count(Outcome.FAIL)));
            out.flush();
        }

        private void clearProgress() {
            if (isWatched) {
                err.print("\r" + " ".repeat(PROGRESS_WIDTH) + "\r");
                err.flush();
            }
        }
    }

    /** One document at the end. */
    static final class Json extends DoctorReport {
        private final PrintWriter out;
        private final Masking masking;
        private final JsonArray findings = new JsonArray();

        Json(PrintWriter out, Masking masking) {
            this.out = out;
            this.masking = masking;
        }

        @Override
        void show(Finding finding) {
            findings.add(new JsonObject()
                    .put("area", finding.area())
                    .put("subject", masking.mask(finding.subject()))
                    .put("check", finding.check())
                    .put("outcome", finding.outcome().name().toLowerCase(Locale.ROOT))
                    .put("took_ms", finding.took().toMillis())
                    .put("text", masking.mask(finding.text())));
        }

        @Override
        void end() {
            out.println(new JsonObject()
                    .put("ok", count(Outcome.FAIL) == 0)
                    .put("findings", findings)
                    .encodePrettily());
            out.flush();
        }
    }
}
