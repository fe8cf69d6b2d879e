package io.linkops;

import io.linkops.backup.BackupFile;
import io.linkops.backup.Restoring;
import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import io.linkops.config.ConfigRewriting;
import io.linkops.config.LoadOptions;
import io.linkops.config.Settings;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Puts a backup into place; no LinkOps may run there meanwhile. */
@Command(
        name = "restore",
        description = "Put a backup into place: where the configuration of this machine says, where that in the backup"
                + " says if there is none here, or all below one directory.",
        footer = "%nThe backup is checked before anything is changed. 'linkops doctor' tells what is missing after it.")
final class RestoreCommand implements Callable<Integer> {
    /** The endings of configuration files; nothing that a shell, cron or sudo would read as its own. */
    private static final Pattern NAME = Pattern.compile("[^\\p{Cntrl}]+\\.(?i:yaml|yml|ini)");

    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss-SSS").withZone(ZoneOffset.UTC);

    private final Surroundings surroundings;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "FILE", description = "The backup.")
    private Path file = Path.of("");

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "Configuration that says where everything goes (default: /etc/linkops/config.yaml, else that"
                    + " in the backup).")
    private @Nullable Path config;

    @Option(
            names = "--into",
            paramLabel = "DIR",
            description = "Put everything below this directory, with a config.yaml that says so.")
    private @Nullable Path into;

    @Option(
            names = "--trust-places",
            description = "Fill the places that the backup's own configuration names even where other programs look.")
    private boolean trustsPlaces;

    @Option(names = "--force", description = "Set aside what is there; it is kept under another name.")
    private boolean force;

    RestoreCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws Exception {
        if (into != null && config != null) {
            throw new ParameterException(
                    spec.commandLine(), "--into and --config both say where everything goes; give one of them.");
        }
        try (var backup = BackupFile.open(file)) {
            return into == null
                    ? here(backup)
                    : into(backup, into.toAbsolutePath().normalize());
        }
    }

    private int here(BackupFile backup) throws Exception {
        var own = surroundings.options(config).fileInForce();
        if (own.isPresent()) {
            restore(backup, surroundings.load(config).settings());
            tell("configuration: " + own.get() + " stays as it is");
            return 0;
        }
        var before = backup.manifest().configuredAt();
        if (before == null) {
            restore(backup, surroundings.load(surroundings.options(null)).settings());
            tell("configuration: none was in the backup, and there is none here: the defaults are in force");
            return 0;
        }
        // With the name it had: that tells INI from YAML, and is where the next start looks for it.
        restoreWith(backup, wished(before), backup.configuration(), !trustsPlaces);
        return 0;
    }

    /** Anybody may have made the backup, and root may restore it: it is no way to write any file at all. */
    private Path wished(String before) {
        if (!before.startsWith("/") || !NAME.matcher(before).matches()) {
            throw new Failure(
                    ErrorCode.VALIDATION_FAILED,
                    "The backup says that its configuration belongs to a place where LinkOps looks for none; nothing"
                            + " was changed. Say where everything goes with --into DIR");
        }
        var place = Path.of(before).normalize();
        if (Files.exists(place, LinkOption.NOFOLLOW_LINKS) && !force) {
            throw new Failure(
                    ErrorCode.CONFLICT,
                    place + " is there already, and the backup would replace it; nothing was changed. Name it with"
                            + " --config to use it as it is, or add --force to set it aside");
        }
        return place;
    }

    private int into(BackupFile backup, Path directory) throws Exception {
        var place = directory.resolve("config.yaml");
        if (Files.exists(place) && !force) {
            throw new Failure(ErrorCode.CONFLICT, place + " is there already; name an empty directory, or add --force");
        }
        var before = backup.manifest().configuredAt();
        restoreWith(
                backup,
                place,
                ConfigRewriting.yaml(
                        before == null ? "config.yaml" : before, backup.configuration(), below(directory, backup)),
                false);
        return 0;
    }

    /** Every place of the configuration, below one directory. */
    private static JsonObject below(Path directory, BackupFile backup) {
        var sections = new JsonObject()
                .put(
                        "database",
                        new JsonObject()
                                .put("path", directory.resolve("linkops.db").toString()))
                .put(
                        "security",
                        new JsonObject()
                                .put(
                                        "secrets_directory",
                                        directory.resolve("secrets").toString()))
                .put(
                        "terminal",
                        new JsonObject()
                                .put(
                                        "recordings_directory",
                                        directory.resolve("recordings").toString()));
        var ssh =
                new JsonObject().put("keys_directory", directory.resolve("keys").toString());
        var git = new JsonObject().put("local_path", directory.resolve("git").toString());
        var files = Map.of(
                "trust/ssh_known_hosts", Map.entry(ssh, "known_hosts_path"),
                "trust/git_known_hosts", Map.entry(git, "known_hosts_path"),
                "trust/git_ca", Map.entry(git, "ca_file"),
                "keys/git_ssh_key", Map.entry(git, "ssh_key_path"));
        backup.manifest().parts().forEach(part -> {
            var key = files.get(part.name());
            if (key != null) {
                key.getKey()
                        .put(
                                key.getValue(),
                                directory
                                        .resolve(part.name()
                                                .substring(part.name().indexOf('/') + 1))
                                        .toString());
            }
        });
        return sections.put("ssh", ssh).put("git", git);
    }

    /** The configuration takes its place when everything else is there. */
    private void restoreWith(BackupFile backup, Path configuration, String text, boolean isCareful) throws Exception {
        var draft = configuration.resolveSibling("restoring." + configuration.getFileName());
        Files.deleteIfExists(draft);
        write(draft, text);
        try {
            var settings = loaded(draft);
            if (isCareful) {
                refuseStrangePlaces(backup, settings);
            }
            restore(backup, settings);
            giveToOwner(draft, settings.database().path());
            if (Files.exists(configuration, LinkOption.NOFOLLOW_LINKS)) {
                // It keeps its name until the new one takes it in one step.
                var kept = configuration.resolveSibling(
                        configuration.getFileName() + ".before-restore-" + STAMP.format(Instant.now()));
                Files.createLink(kept, configuration);
                tell("set aside: " + kept);
            }
            Files.move(draft, configuration, StandardCopyOption.ATOMIC_MOVE);
            tell("configuration: " + configuration);
        } finally {
            Files.deleteIfExists(draft);
        }
    }

    /** {@code ssh.keys_directory: /root/.ssh} and a part named {@code authorized_keys} would open this machine. */
    private void refuseStrangePlaces(BackupFile backup, Settings settings) {
        var strange = new Restoring(backup, settings, force, InstantSource.system()).strangePlaces();
        if (!strange.isEmpty()) {
            throw new Failure(
                    ErrorCode.VALIDATION_FAILED,
                    "The configuration in the backup puts files where other programs look for theirs: "
                            + strange.stream().map(Path::toString).collect(Collectors.joining(", "))
                            + "; nothing was changed. If you know who made it, add --trust-places; or say where"
                            + " everything goes with --config FILE or --into DIR");
        }
    }

    /** Root restores for the user LinkOps runs as, who must be able to read it. */
    private static void giveToOwner(Path file, Path database) throws IOException {
        var owner = Files.getOwner(database);
        if (!Files.getOwner(file).equals(owner)) {
            Files.setOwner(file, owner);
        }
    }

    /** Of this file alone: the environment of whoever restores does not say where things go. */
    private Settings loaded(Path configuration) throws TimeoutException {
        return surroundings
                .load(new LoadOptions(configuration, surroundings.defaults().directory(), Map.of(), Map.of()))
                .settings();
    }

    private void restore(BackupFile backup, Settings settings) {
        new Restoring(backup, settings, force, InstantSource.system()).restore().forEach(this::tell);
        if (!backup.manifest().hasKeys()) {
            tell("not in the backup: private keys and secrets; put them back before LinkOps is started");
        }
    }

    private void tell(String line) {
        spec.commandLine().getOut().println(line);
        spec.commandLine().getOut().flush();
    }

    private static void write(Path place, String text) throws IOException {
        var parent = place.getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        Files.createFile(place, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(place, text);
    }
}
