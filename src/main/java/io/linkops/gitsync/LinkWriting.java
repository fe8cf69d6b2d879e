package io.linkops.gitsync;

import io.linkops.bus.ErrorCode;
import io.linkops.config.GitConfig;
import io.linkops.gitsync.GitSync.Pushed;
import io.linkops.gitsync.GitSync.WriteLink;
import io.linkops.inventory.Inventory.Link;
import java.io.IOException;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.eclipse.jgit.dircache.DirCache;
import org.eclipse.jgit.dircache.DirCacheEditor;
import org.eclipse.jgit.dircache.DirCacheEntry;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.transport.RemoteRefUpdate;
import org.eclipse.jgit.transport.Transport;
import org.jspecify.annotations.Nullable;

/**
 * Commits an edit on what the remote holds now and pushes it, blocking. A push that lost a race is made again on the
 * winner's commit, if that left the entry alone. Nothing is ever pushed by force.
 */
final class LinkWriting {
    /** Pushes that may lose the race before it is given up. */
    static final int MAX_TRIES = 25;

    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");

    private final GitConfig config;
    private final Mirror mirror;
    private final RemoteAccess access;
    private final RemoteUrl url;
    private final InstantSource clock;
    private final WriteLink write;
    private final LinkEdit edit;

    LinkWriting(
            GitConfig config, Mirror mirror, RemoteAccess access, RemoteUrl url, InstantSource clock, WriteLink write) {
        this.config = config;
        this.mirror = mirror;
        this.access = access;
        this.url = url;
        this.clock = clock;
        this.write = write;
        this.edit = new LinkEdit(write, config.maxFileBytes(), config.maxLinks());
    }

    Pushed push() throws IOException, SyncException {
        var repository = mirror.repository();
        boolean isFirst = true;
        @Nullable Link seen = null;
        for (int attempt = 0; attempt < MAX_TRIES; attempt++) {
            mirror.fetch(repository, url);
            try (var walk = new RevWalk(repository)) {
                var tip = Mirror.tip(repository, walk);
                var now = edit.find(file(walk, tip));
                if (isFirst) {
                    refuseStale(walk, now);
                    seen = now;
                    isFirst = false;
                } else if (!Objects.equals(seen, now)) {
                    throw changed("was changed by somebody else meanwhile");
                }
                var edited = edit.apply(file(walk, tip));
                if (!edited.isChanged()) {
                    return new Pushed(tip.name(), edited.link());
                }
                var commit = commit(repository, tip, edited.file());
                if (push(repository, tip, commit)) {
                    return new Pushed(commit.name(), edited.link());
                }
            }
        }
        throw changed("could not be pushed: others push to the branch all the time");
    }

    private byte[] file(RevWalk walk, RevCommit commit) throws IOException, SyncException {
        var files = new CommitFiles(walk.getObjectReader(), commit);
        var entry = files.find(LinksFile.NAME);
        var blob = entry.blob();
        if (blob == null || entry.size() > config.maxFileBytes()) {
            throw new SyncException(
                    ErrorCode.INVENTORY_INVALID,
                    LinksFile.NAME + " " + (blob == null ? entry.what() : "is too large") + " at commit "
                            + commit.name() + "; put it right in the repository first");
        }
        return files.read(blob, config.maxFileBytes());
    }

    /** Whether the entry is still as the caller saw it. */
    private void refuseStale(RevWalk walk, @Nullable Link now) throws IOException, SyncException {
        var base = write.baseCommit();
        if (base == null) {
            return;
        }
        try {
            if (!COMMIT.matcher(base).matches()
                    || !Objects.equals(edit.find(file(walk, walk.parseCommit(ObjectId.fromString(base)))), now)) {
                throw changed("was changed in the repository since commit " + Texts.shown(base));
            }
        } catch (MissingObjectException e) {
            throw changed("cannot be compared with commit " + base + ", which is not here");
        }
    }

    private SyncException changed(String what) {
        return new SyncException(
                ErrorCode.CONFLICT,
                "Link " + Texts.shown(write.linkId()) + " " + what + "; sync, look at it, and edit it once more");
    }

    private ObjectId commit(Repository repository, RevCommit tip, byte[] file) throws IOException {
        try (var inserter = repository.newObjectInserter();
                var reader = repository.newObjectReader()) {
            var index = DirCache.read(reader, tip.getTree());
            var blob = inserter.insert(Constants.OBJ_BLOB, file);
            var editor = index.editor();
            editor.add(new DirCacheEditor.PathEdit(LinksFile.NAME) {
                @Override
                public void apply(DirCacheEntry entry) {
                    entry.setObjectId(blob);
                }
            });
            editor.finish();
            var commit = new CommitBuilder();
            commit.setTreeId(index.writeTree(inserter));
            commit.setParentId(tip);
            var now = clock.instant();
            commit.setAuthor(
                    new PersonIdent(write.author(), write.author() + "@" + config.authorDomain(), now, ZoneOffset.UTC));
            commit.setCommitter(new PersonIdent("LinkOps", "linkops@" + config.authorDomain(), now, ZoneOffset.UTC));
            commit.setMessage(message());
            var id = inserter.insert(commit);
            inserter.flush();
            return id;
        }
    }

    private String message() {
        if (write.message() != null) {
            return write.message() + "\n";
        }
        var verb = switch (write.change()) {
            case ADDED -> "Add";
            case CHANGED -> "Change";
            case REMOVED -> "Remove";
        };
        return verb + " link " + write.linkId() + "\n";
    }

    /** @return false if somebody else was faster */
    private boolean push(Repository repository, RevCommit tip, ObjectId commit) throws IOException, SyncException {
        var branch = Constants.R_HEADS + config.branch();
        try (var transport = Transport.open(repository, url.uri())) {
            access.prepare(transport);
            var update = new RemoteRefUpdate(repository, (String) null, commit, branch, false, null, tip);
            var result = transport.push(new FetchLimit(), List.of(update));
            return switch (update.getStatus()) {
                case OK, UP_TO_DATE -> true;
                case REJECTED_NONFASTFORWARD, REJECTED_REMOTE_CHANGED -> false;
                default -> {
                    if (isRace(update.getMessage())) {
                        yield false;
                    }
                    throw refused(update.getMessage() == null ? result.getMessages() : update.getMessage());
                }
            };
        } catch (org.eclipse.jgit.api.errors.JGitInternalException
                | org.eclipse.jgit.errors.TransportException
                | org.eclipse.jgit.errors.NotSupportedException e) {
            throw new FetchFailures(url, access.mask()).explainPush(e);
        }
    }

    /** Words of servers whose lock or old value was not what was expected. */
    private static boolean isRace(@Nullable String message) {
        return message != null
                && (message.contains("failed to update ref")
                        || message.contains("cannot lock ref")
                        || message.contains("failed to lock")
                        || message.contains("lock error")
                        || message.contains("fetch first"));
    }

    private SyncException refused(String said) {
        return new SyncException(
                ErrorCode.GIT_FAILED,
                "The server of " + url.shown() + " refuses the push to " + config.branch() + " ("
                        + access.mask().in(Texts.shown(said, 300))
                        + "). Is the branch protected? Let LinkOps' key or token push to it, or edit links.yaml there"
                        + " and set git.writable: never");
    }
}
