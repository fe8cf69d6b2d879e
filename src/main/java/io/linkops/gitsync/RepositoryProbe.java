package io.linkops.gitsync;

import io.linkops.bus.ErrorCode;
import io.linkops.config.GitConfig;
import java.io.IOException;
import java.nio.file.Path;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.transport.Transport;
import org.jspecify.annotations.Nullable;

/** Asks the repository's server where the branch is, and fetches nothing: for {@code doctor}. */
public final class RepositoryProbe {
    private RepositoryProbe() {}

    /**
     * Blocking.
     *
     * @param knownHosts for ssh URLs, where the git section names none
     * @return the commit
     * @throws io.linkops.bus.Failure that says what to do, as a sync would
     */
    public static String tip(GitConfig config, @Nullable Path knownHosts) {
        try {
            return look(config, knownHosts);
        } catch (SyncException e) {
            throw e.toFailure();
        }
    }

    private static String look(GitConfig config, @Nullable Path knownHosts) throws SyncException {
        OwnGitConfig.install();
        var url = RemoteUrl.parse(config.repositoryUrl() == null ? "" : config.repositoryUrl());
        var access = new RemoteAccess(config, url, knownHosts);
        try (var mirror = new Mirror(config, knownHosts);
                var transport = Transport.open(url.uri())) {
            access.prepare(transport);
            return mirror.tip(transport, Constants.R_HEADS + config.branch(), url)
                    .name();
        } catch (org.eclipse.jgit.api.errors.JGitInternalException
                | org.eclipse.jgit.errors.TransportException
                | org.eclipse.jgit.errors.NotSupportedException e) {
            throw new FetchFailures(url, access.mask()).explain(e);
        } catch (IOException e) {
            throw new SyncException(
                    ErrorCode.GIT_FAILED, url.shown() + " cannot be asked (" + e.getMessage() + "); try again", e);
        }
    }
}
