package io.linkops.config;

import io.linkops.vault.Secret;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The repository with links.yaml and scripts.yaml. */
public record GitConfig(
        @Key(
                value = "URL of the repository: https, ssh, user@host:path, file or an absolute path. Without one,"
                        + " nothing is synced.")
        @Nullable
        String repositoryUrl,

        @Key(value = "Branch to follow.", byDefault = "main")
        String branch,

        @Key(value = "Where the fetched objects are kept (a bare repository).", byDefault = "/var/lib/linkops/git")
        Path localPath,

        @Key(
                value = "How often to look for a new commit; 0 only by hand.",
                name = "sync_interval_minutes",
                byDefault = "15",
                unit = "m",
                min = 0,
                max = 10080)
        Duration syncInterval,

        @Key(value = "Deploy key for ssh URLs, mode 600.", alias = "key_file") @Nullable
        Path sshKeyPath,

        @Key(value = "known_hosts file for ssh URLs; without one, that of the ssh section.") @Nullable
        Path knownHostsPath,

        @Key(value = "Access token for https URLs.") @Nullable
        Secret token,

        @Key(
                value = "Certificates (PEM) of authorities that https servers are checked against, instead of those"
                        + " Java knows.")
        @Nullable
        Path caFile,

        @Key(
                value = "What the Git host signs its pushes with (POST /api/git/webhook); without one, no hook is"
                        + " taken.",
                min = 16)
        @Nullable
        Secret webhookSecret,

        @Key(
                value = "A sync that would retire more than this share of the links, and at least 3, is held until an"
                        + " admin approves it.",
                byDefault = "20",
                unit = "percent",
                min = 0,
                max = 100)
        int maxRetiredPercent,

        @Key(
                value = "Whether links may be edited over the API, by a commit that is pushed to the branch.",
                byDefault = "auto")
        Writable writable,

        @Key(
                value = "What follows the @ in the mail address of commits that LinkOps makes for a user.",
                byDefault = "linkops.invalid")
        String authorDomain,

        @Key(
                value = "How long the server may stay silent during a fetch.",
                byDefault = "30",
                unit = "s",
                min = 1,
                max = 3600)
        Duration timeout,

        @Key(
                value = "How often a fetch that failed for a network fault is tried again.",
                byDefault = "2",
                min = 0,
                max = 10)
        int retries,

        @Key(value = "Pause before such a retry.", byDefault = "5", unit = "s", min = 0, max = 600)
        Duration retryDelay,

        @Key(
                value = "Largest links.yaml, scripts.yaml or script taken from the repository.",
                byDefault = "4194304",
                unit = "bytes",
                min = 1024,
                max = 104857600)
        int maxFileBytes,

        @Key(value = "Most links in links.yaml.", byDefault = "20000", min = 1, max = 1000000)
        int maxLinks)
        implements SelfChecked {
    private static final Pattern DOMAIN = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?");

    /** Whether LinkOps writes to the repository. */
    public enum Writable {
        /** If the deploy key or token may push. */
        AUTO,
        /** Every edit is refused. */
        NEVER
    }

    @Override
    public List<Violation> violations() {
        return Stream.of(
                        RepositoryUrl.violation(repositoryUrl).stream()
                                .map(sentence -> new Violation(List.of("repository_url"), sentence)),
                        BranchName.violation(branch).stream()
                                .map(sentence -> new Violation(List.of("branch"), sentence)),
                        domainViolation())
                .flatMap(violations -> violations)
                .toList();
    }

    private Stream<Violation> domainViolation() {
        return DOMAIN.matcher(authorDomain).matches()
                ? Stream.of()
                : Stream.of(new Violation(
                        List.of("author_domain"),
                        "is '" + Shown.name(authorDomain) + "', expected a domain such as example.org."));
    }
}
