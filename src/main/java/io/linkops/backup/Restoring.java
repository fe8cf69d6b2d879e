package io.linkops.backup;

import io.linkops.backup.Manifest.Part;
import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import io.linkops.config.Settings;
import io.linkops.store.DatabaseCopy;
import io.linkops.store.DatabaseHold;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Puts what is in a backup where this configuration wants it. Everything is unpacked and looked at beside its place
 * before anything is replaced; the database comes last, in one step. Cut off at any moment, what was there before is
 * still there, and no LinkOps starts on half of it. Blocking.
 */
public final class Restoring {
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss-SSS").withZone(ZoneOffset.UTC);

    private static final String LOG = "-wal";

    private static final List<Path> OWN = List.of(Path.of("/etc/linkops"));
    private static final List<Path> SYSTEM = Stream.of(
                    "bin",
                    "boot",
                    "dev",
                    "etc",
                    "lib",
                    "lib64",
                    "proc",
                    "root",
                    "run",
                    "sbin",
                    "sys",
                    "usr",
                    "var/spool")
            .map(name -> Path.of("/", name))
            .toList();

    private final BackupFile backup;
    private final List<Place> places;
    private final boolean replaces;
    private final String aside;
    private final List<String> told = new ArrayList<>();

    /** @param replaces whether what is there is set aside; otherwise CONFLICT if anything is */
    public Restoring(BackupFile backup, Settings settings, boolean replaces, InstantSource clock) {
        this.backup = backup;
        this.places = Place.of(settings);
        this.replaces = replaces;
        this.aside = ".before-restore-" + STAMP.format(clock.instant());
    }

    /**
     * The places it would fill where other programs look for what is theirs: homes, hidden directories, the system's
     * own. A backup that brings its own configuration chooses them, so they are worth a question.
     */
    public List<Path> strangePlaces() {
        return drafts().keySet().stream().filter(Restoring::isStrange).sorted().toList();
    }

    static boolean isStrange(Path place) {
        boolean isHidden = false;
        for (var name : place) {
            isHidden |= name.toString().startsWith(".");
        }
        boolean isOwn = OWN.stream().anyMatch(place::startsWith);
        return isHidden || (!isOwn && SYSTEM.stream().anyMatch(place::startsWith));
    }

    /** @return what was done, for people */
    public List<String> restore() {
        refuseNewer();
        backup.verify();
        var database = place(Place.DATABASE);
        try {
            prepare(Place.parent(database));
            try (var _ = DatabaseHold.of(database)) {
                giveToOwner(beside(database, ".lock"));
                return replace(database);
            }
        } catch (UncheckedIOException e) {
            throw Disk.failure("Restoring to", Place.parent(database), Objects.requireNonNull(e.getCause()));
        } catch (IOException e) {
            throw Disk.failure("Restoring to", Place.parent(database), e);
        }
    }

    private void refuseNewer() {
        var unknown = DatabaseCopy.unknown(backup.manifest().schema());
        if (!unknown.isEmpty()) {
            throw Manifest.refused("its database was written by a newer LinkOps, "
                    + backup.manifest().version() + " (it has " + unknown + "); restore it with that version");
        }
    }

    private Path place(String name) {
        return places.stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow()
                .path();
    }

    private List<String> replace(Path database) throws IOException {
        var drafts = drafts();
        drafts.keySet().forEach(this::refuseExisting);
        try {
            for (var each : drafts.entrySet()) {
                Disk.delete(draft(each.getKey()));
                unpack(each.getKey(), each.getValue());
            }
            var unknown = DatabaseCopy.unknown(DatabaseCopy.examine(DatabaseHold.draft(database)));
            if (!unknown.isEmpty()) {
                throw Manifest.refused("its database is of a newer LinkOps than its manifest says: " + unknown);
            }
        } catch (RuntimeException | IOException e) {
            for (var target : drafts.keySet()) {
                Disk.delete(draft(target));
            }
            throw e;
        }
        for (var target : drafts.keySet()) {
            if (!target.equals(database)) {
                put(target);
            }
        }
        putDatabase(database);
        told.add("database: " + database);
        return List.copyOf(told);
    }

