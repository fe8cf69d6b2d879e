package io.linkops.worlds;

import io.linkops.gitsync.RepositoryVerticle;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.eclipse.jgit.dircache.DirCache;
import org.eclipse.jgit.dircache.DirCacheEntry;
import org.eclipse.jgit.internal.storage.file.FileRepository;
import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.Repository;

/** A real bare repository that tests push to without a work tree: any content, any file mode. */
public final class BareRepository implements AutoCloseable {
    private final Path directory;
    private final Repository repository;
    private final Map<String, Entry> entries = new LinkedHashMap<>();

    private record Entry(FileMode mode, ObjectId id) {}

    public BareRepository(Path directory) throws IOException {
        RepositoryVerticle.ignoreForeignGitConfig();
        this.directory = directory;
        this.repository = new FileRepository(directory.toFile());
        repository.create(true);
    }

    /** The content of the next commits, instead of what was there. */
    public BareRepository content(Map<String, String> files) throws IOException {
        entries.clear();
        for (var file : files.entrySet()) {
            put(file.getKey(), file.getValue());
        }
        return this;
    }

    public BareRepository put(String path, String text) throws IOException {
        return put(path, text.getBytes(StandardCharsets.UTF_8));
    }

    public BareRepository put(String path, byte[] bytes) throws IOException {
        return put(path, bytes, FileMode.REGULAR_FILE);
    }

    /** A symbolic link to a place in or out of the repository. */
    public BareRepository symlink(String path, String destination) throws IOException {
        return put(path, destination.getBytes(StandardCharsets.UTF_8), FileMode.SYMLINK);
    }

    public BareRepository submodule(String path) {
        entries.put(path, new Entry(FileMode.GITLINK, ObjectId.fromString("1".repeat(40))));
        return this;
    }

    public BareRepository remove(String path) {
        entries.remove(path);
        return this;
    }

    private BareRepository put(String path, byte[] bytes, FileMode mode) throws IOException {
        try (var inserter = repository.newObjectInserter()) {
            entries.put(path, new Entry(mode, inserter.insert(Constants.OBJ_BLOB, bytes)));
            inserter.flush();
        }
        return this;
    }

    /** Commits on top of a branch. @return the commit's name */
    public String commit(String branch) throws IOException {
        return commit(branch, repository.resolve(Constants.R_HEADS + branch));
    }

    /** Commits as a new beginning of a branch: its history is rewritten. @return the commit's name */
    public String rewrite(String branch) throws IOException {
        return commit(branch, null);
    }

    private String commit(String branch, ObjectId parent) throws IOException {
        try (var inserter = repository.newObjectInserter()) {
            var index = DirCache.newInCore();
            var builder = index.builder();
            entries.forEach((path, entry) -> {
                var file = new DirCacheEntry(path);
                file.setFileMode(entry.mode());
                file.setObjectId(entry.id());
                builder.add(file);
            });
            builder.finish();
            var commit = new CommitBuilder();
            commit.setTreeId(index.writeTree(inserter));
            commit.setAuthor(new PersonIdent("Tester", "tester@example.org"));
            commit.setCommitter(commit.getAuthor());
            commit.setMessage("Change the fleet\n\nfor a reason");
            if (parent != null) {
                commit.setParentId(parent);
            }
            var id = inserter.insert(commit);
            inserter.flush();
            var update = repository.updateRef(Constants.R_HEADS + branch);
            update.setNewObjectId(id);
            var result = update.forceUpdate();
            if (!id.equals(repository.resolve(Constants.R_HEADS + branch))) {
                throw new IOException(branch + " did not move to " + id.name() + ": " + result);
            }
            return id.name();
        }
    }

    /** Sets a branch to a commit by force. */
    public void reset(String branch, String commit) throws IOException {
        var update = repository.updateRef(Constants.R_HEADS + branch);
        update.setNewObjectId(ObjectId.fromString(commit));
        update.forceUpdate();
    }

    public void delete(String branch) throws IOException {
        var update = repository.updateRef(Constants.R_HEADS + branch);
        update.setForceUpdate(true);
        update.delete();
    }

    /** Where a branch is. @return the commit's name; null if there is no such branch */
    public String tip(String branch) throws IOException {
        var id = repository.resolve(Constants.R_HEADS + branch);
        return id == null ? null : id.name();
    }

    /** A file as it is on a branch. */
    public String read(String branch, String path) throws IOException {
        try (var walk = new org.eclipse.jgit.revwalk.RevWalk(repository);
                var file = org.eclipse.jgit.treewalk.TreeWalk.forPath(
                        repository,
                        path,
                        walk.parseCommit(repository.resolve(Constants.R_HEADS + branch))
                                .getTree())) {
            return new String(repository.open(file.getObjectId(0)).getBytes(), StandardCharsets.UTF_8);
        }
    }

    /** The commit a branch is at, as {@code author <mail> | subject}. */
    public String log(String branch) throws IOException {
        try (var walk = new org.eclipse.jgit.revwalk.RevWalk(repository)) {
            var commit = walk.parseCommit(repository.resolve(Constants.R_HEADS + branch));
            var author = commit.getAuthorIdent();
            return author.getName() + " <" + author.getEmailAddress() + "> | " + commit.getFullMessage();
        }
    }

    /** How many commits a branch has. */
    public int length(String branch) throws IOException {
        try (var walk = new org.eclipse.jgit.revwalk.RevWalk(repository)) {
            walk.markStart(walk.parseCommit(repository.resolve(Constants.R_HEADS + branch)));
            int count = 0;
            while (walk.next() != null) {
                count++;
            }
            return count;
        }
    }

    /** A ref of any name on what a branch is at. */
    public void ref(String name, String branch) throws IOException {
        java.nio.file.Files.createDirectories(directory.resolve(name).getParent());
        java.nio.file.Files.writeString(directory.resolve(name), tip(branch) + "\n");
    }

    public Path directory() {
        return directory;
    }

    @Override
    public void close() {
        repository.close();
    }
}
