package io.linkops;

import io.linkops.vault.Masking;
import io.linkops.vault.Secret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;

/**
 * The made password of the first user, where whoever set LinkOps up finds it: on the terminal, or, since a service's
 * standard output is kept in the journal, in a file that only LinkOps's user and root can read.
 */
final class FirstPassword {
    private FirstPassword() {}

    /** @param environment of this process: systemd says in it whether standard output is the journal */
    static void show(Secret made, Masking masking, Path database, Map<String, String> environment) {
        masking.register(made);
        if (environment.getOrDefault("JOURNAL_STREAM", "").isEmpty()) {
            System.out.println("The first user is admin with the password " + made.reveal()
                    + " (shown this once; change it after the log-in)");
            return;
        }
        var file = database.toAbsolutePath().resolveSibling("first-password");
        write(made, file);
        System.out.println("The first user is admin; the password is in " + file + " (remove it after the log-in)");
    }

    private static void write(Secret made, Path file) {
        var ownerOnly = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        try {
            Files.deleteIfExists(file);
            Files.createFile(file, ownerOnly);
            Files.write(file, (made.reveal() + "\n").getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException("the first password cannot be written to " + file, e);
        }
    }
}
