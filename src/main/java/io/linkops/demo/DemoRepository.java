package io.linkops.demo;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.eclipse.jgit.internal.storage.file.FileRepository;
import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.lib.TreeFormatter;

/** A bare Git repository with the demo's configuration, committed on the branch main. */
public final class DemoRepository {
    private static final String BRANCH = Constants.R_HEADS + "main";

    private DemoRepository() {}

    /**
     * Commits these files, and nothing else, on top of what is there.
     *
     * @param directory of the bare repository; made if need be
     * @param files contents by path
     */
    public static void commit(Path directory, Map<String, byte[]> files, String message) throws IOException {
        try (var repository = new FileRepository(directory.toFile())) {
            if (!repository.getObjectDatabase().exists()) {
                repository.create(true);
                repository.updateRef(Constants.HEAD).link(BRANCH);
            }
            commit(repository, files, message);
        }
    }

    private static void commit(Repository repository, Map<String, byte[]> files, String message) throws IOException {
        try (var inserter = repository.newObjectInserter()) {
            var author = new PersonIdent("LinkOps demo", "demo@localhost");
            var builder = new CommitBuilder();
            builder.setTreeId(tree(inserter, files));
            builder.setAuthor(author);
            builder.setCommitter(author);
            builder.setMessage(message);
            var parent = repository.resolve(BRANCH);
            if (parent != null) {
                builder.setParentId(parent);
            }
            var commit = inserter.insert(builder);
            inserter.flush();
            var update = repository.updateRef(BRANCH);
            update.setNewObjectId(commit);
            update.forceUpdate();
        }
    }

    private static ObjectId tree(ObjectInserter inserter, Map<String, byte[]> files) throws IOException {
        var entries = new TreeMap<String, Map<String, byte[]>>();
        files.forEach((path, bytes) -> {
            int slash = path.indexOf('/');
            var name = slash < 0 ? path : path.substring(0, slash);
            // A directory sorts as if its name ended with a slash.
            entries.computeIfAbsent(slash < 0 ? name : name + "/", _ -> new TreeMap<>())
                    .put(path.substring(slash + 1), bytes);
        });
        var tree = new TreeFormatter();
        for (var entry : entries.entrySet()) {
            var name = entry.getKey();
            if (name.endsWith("/")) {
                tree.append(name.substring(0, name.length() - 1), FileMode.TREE, tree(inserter, entry.getValue()));
            } else {
                var bytes = entry.getValue().values().iterator().next();
                var mode = isScript(bytes) ? FileMode.EXECUTABLE_FILE : FileMode.REGULAR_FILE;
                tree.append(name, mode, inserter.insert(Constants.OBJ_BLOB, bytes));
            }
        }
        return inserter.insert(tree);
    }

    private static boolean isScript(byte[] bytes) {
        return new String(bytes, 0, Math.min(2, bytes.length), StandardCharsets.UTF_8).equals("#!");
    }
}
