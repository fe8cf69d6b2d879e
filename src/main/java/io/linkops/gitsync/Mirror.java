package io.linkops.gitsync;

import io.linkops.bus.Bytes;
import io.linkops.bus.ErrorCode;
import io.linkops.config.GitConfig;
import io.linkops.gitsync.GitSync.Content;
import io.linkops.gitsync.GitSync.Fetched;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.RefUpdate;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.transport.RefSpec;
import org.eclipse.jgit.transport.Transport;
import org.jspecify.annotations.Nullable;

/**
 * The repository's copy here, blocking: one branch is fetched by force, commits are read from the object store. Every
 * commit that was once the branch's tip stays readable.
 *
 * <p>One thread fetches at a time; reading may go on meanwhile.
 */
final class Mirror implements AutoCloseable {
    private static final String TIP = "refs/linkops/tip";
    private static final String SEEN = "refs/linkops/seen/";
    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");

    private final GitConfig config;
    private final @Nullable Path knownHosts;
    private final BlobCache cache = new BlobCache();
    private final Packing packing = new Packing();
    private @Nullable Repository opened;

    /** @param knownHosts for ssh URLs, where the git section names none */
    Mirror(GitConfig config, @Nullable Path knownHosts) {
        this.config = config;
        this.knownHosts = knownHosts;
    }

    /** Fetches, and reads the branch unless it is at a settled commit. */
    Fetched fetch(GitSync.Fetch fetch) throws SyncException {
        var url = url();
        try {
            var repository = repository();
            fetch(repository, url);
            var fetched = read(repository, fetch);
            packing.packIfDue(repository);
            return fetched;
        } catch (IOException e) {
            throw unusable(e);
        }
    }

    /** Reads a commit that is here. */
    Fetched read(GitSync.ReadCommit read) throws SyncException {
        try (var walk = new RevWalk(repository())) {
            return read(walk, walk.parseCommit(ObjectId.fromString(read.commit())), read.before());
        } catch (IOException e) {
            throw unusable(e);
        }
    }

    /** Commits an edit and pushes it. */
    GitSync.Pushed push(GitSync.WriteLink edit, InstantSource clock) throws SyncException {
        var url = url();
        try {
            return new LinkWriting(config, this, new RemoteAccess(config, url, knownHosts), url, clock, edit).push();
        } catch (IOException e) {
            throw unusable(e);
        }
    }

    private RemoteUrl url() throws SyncException {
        return RemoteUrl.parse(config.repositoryUrl() == null ? "" : config.repositoryUrl());
    }

    private SyncException unusable(IOException e) {
        return new SyncException(
                ErrorCode.GIT_FAILED,
                "The copy of the repository in git.local_path " + config.localPath() + " cannot be used ("
                        + e.getMessage()
                        + "). Check the disk; if it is damaged, remove the directory: it is fetched"
                        + " anew",
                e);
    }

    void fetch(Repository repository, RemoteUrl url) throws IOException, SyncException {
        var branch = Constants.R_HEADS + config.branch();
        if (!Repository.isValidRefName(branch)) {
            throw new SyncException(
                    ErrorCode.GIT_FAILED, "git.branch " + Texts.shown(config.branch()) + " is not a branch's name");
        }
        var access = new RemoteAccess(config, url, knownHosts);
        try (var transport = Transport.open(repository, url.uri())) {
            access.prepare(transport);
            var tip = tip(transport, branch, url);
            if (isAt(repository, tip)) {
                return;
            }
            var spec = new RefSpec("+" + branch + ":" + TIP);
            for (var update : transport.fetch(new FetchLimit(), List.of(spec)).getTrackingRefUpdates()) {
                if (update.getResult() == RefUpdate.Result.FORCED) {
                    keep(repository, update.getOldObjectId());
                }
                refuseUnlessMoved(update.getResult(), tip);
            }
        } catch (org.eclipse.jgit.api.errors.JGitInternalException
                | org.eclipse.jgit.errors.TransportException
                | org.eclipse.jgit.errors.NotSupportedException e) {
            throw new FetchFailures(url, access.mask()).explain(e);
        }
    }

    /** A commit that was fetched and is not where it is read from would be passed over in silence. */
    private static void refuseUnlessMoved(RefUpdate.Result result, ObjectId tip) throws IOException {
        switch (result) {
            case NEW, FORCED, FAST_FORWARD, NO_CHANGE -> {}
            default -> throw new IOException(TIP + " could not be moved to " + tip.name() + ": " + result);
        }
    }

    private static boolean isAt(Repository repository, ObjectId tip) throws IOException {
        var ref = repository.exactRef(TIP);
        return ref != null && tip.equals(ref.getObjectId());
    }

    /** Asked first, so that a branch that is not there is told from everything else. */
    ObjectId tip(Transport transport, String branch, RemoteUrl url) throws IOException, SyncException {
        try (var connection = transport.openFetch()) {
            var ref = connection.getRef(branch);
            if (ref != null && ref.getObjectId() != null) {
                return ref.getObjectId();
            }
            var branches = connection.getRefs().stream()
                    .map(org.eclipse.jgit.lib.Ref::getName)
                    .filter(name -> name.startsWith(Constants.R_HEADS))
                    .map(name -> Texts.shown(name.substring(Constants.R_HEADS.length())))
                    .sorted()
                    .limit(10)
                    .collect(Collectors.joining(", "));
            throw new SyncException(
                    ErrorCode.GIT_FAILED,
                    branches.isEmpty()
                            ? "The repository " + url.shown()
                                    + " is empty; push links.yaml and scripts.yaml to its branch " + config.branch()
                            : "The repository " + url.shown() + " has no branch " + config.branch() + " (it has "
                                    + branches + "); correct git.branch, or push the branch");
        }
    }

