package io.linkops.doctor;

import io.linkops.config.DatabaseConfig;
import io.linkops.doctor.Finding.Verdict;
import io.linkops.store.DatabaseInspection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/** Whether the database opens, which schema it has, whether it is whole, and how much room is left. */
final class DatabaseChecks {
    private static final long MEBIBYTE = 1 << 20;
    private static final long LITTLE = 1024 * MEBIBYTE;
    private static final long TOO_LITTLE = 64 * MEBIBYTE;

    private final DatabaseConfig config;

    DatabaseChecks(DatabaseConfig config) {
        this.config = config;
    }

    /** @return whether the database can be read with the schema of this LinkOps */
    boolean run(Consumer<Finding> findings) {
        var path = config.path();
        findings.accept(Finding.of("database", path.toString(), "free space", this::space));
        if (!Files.exists(path)) {
            findings.accept(
                    Finding.of("database", path.toString(), "file", () -> Verdict.ok("is made at the first start")));
            return false;
        }
        var opened = Finding.of("database", path.toString(), "schema", () -> schema(DatabaseInspection.of(config)));
        findings.accept(opened);
        if (opened.outcome() == Finding.Outcome.FAIL) {
            return false;
        }
        findings.accept(Finding.of("database", path.toString(), "integrity", this::integrity));
        return opened.outcome() == Finding.Outcome.OK;
    }

    private static Verdict schema(DatabaseInspection found) {
        if (!found.unknown().isEmpty()) {
            return Verdict.fail("was written by a newer LinkOps (it has " + found.unknown() + "); start that version");
        }
        return found.pending().isEmpty()
                ? Verdict.ok("is up to date (" + found.applied().getLast() + ")")
                : Verdict.warn("is older than this LinkOps: " + found.pending()
                        + " will be applied at the next start of serve; take a backup before");
    }

    private Verdict integrity() {
        var complaint = DatabaseInspection.quickCheck(config);
        return complaint.isEmpty()
                ? Verdict.ok("is whole")
                : Verdict.fail("is damaged (" + complaint + "); restore a backup");
    }

    private Verdict space() throws java.io.IOException {
        var place = existing(config.path().toAbsolutePath());
        long free = Files.getFileStore(place).getUsableSpace();
        var text = free / MEBIBYTE + " MiB free on its disk";
        if (free < TOO_LITTLE) {
            return Verdict.fail(text + "; make room before LinkOps is started");
        }
        return free < LITTLE ? Verdict.warn(text + "; outputs of operations need room, make some") : Verdict.ok(text);
    }

    private static Path existing(Path path) {
        var place = path;
        while (place.getParent() != null && !Files.exists(place)) {
            place = place.getParent();
        }
        return place;
    }
}
