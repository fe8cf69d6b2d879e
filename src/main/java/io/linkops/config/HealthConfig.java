package io.linkops.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Checks of links. */
public record HealthConfig(
        @Key(
                value = "How often each link is checked; 0 only when somebody asks.",
                name = "check_interval_minutes",
                byDefault = "5",
                unit = "m",
                min = 0,
                max = 1440)
        Duration checkInterval,

        @Key(
                value = "How long each stage of a check may take: TCP, key exchange, log-in, client id.",
                byDefault = "10",
                unit = "s",
                min = 1,
                max = 300)
        Duration checkTimeout,

        @Key(value = "Checks at once.", byDefault = "16", min = 1, max = 500)
        int parallelism,

        @Key(
                value = "From here on the time to answer counts as slow.",
                byDefault = "100",
                unit = "ms",
                min = 1,
                max = 600000)
        Duration latencyWarning,

        @Key(
                value = "From here on the time to answer counts as critical.",
                byDefault = "500",
                unit = "ms",
                min = 1,
                max = 600000)
        Duration latencyCritical,

        @Key(
                value = "So many failed checks among the last offline_window make a link offline.",
                byDefault = "2",
                min = 1,
                max = 20)
        int offlineAfter,

        @Key(value = "How many of the last checks are counted for offline_after.", byDefault = "4", min = 1, max = 20)
        int offlineWindow,

        @Key(
                value = "So many checks in a row that got in make an offline link online again.",
                byDefault = "2",
                min = 1,
                max = 20)
        int onlineAfter,

        @Key(
                value = "How long each check is kept; after that one row for each hour is.",
                name = "samples_kept_days",
                byDefault = "7",
                unit = "d",
                min = 1,
                max = 365)
        Duration samplesKept,

        @Key(
                value = "How long hours, changes of state and ended maintenance windows are kept.",
                name = "history_kept_days",
                byDefault = "90",
                unit = "d",
                min = 1,
                max = 3650)
        Duration historyKept)
        implements SelfChecked {

    @Override
    public List<Violation> violations() {
        var violations = new ArrayList<Violation>();
        if (latencyWarning.compareTo(latencyCritical) > 0) {
            violations.add(new Violation(
                    List.of("latency_warning", "latency_critical"),
                    "is " + latencyWarning.toMillis() + " ms, expected at most health.latency_critical, which is "
                            + latencyCritical.toMillis() + " ms."));
        }
        if (offlineAfter > offlineWindow) {
            violations.add(new Violation(
                    List.of("offline_after", "offline_window"),
                    "is " + offlineAfter + ", expected at most health.offline_window, which is " + offlineWindow
                            + "."));
        }
        if (samplesKept.compareTo(historyKept) > 0) {
            violations.add(new Violation(
                    List.of("samples_kept_days", "history_kept_days"),
                    "is " + samplesKept.toDays() + " days, expected at most health.history_kept_days, which is "
                            + historyKept.toDays() + " days."));
        }
        return violations;
    }
}