    private static void keep(Repository repository, @Nullable ObjectId commit) throws IOException {
        if (commit != null && !commit.equals(ObjectId.zeroId())) {
            var update = repository.updateRef(SEEN + commit.name());
            update.setNewObjectId(commit);
            update.forceUpdate();
        }
    }

    private Fetched read(Repository repository, GitSync.Fetch fetch) throws IOException, SyncException {
        try (var walk = new RevWalk(repository)) {
            var commit = tip(repository, walk);
            return fetch.settled().contains(commit.name())
                    ? fetched(commit, new CommitReading.Content(List.of(), List.of(), List.of()), null)
                    : read(walk, commit, fetch.before());
        }
    }

    /** Where the branch was when it was last fetched. */
    static RevCommit tip(Repository repository, RevWalk walk) throws IOException {
        var ref = repository.exactRef(TIP);
        if (ref == null || ref.getObjectId() == null) {
            throw new IOException(TIP + " is missing after the fetch");
        }
        return walk.parseCommit(ref.getObjectId());
    }

    private Fetched read(RevWalk walk, RevCommit commit, @Nullable String before) throws IOException, SyncException {
        var files = new CommitFiles(walk.getObjectReader(), commit);
        var content = new CommitReading(config, files, commit.name()).read();
        var advance = new AdvanceReading(walk, commit);
        var old = advance.find(before);
        return fetched(
                commit,
                content,
                advance.read(
                        before,
                        old == null ? null : scripts(new CommitFiles(walk.getObjectReader(), old), old.name()),
                        new AdvanceReading.Scripts(files, content.scripts())));
    }

    /** Those of the commit in force; none if it would be refused today. */
    private AdvanceReading.Scripts scripts(CommitFiles files, String commit) throws IOException {
        try {
            return new AdvanceReading.Scripts(
                    files, new CommitReading(config, files, commit).read().scripts());
        } catch (SyncException e) {
            return new AdvanceReading.Scripts(files, List.of());
        }
    }

    private static Fetched fetched(RevCommit commit, CommitReading.Content content, GitSync.@Nullable Advance advance) {
        return new Fetched(
                commit.name(),
                Texts.shown(commit.getShortMessage()),
                Instant.ofEpochSecond(commit.getCommitTime()),
                advance != null,
                content.links(),
                content.scripts(),
                content.warnings(),
                advance);
    }

    /** A file's bytes at a commit. */
    Content file(String commitName, String path) throws SyncException {
        if (!COMMIT.matcher(commitName).matches() || !ScriptsFile.isInside(path)) {
            throw notFound(commitName, path, "is not a path in a commit");
        }
        try {
            var repository = repository();
            try (var walk = new RevWalk(repository)) {
                var files = new CommitFiles(walk.getObjectReader(), walk.parseCommit(ObjectId.fromString(commitName)));
                return content(files, commitName, path);
            }
        } catch (MissingObjectException e) {
            throw notFound(commitName, path, "cannot be read: that commit is not here");
        } catch (IOException e) {
            throw new SyncException(
                    ErrorCode.GIT_FAILED,
                    Texts.shown(path) + " at commit " + commitName + " cannot be read from " + config.localPath() + " ("
                            + e.getMessage() + ")",
                    e);
        }
    }

    /** What schedules.yaml declares at a commit. */
    GitSync.Declared schedules(String commitName) throws SyncException {
        if (!COMMIT.matcher(commitName).matches()) {
            throw notFound(commitName, SchedulesFile.NAME, "is not a path in a commit");
        }
        try (var walk = new RevWalk(repository())) {
            var files = new CommitFiles(walk.getObjectReader(), walk.parseCommit(ObjectId.fromString(commitName)));
            return new GitSync.Declared(new CommitReading(config, files, commitName).readSchedules());
        } catch (IOException e) {
            throw new SyncException(
                    ErrorCode.GIT_FAILED,
                    SchedulesFile.NAME + " at commit " + commitName + " cannot be read from " + config.localPath()
                            + " (" + e.getMessage() + ")",
                    e);
        }
    }

    private Content content(CommitFiles files, String commitName, String path) throws IOException, SyncException {
        var entry = files.find(path);
        var blob = entry.blob();
        if (blob == null) {
            throw notFound(commitName, path, entry.what());
        }
        if (entry.size() > config.maxFileBytes()) {
            throw new SyncException(
                    ErrorCode.PAYLOAD_TOO_LARGE,
                    path + " has " + entry.size() + " bytes, more than git.max_file_bytes allows");
        }
        var cached = cache.find(blob);
        return cached != null ? cached : cache.add(blob, Bytes.of(files.read(blob, config.maxFileBytes())));
    }

    private static SyncException notFound(String commit, String path, String why) {
        return new SyncException(
                ErrorCode.NOT_FOUND, Texts.shown(path) + " at commit " + Texts.shown(commit) + " " + why);
    }

    synchronized Repository repository() throws IOException {
        if (opened == null) {
            opened = new MirrorDirectory(config.localPath()).open();
        }
        return opened;
    }

    @Override
    public synchronized void close() {
        if (opened != null) {
            opened.close();
            opened = null;
        }
    }
}
