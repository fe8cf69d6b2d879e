package io.linkops.config;

import java.time.Duration;

/** The audit: who did what. */
public record AuditConfig(
        @Key(
                value = "How often the newest row's place and seal go to the log, so that a cut chain shows.",
                name = "anchor_interval_minutes",
                byDefault = "60",
                unit = "m",
                min = 1,
                max = 1440)
        Duration anchorInterval) {}
