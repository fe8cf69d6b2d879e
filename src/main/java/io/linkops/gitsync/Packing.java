package io.linkops.gitsync;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.eclipse.jgit.lib.Repository;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes one pack of the many that fetches leave, on the thread that fetches: nothing moves a ref meanwhile. Replaced
 * packs stay for an hour (JGit's {@code gc.prunePackExpire}), so whoever reads from them goes on undisturbed; until
 * they are gone it is not done again.
 */
final class Packing {
    static final int MAX_PACKS = 50;
    private static final Duration PAUSE = Duration.ofHours(1);
    private static final Logger LOG = LoggerFactory.getLogger(Packing.class);

    private long packedAt;
    private boolean isPacked;

    /** A failure is logged and changes nothing: the packs stay as they are. */
    void packIfDue(Repository repository) throws IOException {
        var isTooEarly = isPacked && System.nanoTime() - packedAt < PAUSE.toNanos();
        if (isTooEarly || packs(repository) <= MAX_PACKS) {
            return;
        }
        packedAt = System.nanoTime();
        isPacked = true;
        try (var git = Git.wrap(repository)) {
            git.gc().setProgressMonitor(new FetchLimit()).call();
            LOG.info("The packs of {} are one again", repository.getDirectory());
        } catch (GitAPIException | RuntimeException e) {
            LOG.warn("The packs of {} could not be made one", repository.getDirectory(), e);
        }
    }

    static long packs(Repository repository) throws IOException {
        return packs(repository.getDirectory().toPath());
    }

    static long packs(Path directory) throws IOException {
        try (var files = Files.list(directory.resolve("objects").resolve("pack"))) {
            return files.filter(file -> file.toString().endsWith(".pack")).count();
        }
    }
}
