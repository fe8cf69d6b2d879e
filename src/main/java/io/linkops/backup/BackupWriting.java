package io.linkops.backup;

import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import io.linkops.config.Settings;
import io.linkops.config.Version;
import io.linkops.store.DatabaseCopy;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Makes a backup beside a LinkOps that runs, or without one: a zip file for its owner's eyes only, there whole or not
 * at all. The database is as of one moment; recordings are copied after it, each as far as it is then. Blocking.
 */
public final class BackupWriting {
    private static final long LARGEST_KEY = 64 * 1024;
    private static final Pattern DRAFT = Pattern.compile("\\..*\\.linkops-(\\d{1,18})\\.(part|copy|copy-journal)");

    /** Begins the names of master keys, of which there are two while one is rotated. */
    private static final String MASTER_KEY = "master.key";

    /** Goes on while a backup is made: beside the older database in it, it would say that rows were cut off. */
    private static final String AUDIT_HEAD = "audit.head";

    private final Settings settings;
    private final @Nullable Path configuration;
    private final boolean withKeys;
    private final InstantSource clock;

    /**
     * @param configuration the file to keep; null for none
     * @param withKeys whether private keys and secrets go into it
     */
    public BackupWriting(Settings settings, @Nullable Path configuration, boolean withKeys, InstantSource clock) {
        this.settings = settings;
        this.configuration =
                configuration == null ? null : configuration.toAbsolutePath().normalize();
        this.withKeys = withKeys;
        this.clock = clock;
    }

    /** @param replaces whether a file of this name is replaced; otherwise CONFLICT if there is one */
    public Manifest write(Path file, boolean replaces) {
        var target = file.toAbsolutePath().normalize();
        if (Disk.isThere(target) && !replaces) {
            throw new Failure(ErrorCode.CONFLICT, target + " is there already; name another file, or add --force");
        }
        try {
            Disk.createDirectories(Place.parent(target));
            removeLeftovers(target);
            return write(target);
        } catch (IOException e) {
            throw Disk.failure("Writing the backup", target, e);
        }
    }

    private Manifest write(Path target) throws IOException {
        var draft = draft(target, "part");
        var copy = draft(target, "copy");
        try {
            Disk.create(copy).close();
            var masterKeys = masterKeys();
            DatabaseCopy.take(settings.database(), copy);
            var schema = DatabaseCopy.examine(copy);
            var manifest = pack(draft, copy, schema);
            if (!masterKeys.equals(masterKeys())) {
                throw new Failure(
                        ErrorCode.CONFLICT,
                        "The master key was rotated while the backup was made, and might not open what is in it; no"
                                + " backup was written: run it again");
            }
            Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE);
            Disk.sync(Place.parent(target));
            return manifest;
        } finally {
            Files.deleteIfExists(draft);
            Files.deleteIfExists(copy);
            // SQLite's own, left where it ran out of room.
            Files.deleteIfExists(copy.resolveSibling(copy.getFileName() + "-journal"));
        }
    }

    private Manifest pack(Path draft, Path copy, List<String> schema) throws IOException {
        try (var channel = Disk.create(draft);
                var zip = new ZipOutputStream(Channels.newOutputStream(channel), StandardCharsets.UTF_8)) {
            zip.setLevel(Deflater.BEST_SPEED);
            var pack = new Pack(zip);
            pack.add(Place.DATABASE, copy);
            if (configuration != null) {
                pack.add(Place.CONFIGURATION, configuration);
            }
            for (var place : Place.of(settings)) {
                if (!place.name().equals(Place.DATABASE) && (withKeys || !place.isSecret())) {
                    add(pack, place);
                }
            }
            var manifest = new Manifest(
                    Version.current().version(),
                    clock.instant(),
                    schema,
                    withKeys,
                    configuration == null ? null : configuration.toString(),
                    pack.parts());
            pack.end(manifest);
            zip.finish();
            channel.force(true);
            return manifest;
        }
    }

    private void add(Pack pack, Place place) throws IOException {
        for (var file : files(place)) {
            var name = place.kind() == Place.Kind.FILE
                    ? place.name()
                    : place.name() + "/" + place.path().relativize(file);
            try {
                pack.add(name, file);
            } catch (NoSuchFileException removedMeanwhile) {
                // An old recording that was tidied away.
            }
        }
    }

    private List<Path> files(Place place) throws IOException {
        return switch (place.kind()) {
            case FILE -> Stream.of(place.path()).filter(Files::isRegularFile).toList();
            case DIRECTORY -> Disk.filesBelow(place.path());
            case BESIDE_DATABASE -> keysBeside(place.path());
        };
    }

    /** What rooms keep there for themselves; not the database with its own files, and nothing that grows. */
    private List<Path> keysBeside(Path directory) throws IOException {
        var database = String.valueOf(settings.database().path().getFileName());
        List<Path> keys = new ArrayList<>();
        try (var inside = Files.list(directory)) {
            for (var file : inside.sorted(Comparator.naturalOrder()).toList()) {
                var name = String.valueOf(file.getFileName());
                if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                        && !name.startsWith(database)
                        && !name.startsWith(".")
                        && !name.startsWith(AUDIT_HEAD)
                        && Files.size(file) <= LARGEST_KEY
                        && isPrivate(file)) {
                    keys.add(file);
                }
            }
        }
        return keys;
    }

    private Map<String, String> masterKeys() throws IOException {
        Map<String, String> keys = new TreeMap<>();
        var directory = Place.parent(settings.database().path().toAbsolutePath());
        for (var key : withKeys && Files.isDirectory(directory) ? keysBeside(directory) : List.<Path>of()) {
            var name = String.valueOf(key.getFileName());
            if (name.startsWith(MASTER_KEY)) {
                keys.put(name, HexFormat.of().formatHex(Pack.sha256().digest(Files.readAllBytes(key))));
            }
        }
        return keys;
    }

    private static boolean isPrivate(Path file) throws IOException {
        return Files.getPosixFilePermissions(file).stream()
                .allMatch(each -> each.name().startsWith("OWNER_"));
    }

    private static Path draft(Path target, String what) {
        return target.resolveSibling("." + target.getFileName() + ".linkops-"
                + ProcessHandle.current().pid() + "." + what);
    }

    /** What a backup left that was killed. */
    private static void removeLeftovers(Path target) throws IOException {
        try (var inside = Files.list(Place.parent(target))) {
            for (var file : inside.toList()) {
                var found = DRAFT.matcher(String.valueOf(file.getFileName()));
                if (found.matches() && isOver(Long.parseLong(found.group(1)))) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }

    /** In a container every process may have the same number as the one before. */
    private static boolean isOver(long process) {
        return process == ProcessHandle.current().pid()
                || ProcessHandle.of(process).isEmpty();
    }
}
