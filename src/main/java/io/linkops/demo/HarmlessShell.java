package io.linkops.demo;

import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The bash of the demo's links. It is this machine's own, and the example's scripts update, harden and install: so it
 * may gain no privileges (sudo), and where the demo is root's, it is nobody's.
 */
final class HarmlessShell {
    private static final String NOBODY = "65534";

    private final List<String> words;
    private final boolean isRoot;

    private HarmlessShell(List<String> words, boolean isRoot) {
        this.words = List.copyOf(words);
        this.isRoot = isRoot;
    }

    /** @throws Failure when root's demo has no way to give its rights away */
    static HarmlessShell here() {
        return of("root".equals(System.getProperty("user.name")), setpriv());
    }

    static HarmlessShell of(boolean isRoot, Optional<Path> setpriv) {
        var words = new ArrayList<String>();
        if (setpriv.isPresent()) {
            words.addAll(List.of(setpriv.get().toString(), "--no-new-privs"));
            if (isRoot) {
                words.addAll(List.of("--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups"));
            }
            words.add("--");
        } else if (isRoot) {
            throw new Failure(
                    ErrorCode.FORBIDDEN,
                    "The demo runs real scripts on this machine, and not as root: start it as another user, or install"
                            + " setpriv (util-linux), so that it can run them as nobody");
        }
        words.addAll(List.of("bash", "-c"));
        return new HarmlessShell(words, isRoot);
    }

    private static Optional<Path> setpriv() {
        return Stream.of("/usr/bin/setpriv", "/bin/setpriv")
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst();
    }

    List<String> words(String command) {
        var all = new ArrayList<>(words);
        all.add(command);
        return all;
    }

    /** The directory of all homes: where nobody can reach it, if the shell is nobody's. */
    Path homes(Path wanted) throws IOException {
        return isRoot
                ? Files.setPosixFilePermissions(
                        Files.createTempDirectory("linkops-demo-links-"), PosixFilePermissions.fromString("rwx--x--x"))
                : Files.createDirectories(wanted);
    }

    /** Gives a file or a directory to whose shell it is. */
    void give(Path path) throws IOException {
        if (isRoot) {
            Files.setOwner(
                    path, path.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(NOBODY));
        }
    }
}
