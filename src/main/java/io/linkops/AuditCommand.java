package io.linkops;

import io.linkops.audit.AuditProof;
import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import io.linkops.config.DatabaseConfig;
import io.linkops.store.Database;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Proves or exports the audit, beside a running server or without one; changes nothing. */
@Command(
        name = "audit",
        description = "Verify or export the audit: who did what.",
        synopsisSubcommandLabel = "ACT",
        footer = "%nRun it as the user LinkOps runs as. Exit code 1 if anything is damaged.")
final class AuditCommand implements Runnable {
    private static final long PATIENCE_MINUTES = 60;

    private final Surroundings surroundings;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    AuditCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    /** Which database it is about. */
    static final class Place {
        @Option(
                names = "--config",
                paramLabel = "FILE",
                description = "Configuration file (default: /etc/linkops/config.yaml).")
        private @Nullable Path config;

        @Option(
                names = "--database",
                paramLabel = "FILE",
                description = "The database's file (default: the one of the configuration).")
        private @Nullable Path database;
    }

    /** What proves it. */
    static final class Proof {
        @Option(names = "--export", paramLabel = "FILE", description = "Verify this export instead of a database.")
        private @Nullable Path export;

        @Option(
                names = "--key",
                paramLabel = "FILE",
                description = "The key (default: audit.key in the database's directory).")
        private @Nullable Path key;

        @Option(
                names = "--anchor",
                paramLabel = "SEQ:SEAL",
                description = "An anchor from the log or another safe place; may be repeated. The one in audit.head"
                        + " beside the database is always asked.")
        private List<String> anchors = new ArrayList<>();
    }

    @Command(name = "verify", description = "Name every row that was edited, deleted, inserted, moved or cut off.")
    int verify(@Mixin Place place, @Mixin Proof proof) throws Exception {
        var verdict = proof.export == null ? ofDatabase(place, proof) : ofExport(place, proof.export, proof);
        var out = spec.commandLine().getOut();
        verdict.damages().forEach(out::println);
        out.println(
                verdict.damages().isEmpty()
                        ? "The audit is whole: " + verdict.rows() + " rows, up to " + verdict.head()
                        : "The audit is DAMAGED: " + verdict.damages().size() + " findings in " + verdict.rows()
                                + " rows");
        out.flush();
        return verdict.damages().isEmpty() ? 0 : 1;
    }

    private AuditProof.Verdict ofExport(Place place, Path export, Proof proof) throws Exception {
        var key = proof.key;
        return AuditProof.verifyExport(
                export, key == null ? AuditProof.keyFile(directory(place)) : key, List.copyOf(proof.anchors));
    }

    private AuditProof.Verdict ofDatabase(Place place, Proof proof) throws Exception {
        var directory = directory(place);
        var anchors = new ArrayList<>(proof.anchors);
        AuditProof.keptAnchor(directory).ifPresent(anchors::add);
        var key = proof.key == null ? AuditProof.keyFile(directory) : proof.key;
        return reading(place, audit -> audit.verify(key, anchors));
    }

    @Command(name = "export", description = "Write the audit as lines of JSON that prove themselves.")
    int export(
            @Mixin Place place,
            @Option(names = "--to", paramLabel = "FILE", description = "A new file (default: standard output).")
                    @Nullable
                    Path file)
            throws Exception {
        if (file == null) {
            var out = spec.commandLine().getOut();
            reading(place, audit -> audit.export(out::println));
            out.flush();
            return 0;
        }
        try (var out = new PrintWriter(created(file))) {
            long rows = reading(place, audit -> audit.export(out::println));
            if (out.checkError()) {
                throw new Failure(ErrorCode.STORAGE_FULL, "Cannot write all of " + file + "; is its disk full?");
            }
            spec.commandLine().getErr().println(rows + " rows in " + file);
            spec.commandLine().getErr().flush();
        }
        return 0;
    }

    private static BufferedWriter created(Path file) {
        var own = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        try {
            var options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            return new BufferedWriter(java.nio.channels.Channels.newWriter(
                    Files.newByteChannel(file, options, own), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new Failure(ErrorCode.CONFLICT, "Cannot make the file " + file + ": " + e);
        }
    }

    private <T> T reading(Place place, Function<AuditProof, Future<T>> act) throws Exception {
        var file = database(place);
        if (!Files.isRegularFile(file)) {
            throw new Failure(ErrorCode.NOT_FOUND, "There is no database " + file + "; name it with --database");
        }
        var vertx = Vertx.vertx();
        try {
            var config = new DatabaseConfig(file, 1, java.time.Duration.ofSeconds(10), 1);
            var database = Database.openForReading(vertx, config).await(1, TimeUnit.MINUTES);
            try {
                return act.apply(new AuditProof(database)).await(PATIENCE_MINUTES, TimeUnit.MINUTES);
            } finally {
                database.close().await(1, TimeUnit.MINUTES);
            }
        } finally {
            vertx.close().await(1, TimeUnit.MINUTES);
        }
    }

    private Path database(Place place) throws Exception {
        var named = place.database;
        return (named == null
                        ? surroundings.load(place.config).settings().database().path()
                        : named)
                .toAbsolutePath();
    }

    private Path directory(Place place) throws Exception {
        var parent = database(place).getParent();
        return parent == null ? Path.of("/") : parent;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Do what with the audit? verify or export.");
    }
}
