package io.linkops.config;

import io.linkops.vault.Secret;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
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

        @Key(value = "Deploy key for ssh URLs, mode 600.") @Nullable
        Path sshKeyPath,

        @Key(value = "known_hosts file for ssh URLs; without one, that of the ssh section.") @Nullable
        Path knownHostsPath,

        @Key(value = "Access token for https URLs.") @Nullable
        Secret token,

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

    @Override
    public List<Violation> violations() {
        return Stream.concat(
                        RepositoryUrl.violation(repositoryUrl).stream()
                                .map(sentence -> new Violation(List.of("repository_url"), sentence)),
                        BranchName.violation(branch).stream()
                                .map(sentence -> new Violation(List.of("branch"), sentence)))
                .toList();
    }
}