    /** What is put into its place as a whole, in this order, with the parts it is made of; the database begins. */
    private Map<Path, List<Part>> drafts() {
        Map<Path, List<Part>> drafts = new LinkedHashMap<>();
        for (var part : backup.manifest().parts()) {
            if (part.name().equals(Place.CONFIGURATION)) {
                continue;
            }
            var place = Place.holding(places, part.name());
            if (place.isEmpty()) {
                told.add("left out, as this configuration has no place for it: " + part.name());
                continue;
            }
            var target = place.get().kind() == Place.Kind.DIRECTORY
                    ? place.get().path()
                    : place.get().of(part.name());
            drafts.computeIfAbsent(target, _ -> new ArrayList<>()).add(part);
        }
        return drafts;
    }

    private void refuseExisting(Path target) {
        try {
            if (!replaces && Disk.isThere(target) && !Disk.isEmptyDirectory(target)) {
                throw new Failure(
                        ErrorCode.CONFLICT,
                        target + " is there already; nothing was changed. Add --force to set it aside (it is kept as "
                                + target.getFileName() + aside + "), or name another place with --into");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path draft(Path target) {
        return DatabaseHold.draft(target);
    }

    private void unpack(Path target, List<Part> parts) throws IOException {
        var place = Place.holding(places, parts.getFirst().name()).orElseThrow();
        var draft = draft(target);
        prepare(Place.parent(target));
        for (var part : parts) {
            var file = place.kind() == Place.Kind.DIRECTORY
                    ? draft.resolve(place.path().relativize(place.of(part.name())))
                    : draft;
            prepare(Place.parent(file));
            unpack(part, file);
        }
        if (place.kind() == Place.Kind.DIRECTORY) {
            Disk.sync(draft);
        }
    }

    private void unpack(Part part, Path file) throws IOException {
        try (var channel = Disk.create(file);
                var out = Channels.newOutputStream(channel)) {
            backup.copy(part, out);
            channel.force(true);
        }
        giveToOwner(file);
    }

    /** Made for the owner of the directory above: root restores for the user LinkOps runs as. */
    private static void prepare(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            prepare(Place.parent(directory));
            Disk.createDirectories(directory);
            giveToOwner(directory);
        }
    }

    private static void giveToOwner(Path path) throws IOException {
        var owner = Files.getOwner(Place.parent(path));
        if (!Files.getOwner(path).equals(owner)) {
            Files.setOwner(path, owner);
        }
    }

    private void put(Path target) throws IOException {
        if (Files.isDirectory(draft(target)) && Disk.isEmptyDirectory(target)) {
            Files.delete(target);
        } else if (Disk.isThere(target)) {
            told.add("set aside: " + setAside(target));
        }
        Files.move(draft(target), target, StandardCopyOption.ATOMIC_MOVE);
        Disk.sync(Place.parent(target));
        told.add("restored: " + target);
    }

    private Path setAside(Path target) throws IOException {
        var kept = target.resolveSibling(target.getFileName() + aside);
        return Files.move(target, kept, StandardCopyOption.ATOMIC_MOVE);
    }

    /** The old one keeps its name until the new one takes it in one step; what stands beside it goes along with it. */
    private void putDatabase(Path database) throws IOException {
        if (Files.exists(database, LinkOption.NOFOLLOW_LINKS)) {
            told.add("set aside: " + setDatabaseAside(database));
        }
        for (var suffix : List.of(LOG, "-shm", "-journal")) {
            Files.deleteIfExists(beside(database, suffix));
        }
        Files.move(DatabaseHold.draft(database), database, StandardCopyOption.ATOMIC_MOVE);
        Disk.sync(Place.parent(database));
    }

    /** Its log is kept until all that is in it is in the file: one that is damaged is set aside as it was. */
    private Path setDatabaseAside(Path database) throws IOException {
        var kept = beside(database, aside);
        if (Disk.isThere(beside(database, LOG))) {
            Files.createLink(beside(kept, LOG), beside(database, LOG));
        }
        try {
            DatabaseCopy.settle(database);
            Files.deleteIfExists(beside(kept, LOG));
        } catch (Failure damaged) {
            told.add("the database that was there is damaged: " + damaged.text());
        }
        Files.createLink(kept, database);
        return kept;
    }

    private static Path beside(Path file, String suffix) {
        return file.resolveSibling(file.getFileName() + suffix);
    }
}
