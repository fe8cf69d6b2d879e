package io.linkops.doctor;

import io.linkops.config.Settings;
import io.linkops.doctor.Finding.Verdict;
import io.linkops.vault.KeyFileException;
import io.linkops.vault.KeyFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.function.Consumer;

/** Whether each private key is one, is ours alone, and needs no passphrase. */
final class KeyChecks {
    private static final int MOST = 1000;

    private final Settings settings;

    KeyChecks(Settings settings) {
        this.settings = settings;
    }

    void run(Consumer<Finding> findings) {
        var directory = settings.ssh().keysDirectory();
        if (Files.isDirectory(directory)) {
            var names = names(directory);
            names.forEach(name -> findings.accept(key(directory, name)));
            findings.accept(defaultKey(directory, names));
        }
        var deployKey = settings.git().sshKeyPath();
        if (deployKey != null) {
            findings.accept(key(deployKey.resolveSibling(""), String.valueOf(deployKey.getFileName())));
        }
    }

    private Finding defaultKey(Path directory, List<String> names) {
        return Finding.of("key", "default", "ssh.default_key", () -> {
            var chosen = settings.ssh().defaultKey();
            if (chosen != null) {
                return names.contains(chosen)
                        ? Verdict.ok("is " + chosen)
                        : Verdict.fail("is " + chosen + ", which is not in " + directory + "; correct ssh.default_key");
            }
            return switch (names.size()) {
                case 0 ->
                    Verdict.fail("there is no key in " + directory + "; make one with: ssh-keygen -t ed25519 -N ''"
                            + " -f " + directory.resolve("id_ed25519"));
                case 1 -> Verdict.ok("is the only key, " + names.getFirst());
                default ->
                    Verdict.warn("none is chosen among " + names.size()
                            + " keys: links without ssh.keyRef cannot be reached; set ssh.default_key");
            };
        });
    }

    private static Finding key(Path directory, String name) {
        return Finding.of("key", directory.resolve(name).toString(), "file", () -> key(new KeyFiles(directory), name));
    }

    private static Verdict key(KeyFiles files, String name) throws KeyFileException {
        var text = files.read(name).reveal();
        if (!text.startsWith("-----BEGIN ") || !text.contains("PRIVATE KEY-----")) {
            return Verdict.fail("is not a private key in PEM or OpenSSH format; move it away, or put the key there");
        }
        return needsPassphrase(text)
                ? Verdict.fail(
                        "has a passphrase, and nobody is there to type it; take it off with: ssh-keygen -p -N '' -f"
                                + " " + name)
                : Verdict.ok("is a private key, mode 600");
    }

    private static boolean needsPassphrase(String pem) {
        if (pem.contains("ENCRYPTED")) {
            return true;
        }
        var body =
                pem.lines().filter(line -> !line.startsWith("-----")).limit(2).reduce("", String::concat);
        try {
            var begin = new String(Base64.getMimeDecoder().decode(body), StandardCharsets.ISO_8859_1);
            return begin.startsWith("openssh-key-v1") && begin.contains("bcrypt");
        } catch (IllegalArgumentException notBase64) {
            return false;
        }
    }

    private static List<String> names(Path directory) {
        try (var files = Files.list(directory)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> file.getFileName().toString())
                    .filter(name -> !name.startsWith(".") && !name.endsWith(".pub"))
                    .sorted()
                    .limit(MOST)
                    .toList();
        } catch (IOException unreadable) {
            return List.of(); // told by the directory's own check
        }
    }
}
