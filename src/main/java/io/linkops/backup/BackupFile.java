package io.linkops.backup;

import io.linkops.backup.Manifest.Part;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/** A backup to be read. Every failure is one of people's words: cut off, damaged, made by a later LinkOps. Blocking. */
public final class BackupFile implements Closeable {
    private static final int LARGEST_MANIFEST = 256 << 20;
    private static final int LARGEST_CONFIGURATION = 1 << 20;

    private final ZipFile zip;
    private final Manifest manifest;

    private BackupFile(ZipFile zip, Manifest manifest) {
        this.zip = zip;
        this.manifest = manifest;
    }

    /** Reads the manifest and nothing else. */
    public static BackupFile open(Path file) {
        ZipFile zip;
        try {
            zip = new ZipFile(file.toFile(), StandardCharsets.UTF_8);
        } catch (NoSuchFileException e) {
            throw Manifest.refused("there is no file " + file);
        } catch (ZipException e) {
            throw Manifest.refused(file + " is no backup, or was cut off (" + e.getMessage() + ")");
        } catch (IOException e) {
            throw Disk.failure("Reading the backup", file, e);
        }
        try {
            return new BackupFile(zip, manifest(zip));
        } catch (RuntimeException e) {
            close(zip);
            throw e;
        }
    }

    private static Manifest manifest(ZipFile zip) {
        var entry = zip.getEntry(Manifest.ENTRY);
        if (entry == null) {
            throw Manifest.refused("it has no manifest; it is not one of LinkOps");
        }
        try (var in = zip.getInputStream(entry)) {
            return Manifest.of(new String(in.readNBytes(LARGEST_MANIFEST), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw Manifest.refused("its manifest is damaged");
        }
    }

    public Manifest manifest() {
        return manifest;
    }

    /** Reads all of it: every part is there, whole, and what the manifest says, and nothing else is. */
    public void verify() {
        var names = new HashSet<String>();
        zip.stream().forEach(entry -> {
            if (!names.add(entry.getName())) {
                throw Manifest.refused("it has " + entry.getName() + " twice");
            }
        });
        names.remove(Manifest.ENTRY);
        for (var part : manifest.parts()) {
            copy(part, OutputStream.nullOutputStream());
            names.remove(part.name());
        }
        if (!names.isEmpty()) {
            throw Manifest.refused("it has " + names.size() + " entries that its manifest does not name");
        }
    }

    /** Writes a part out; fails when it is not what the manifest says. */
    void copy(Part part, OutputStream out) {
        var entry = zip.getEntry(part.name());
        if (entry == null) {
            throw Manifest.refused(part.name() + " is missing");
        }
        var digest = Pack.sha256();
        long bytes = 0;
        var buffer = new byte[64 * 1024];
        try (var in = new DigestInputStream(zip.getInputStream(entry), digest)) {
            for (int read = in.read(buffer); read >= 0 && bytes <= part.bytes(); read = in.read(buffer)) {
                bytes += read;
                write(out, buffer, read);
            }
        } catch (IOException e) {
            throw Manifest.refused(part.name() + " is damaged (" + e.getMessage() + ")");
        }
        if (bytes != part.bytes() || !HexFormat.of().formatHex(digest.digest()).equals(part.sha256())) {
            throw Manifest.refused(part.name() + " is not what the manifest says: it was damaged or changed");
        }
    }

    /** What goes wrong where it is written to is no fault of the backup's. */
    private static void write(OutputStream out, byte[] buffer, int length) {
        try {
            out.write(buffer, 0, length);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** The configuration file in it, as text. */
    public String configuration() {
        var out = new java.io.ByteArrayOutputStream();
        manifest.parts().stream()
                .filter(part -> part.name().equals(Place.CONFIGURATION) && part.bytes() <= LARGEST_CONFIGURATION)
                .forEach(part -> copy(part, out));
        return out.toString(StandardCharsets.UTF_8);
    }

    private static void close(ZipFile zip) {
        try {
            zip.close();
        } catch (IOException e) {
            // It was only read.
        }
    }

    @Override
    public void close() {
        close(zip);
    }
}
