package io.linkops.backup;

import io.linkops.config.Settings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where something that LinkOps keeps is on this machine, and what it is called in a backup.
 *
 * @param name of its entry, or what its entries begin with
 * @param isSecret whether it goes into a backup only if keys were asked for
 */
record Place(String name, Path path, Kind kind, boolean isSecret) {
    static final String DATABASE = "database/linkops.db";
    static final String CONFIGURATION = "configuration";

    /** What is there. */
    enum Kind {
        FILE,
        /** A directory with all that is below it. */
        DIRECTORY,
        /** The small private files beside the database: keys that LinkOps made for itself. */
        BESIDE_DATABASE
    }

    /** All places of this configuration but its own file. */
    static List<Place> of(Settings settings) {
        var database = settings.database().path().toAbsolutePath().normalize();
        List<Place> places = new ArrayList<>();
        places.add(new Place(DATABASE, database, Kind.FILE, false));
        places.add(new Place("keys/generated", parent(database), Kind.BESIDE_DATABASE, true));
        add(places, "keys/ssh", settings.ssh().keysDirectory(), Kind.DIRECTORY, true);
        add(places, "keys/secrets", settings.security().secretsDirectory(), Kind.DIRECTORY, true);
        add(places, "keys/git_ssh_key", settings.git().sshKeyPath(), Kind.FILE, true);
        add(places, "trust/ssh_known_hosts", settings.ssh().knownHostsPath(), Kind.FILE, false);
        add(places, "trust/git_known_hosts", settings.git().knownHostsPath(), Kind.FILE, false);
        add(places, "trust/git_ca", settings.git().caFile(), Kind.FILE, false);
        add(places, "recordings", settings.terminal().recordingsDirectory(), Kind.DIRECTORY, false);
        return withoutTwins(places);
    }

    private static void add(List<Place> places, String name, @Nullable Path path, Kind kind, boolean isSecret) {
        if (path != null) {
            places.add(new Place(name, path.toAbsolutePath().normalize(), kind, isSecret));
        }
    }

    /** What two keys of the configuration name is kept once; so is a file in a directory that is kept. */
    private static List<Place> withoutTwins(List<Place> places) {
        var seen = new HashSet<Path>();
        return places.stream()
                .filter(place -> place.kind != Kind.FILE
                        || places.stream()
                                .noneMatch(other -> other.kind == Kind.DIRECTORY && place.path.startsWith(other.path)))
                .filter(place -> place.kind == Kind.BESIDE_DATABASE || seen.add(place.path))
                .toList();
    }

    static Path parent(Path path) {
        var parent = path.getParent();
        return parent == null ? path : parent;
    }

    boolean holds(String part) {
        return kind == Kind.FILE ? part.equals(name) : part.startsWith(name + "/");
    }

    /** Where this part belongs. */
    Path of(String part) {
        return kind == Kind.FILE ? path : path.resolve(part.substring(name.length() + 1));
    }

    static Optional<Place> holding(List<Place> places, String part) {
        return places.stream().filter(place -> place.holds(part)).findFirst();
    }
}
