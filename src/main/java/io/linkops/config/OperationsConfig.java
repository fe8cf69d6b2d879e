package io.linkops.config;

import java.time.Duration;
import java.util.List;

/** Running scripts. */
public record OperationsConfig(
        @Key(
                value = "Executions at once within one operation, unless it says otherwise.",
                byDefault = "5",
                min = 1,
                max = 10000)
        int defaultConcurrency,

        @Key(
                value = "Most executions at once, within one operation and over all of them.",
                byDefault = "200",
                min = 1,
                max = 10000)
        int maxConcurrency,

        @Key(
                value = "How long a script may take, unless scripts.yaml says otherwise.",
                byDefault = "300",
                unit = "s",
                min = 1,
                max = 604800)
        Duration scriptTimeout,

        @Key(
                value = "Output kept of one execution; the rest is cut with a mark.",
                byDefault = "10485760",
                unit = "bytes",
                min = 1024,
                max = 10737418240L)
        long outputLimit,

        @Key(
                value = "Time between TERM and KILL when an execution is ended.",
                byDefault = "5",
                unit = "s",
                min = 0,
                max = 600)
        Duration killGrace,

        @Key(value = "Most links in one operation.", byDefault = "10000", min = 1, max = 1000000)
        int maxTargets,

        @Key(value = "Most scripts in one operation.", byDefault = "10", min = 1, max = 100)
        int maxScripts,

        @Key(
                value = "Largest sum of a script's arguments.",
                byDefault = "65536",
                unit = "bytes",
                min = 1024,
                max = 1048576)
        int maxArgumentBytes,

        @Key(value = "Operations running at once; more wait.", byDefault = "100", min = 1, max = 10000)
        int maxActive,

        @Key(
                value = "The longest time limit that an operation may give one of its scripts.",
                byDefault = "86400",
                unit = "s",
                min = 1,
                max = 604800)
        Duration maxScriptTimeout,

        @Key(
                value = "A script with a time limit from here on outlives the connection and LinkOps itself, unless"
                        + " scripts.yaml says otherwise (durable).",
                byDefault = "600",
                unit = "s",
                min = 1,
                max = 604800)
        Duration durableFrom,

        @Key(
                value = "How long a link that cannot be reached is tried again after the time of a durable run is up,"
                        + " or after it was told to stop.",
                byDefault = "600",
                unit = "s",
                min = 1,
                max = 604800)
        Duration durablePatience,

        @Key(
                value = "How long a link keeps what is left of a durable run that LinkOps never came back for.",
                byDefault = "7",
                unit = "d",
                min = 1,
                max = 365)
        Duration durableKeep,

        @Key(
                value = "How long executions that run may go on when LinkOps is told to stop; then they are ended."
                        + " Durable ones are left to run.",
                byDefault = "30",
                unit = "s",
                min = 0,
                max = 3600)
        Duration shutdownGrace)
        implements SelfChecked {

    @Override
    public List<Violation> violations() {
        return defaultConcurrency <= maxConcurrency
                ? List.of()
                : List.of(new Violation(
                        List.of("default_concurrency", "max_concurrency"),
                        "is " + defaultConcurrency + ", expected at most operations.max_concurrency, which is "
                                + maxConcurrency + "."));
    }
}
