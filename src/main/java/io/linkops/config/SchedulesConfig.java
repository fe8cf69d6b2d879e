package io.linkops.config;

import java.time.Duration;

/** Operations that start by the clock. */
public record SchedulesConfig(
        @Key(
                value = "How late a time may still be started; what is older is told as missed.",
                byDefault = "60",
                unit = "s",
                min = 1,
                max = 86400)
        Duration grace,

        @Key(value = "How often the clock is looked at.", byDefault = "1000", unit = "ms", min = 10, max = 60000)
        Duration lookInterval) {}
