package io.linkops.config;

import io.linkops.vault.Secret;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Telling people and programs what happened. */
public record NotificationsConfig(
        @Key(
                value = "Whether webhooks may go to loopback and private addresses. Link-local ones and the metadata"
                        + " services of clouds are refused in any case.",
                byDefault = "true")
        boolean privateAddresses,

        @Key(value = "File with certificates (PEM) of own authorities, trusted besides the usual ones.") @Nullable
        Path caFile,

        @Key(value = "How browsers reach LinkOps, such as https://linkops.example.com: for the links in notices.")
        @Nullable
        String publicUrl,

        @Key(
                value = "How long to wait for the connection to a receiver.",
                byDefault = "5",
                unit = "s",
                min = 1,
                max = 60)
        Duration connectTimeout,

        @Key(value = "How long a receiver may take to answer.", byDefault = "10", unit = "s", min = 1, max = 60)
        Duration answerTimeout,

        @Key(
                value = "Pause before the first retry; it doubles, with jitter.",
                byDefault = "10",
                unit = "s",
                min = 0,
                max = 3600)
        Duration retryDelay,

        @Key(value = "Longest pause between two tries.", byDefault = "60", unit = "m", min = 0, max = 1440)
        Duration longestRetryDelay,

        @Key(
                value = "How long a notice is tried again before it counts as failed.",
                byDefault = "24",
                unit = "h",
                min = 0,
                max = 168)
        Duration retryFor,

        @Key(
                value = "So many notices of one event within a minute go out singly on a channel; the rest becomes one"
                        + " summary.",
                byDefault = "20",
                min = 1,
                max = 10000)
        int stormLimit,

        @Key(
                value = "How long notices that were delivered or failed are kept.",
                name = "kept_days",
                byDefault = "30",
                unit = "d",
                min = 1,
                max = 3650)
        Duration kept,

        @Key(value = "Mail server; without one, there is no mail.") @Nullable
        String smtpHost,

        @Key(value = "Port of the mail server.", byDefault = "587", min = 1, max = 65535)
        int smtpPort,

        @Key(value = "starttls, tls or none.", byDefault = "STARTTLS")
        MailTls smtpTls,

        @Key(value = "User at the mail server; without one, nobody logs in.") @Nullable
        String smtpUser,

        @Key(value = "Password at the mail server.") @Nullable
        Secret smtpPassword,

        @Key(value = "Sender of mails.", byDefault = "linkops@localhost")
        String mailFrom) {}
