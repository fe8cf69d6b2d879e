package io.linkops.gitsync;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import org.eclipse.jgit.internal.storage.file.FileRepository;
import org.eclipse.jgit.lib.ConfigConstants;
import org.eclipse.jgit.lib.Repository;

/** The bare repository below {@code git.local_path}: made whole or not at all, ours alone. */
final class MirrorDirectory {
    private static final String NAME = "mirror.git";
    private static final String AUTO_PACK_LIMIT = "autopacklimit";

    private final Path parent;

    MirrorDirectory(Path parent) {
        this.parent = parent;
    }

    /** The repository as it is, or a new, empty one; locks that a killed process left behind are removed. */
    Repository open() throws IOException {
        OwnGitConfig.install();
        var mirror = parent.resolve(NAME);
        if (!Files.exists(mirror)) {
            create(mirror);
        }
        removeLocks(mirror);
        var repository = new FileRepository(mirror.toFile());
        neverCollectInBackground(repository);
        return repository;
    }

    /**
     * JGit collects garbage behind a fetch's back once there are many packs, whatever {@code gc.auto} says, and a
     * branch that is moved while its ref is packed is read where it was before: {@link Packing} does it in turn.
     */
    private static void neverCollectInBackground(Repository repository) throws IOException {
        var config = repository.getConfig();
        if (config.getInt(ConfigConstants.CONFIG_GC_SECTION, AUTO_PACK_LIMIT, -1) != 0) {
            config.setInt(ConfigConstants.CONFIG_GC_SECTION, null, ConfigConstants.CONFIG_KEY_AUTO, 0);
            config.setInt(ConfigConstants.CONFIG_GC_SECTION, null, AUTO_PACK_LIMIT, 0);
            config.save();
        }
    }

    private void create(Path mirror) throws IOException {
        var draft = parent.resolve(NAME + ".new");
        remove(draft);
        Files.createDirectories(draft);
        try (var repository = new FileRepository(draft.toFile())) {
            repository.create(true);
            var config = repository.getConfig();
            config.setBoolean(ConfigConstants.CONFIG_CORE_SECTION, null, "fsyncObjectFiles", true);
            config.setBoolean(ConfigConstants.CONFIG_CORE_SECTION, null, "fsyncRefFiles", true);
            config.save();
        }
        Files.move(draft, mirror, StandardCopyOption.ATOMIC_MOVE);
    }

    private static void remove(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        for (var file : walk(directory)) {
            Files.delete(file);
        }
    }

    private static void removeLocks(Path mirror) throws IOException {
        for (var lock : List.of("packed-refs.lock", "config.lock", "shallow.lock", "FETCH_HEAD.lock")) {
            Files.deleteIfExists(mirror.resolve(lock));
        }
        for (var file : walk(mirror.resolve("refs"))) {
            if (file.getFileName().toString().endsWith(".lock")) {
                Files.delete(file);
            }
        }
    }

    private static List<Path> walk(Path directory) throws IOException {
        try (var files = Files.walk(directory)) {
            return files.sorted(Comparator.reverseOrder()).toList();
        }
    }
}
