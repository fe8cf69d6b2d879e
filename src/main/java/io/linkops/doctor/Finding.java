package io.linkops.doctor;

import java.time.Duration;
import java.util.concurrent.Callable;

/**
 * What one check found.
 *
 * @param area configuration, directory, key, database, git, posture or link
 * @param subject which one
 * @param check what was looked at
 * @param text what was found and, unless it is OK, what to do
 */
public record Finding(String area, String subject, String check, Outcome outcome, Duration took, String text) {

    /** How bad it is. */
    public enum Outcome {
        OK,
        /** LinkOps works, but something should be put right. */
        WARN,
        FAIL
    }

    /** What a check comes to. */
    record Verdict(Outcome outcome, String text) {
        static Verdict ok(String text) {
            return new Verdict(Outcome.OK, text);
        }

        static Verdict warn(String text) {
            return new Verdict(Outcome.WARN, text);
        }

        static Verdict fail(String text) {
            return new Verdict(Outcome.FAIL, text);
        }
    }

    /** Checks and takes the time; what is thrown is a failure with its message. */
    static Finding of(String area, String subject, String check, Callable<Verdict> work) {
        long begin = System.nanoTime();
        Verdict verdict;
        try {
            verdict = work.call();
        } catch (Exception e) {
            var message = e.getMessage();
            verdict = Verdict.fail(message == null || e instanceof java.io.IOException ? e.toString() : message);
        }
        return of(area, subject, check, verdict, Duration.ofNanos(System.nanoTime() - begin));
    }

    static Finding of(String area, String subject, String check, Verdict verdict, Duration took) {
        return new Finding(area, subject, check, verdict.outcome(), took, verdict.text());
    }
}
