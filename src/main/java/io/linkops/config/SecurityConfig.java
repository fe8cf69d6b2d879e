package io.linkops.config;

import io.linkops.vault.Secret;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Log-ins and enrollment. */
public record SecurityConfig(
        @Key(value = "Failed log-ins within the window that lock an account.", byDefault = "5", min = 1, max = 1000)
        int maxFailedAttempts,

        @Key(
                value = "The window in which failed log-ins count.",
                name = "failure_window_minutes",
                byDefault = "5",
                unit = "m",
                min = 1,
                max = 1440)
        Duration failureWindow,

        @Key(
                value = "How long an account stays locked.",
                name = "lockout_duration_minutes",
                byDefault = "5",
                unit = "m",
                min = 1,
                max = 1440)
        Duration lockoutDuration,

        @Key(
                value = "Failed log-ins within the window, over all names, after which further ones from the same"
                        + " address (of IPv6: the same /64) are refused for a while. Users who usually log in from"
                        + " there are not concerned.",
                byDefault = "50",
                min = 1,
                max = 100000)
        int maxFailedAttemptsPerAddress,

        @Key(value = "Shortest password accepted for a user.", byDefault = "12", min = 8, max = 128)
        int minPasswordLength,

        @Key(
                value = "Whether scripts run on enrolled links only. Switching this off is for the laboratory.",
                byDefault = "true")
        boolean enrollmentRequired,

        @Key(
                value = "How old the last verification of a link may be when an operation starts; it is verified again"
                        + " on the connection in any case.",
                byDefault = "24",
                unit = "h",
                min = 1,
                max = 8760)
        Duration enrollmentMaxAge,

        @Key(
                value = "Where secrets for scripts are, one file each, mode 600, named as the parameter's value says.",
                byDefault = "/var/lib/linkops/secrets")
        Path secretsDirectory,

        @Key(
                value = "Key that seals the keys of what the database keeps secret: 32 bytes in base64, best as"
                        + " file:/PATH or env:NAME. Without one, LinkOps makes master.key beside the database.",
                min = 32)
        @Nullable
        Secret masterKey,

        @Key(value = "The master key before this one: what it sealed is sealed anew at the start.", min = 32) @Nullable
        Secret previousMasterKey) {}
