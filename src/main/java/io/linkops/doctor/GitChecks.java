package io.linkops.doctor;

import io.linkops.config.GitConfig;
import io.linkops.doctor.Finding.Verdict;
import io.linkops.vault.Masking;
import java.util.function.Consumer;

/** Whether the repository can be fetched. */
final class GitChecks {
    private final GitConfig config;
    private final GitProbe probe;

    GitChecks(GitConfig config, GitProbe probe) {
        this.config = config;
        this.probe = probe;
    }

    void run(Consumer<Finding> findings) {
        var url = config.repositoryUrl();
        findings.accept(
                url == null
                        ? Finding.of(
                                "git",
                                "repository",
                                "git.repository_url",
                                () -> Verdict.warn("is not set: there are no links and no scripts; name the repository"
                                        + " that holds links.yaml and scripts.yaml"))
                        : Finding.of(
                                "git",
                                Masking.urls(url),
                                "branch " + config.branch(),
                                () -> Verdict.ok("can be fetched, it is at " + probe.tip())));
    }
}
