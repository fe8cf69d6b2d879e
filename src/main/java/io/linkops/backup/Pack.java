package io.linkops.backup;

import io.linkops.backup.Manifest.Part;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** A backup being written: notes the size and the digest of each part on its way. */
final class Pack {
    private final ZipOutputStream zip;
    private final List<Part> parts = new ArrayList<>();

    Pack(ZipOutputStream zip) {
        this.zip = zip;
    }

    void add(String name, Path file) throws IOException {
        var digest = sha256();
        try (var in = new DigestInputStream(Files.newInputStream(file), digest)) {
            zip.putNextEntry(new ZipEntry(name));
            long bytes = in.transferTo((OutputStream) zip);
            zip.closeEntry();
            parts.add(new Part(name, bytes, HexFormat.of().formatHex(digest.digest())));
        }
    }

    List<Part> parts() {
        return List.copyOf(parts);
    }

    /** The manifest is the last entry: a file that was cut off has none. */
    void end(Manifest manifest) throws IOException {
        zip.putNextEntry(new ZipEntry(Manifest.ENTRY));
        zip.write(manifest.json().getBytes(StandardCharsets.UTF_8));
        zip.closeEntry();
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
