package io.linkops.doctor;

import io.linkops.config.Settings;
import io.linkops.doctor.Finding.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Whether the directories are there, ours, and closed to others. */
final class DirectoryChecks {
    private final Settings settings;

    DirectoryChecks(Settings settings) {
        this.settings = settings;
    }

    void run(Consumer<Finding> findings) {
        findings.accept(directory("database.path", parent(settings.database().path())));
        findings.accept(directory("git.local_path", settings.git().localPath()));
        findings.accept(Finding.of(
                "directory",
                settings.ssh().keysDirectory().toString(),
                "ssh.keys_directory",
                () -> keys(settings.ssh().keysDirectory())));
        file(findings, "ssh.known_hosts_path", settings.ssh().knownHostsPath());
        file(findings, "git.known_hosts_path", settings.git().knownHostsPath());
        if (settings.logging().path() != null) {
            findings.accept(directory("logging.path", parent(settings.logging().path())));
        }
    }

    private static Finding directory(String key, Path path) {
        return Finding.of("directory", path.toString(), key, () -> {
            if (!Files.exists(path)) {
                return missing(path);
            }
            if (!Files.isDirectory(path)) {
                return Verdict.fail("is not a directory; set " + key + " to another place");
            }
            return Files.isWritable(path) && Files.isExecutable(path)
                    ? closed(path, "is writable")
                    : Verdict.fail("cannot be written by " + user() + "; run: chown " + user() + " " + path
                            + " (or run doctor as " + Files.getOwner(path) + ", if that is LinkOps's user)");
        });
    }

    private static Verdict missing(Path path) {
        var nearest = path.toAbsolutePath().normalize();
        while (nearest.getParent() != null && !Files.exists(nearest)) {
            nearest = nearest.getParent();
        }
        return Files.isWritable(nearest)
                ? Verdict.ok("is made at the first start")
                : Verdict.fail("does not exist and cannot be made by " + user() + "; run as root: install -d -o "
                        + user() + " -m 700 " + path);
    }

    private static Verdict keys(Path path) throws IOException {
        if (!Files.isDirectory(path)) {
            return Verdict.fail("does not exist; run: install -d -m 700 " + path + ", and put the private keys there");
        }
        return Files.isReadable(path) && Files.isExecutable(path)
                ? closed(path, "is readable")
                : Verdict.fail("cannot be read by " + user() + "; it belongs to " + Files.getOwner(path));
    }

    private static void file(Consumer<Finding> findings, String key, @Nullable Path path) {
        if (path != null) {
            findings.accept(Finding.of(
                    "directory",
                    path.toString(),
                    key,
                    () -> Files.isRegularFile(path) && Files.isReadable(path)
                            ? Verdict.ok("is readable")
                            : Verdict.fail("is not a file that " + user() + " may read; make it, or remove " + key)));
        }
    }

    private static Verdict closed(Path path, String what) throws IOException {
        var modes = Files.getPosixFilePermissions(path);
        var text = what + ", mode " + PosixFilePermissions.toString(modes) + ", owned by " + Files.getOwner(path);
        return modes.contains(PosixFilePermission.OTHERS_WRITE) || modes.contains(PosixFilePermission.OTHERS_READ)
                ? Verdict.warn(text + "; other users can look into it, run: chmod o-rwx " + path)
                : Verdict.ok(text);
    }

    private static Path parent(Path file) {
        var parent = file.toAbsolutePath().getParent();
        return parent == null ? file : parent;
    }

    private static String user() {
        return System.getProperty("user.name", "this user");
    }
}
