package io.linkops.audit;

import io.linkops.audit.Audit.Anchor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.regex.Pattern;

/** The newest anchor, kept beside the database: what was cut off the chain's end shows by it. Blocking. */
final class HeadFile {
    static final String FILE = "audit.head";
    private static final Pattern FORM = Pattern.compile("([0-9]{1,18}):([0-9a-f]{64})");

    private HeadFile() {}

    static void write(Path directory, Anchor anchor) throws IOException {
        var draft = Files.createTempFile(
                directory,
                FILE,
                ".new",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try {
            Files.writeString(draft, anchor + "\n", StandardCharsets.US_ASCII);
            Files.move(
                    draft,
                    directory.resolve(FILE),
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } finally {
            // On a full disk there would be another one every few seconds.
            Files.deleteIfExists(draft);
        }
    }

    /** Empty if there is none that can be understood. */
    static Optional<Anchor> read(Path directory) throws IOException {
        var file = directory.resolve(FILE);
        return Files.isRegularFile(file) ? parse(Files.readString(file, StandardCharsets.UTF_8)) : Optional.empty();
    }

    /** {@code SEQUENCE:SEAL}. */
    static Optional<Anchor> parse(String text) {
        var found = FORM.matcher(text.strip());
        return found.matches()
                ? Optional.of(new Anchor(Long.parseLong(found.group(1)), found.group(2)))
                : Optional.empty();
    }
}
