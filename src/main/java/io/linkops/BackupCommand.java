package io.linkops;

import io.linkops.backup.BackupFile;
import io.linkops.backup.BackupWriting;
import io.linkops.backup.LastBackup;
import io.linkops.backup.Manifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** One file of everything LinkOps keeps; works beside a running server and without one. */
@Command(
        name = "backup",
        description = "Write everything LinkOps keeps into one file, while it runs or not; or check such a file.",
        footer = "%nRun it as the user LinkOps runs as. The file is a zip with a manifest, readable by its owner only."
                + "%nKeep it elsewhere. What it holds without keys is secret enough: who did what on which machine.")
final class BackupCommand implements Callable<Integer> {
    private static final long MEBIBYTE = 1 << 20;

    private final Surroundings surroundings;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "FILE", description = "The backup.")
    private Path file = Path.of("");

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "Configuration file, YAML or INI (default: /etc/linkops/config.yaml).")
    private @Nullable Path config;

    @Option(
            names = "--with-keys",
            description = "Put private keys and secrets into it as well: all that an empty machine needs. Whoever gets"
                    + " the file has the fleet.")
    private boolean withKeys;

    @Option(names = "--force", description = "Replace the file if it is there.")
    private boolean force;

    @Option(names = "--verify", description = "Write nothing: check that the file is whole and say what is in it.")
    private boolean verify;

    BackupCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws Exception {
        return verify ? verify() : write();
    }

    private int verify() {
        try (var backup = BackupFile.open(file)) {
            backup.verify();
            show("is whole", backup.manifest());
        }
        return 0;
    }

    private int write() throws Exception {
        var settings = surroundings.load(config).settings();
        var found = surroundings.options(config).fileInForce();
        boolean leavesOut = !withKeys && found.isPresent() && holdsSecret(found.get());
        var manifest = new BackupWriting(
                        settings, leavesOut ? null : found.orElse(null), withKeys, InstantSource.system())
                .write(file, force);
        LastBackup.note(settings.database().path(), manifest.createdAt());
        show("is written", manifest);
        if (leavesOut) {
            spec.commandLine()
                    .getOut()
                    .println("left out: " + found.get() + ", as it holds secrets; keep it by other means, or add"
                            + " --with-keys");
        }
        if (!withKeys) {
            spec.commandLine()
                    .getOut()
                    .println("left out: private keys and secrets; keep them by other means, or add --with-keys");
        }
        spec.commandLine().getOut().flush();
        return 0;
    }

    private boolean holdsSecret(Path configuration) throws IOException {
        var text = Files.readString(configuration);
        return !surroundings.masking().mask(text).equals(text);
    }

    private void show(String what, Manifest manifest) {
        long bytes = manifest.parts().stream().mapToLong(Manifest.Part::bytes).sum();
        var out = spec.commandLine().getOut();
        out.println(file + " " + what + ": LinkOps " + manifest.version() + ", " + manifest.createdAt() + ", schema "
                + (manifest.schema().isEmpty() ? "none" : manifest.schema().getLast()) + ", "
                + manifest.parts().size() + " files, " + bytes / MEBIBYTE + " MiB"
                + (manifest.hasKeys() ? ", with keys" : ", without keys"));
        out.flush();
    }
}
