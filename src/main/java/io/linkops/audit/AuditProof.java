package io.linkops.audit;

import io.linkops.audit.Audit.Anchor;
import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import io.linkops.store.Database;
import io.vertx.core.Future;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The whole chain, verified and exported beside a running LinkOps or without one: for the command line. */
public final class AuditProof {
    private static final int PART = 1_000;

    private final AuditStore store;

    /**
     * What a look at a chain found.
     *
     * @param damages a sentence for each, in the order of the chain; none if all is proven
     * @param head {@code SEQUENCE:SEAL} of the last proven row
     */
    public record Verdict(List<String> damages, long rows, String head) {
        public Verdict {
            damages = List.copyOf(damages);
        }
    }

    public AuditProof(Database database) {
        this.store = new AuditStore(database);
    }

    /** What the file of the newest anchor in the database's directory says; empty if there is none. Blocking. */
    public static Optional<String> keptAnchor(Path directory) throws IOException {
        return HeadFile.read(directory).map(Anchor::toString);
    }

    /** The name of the key's file, beside the database. */
    public static Path keyFile(Path directory) {
        return directory.resolve(AuditKey.FILE);
    }

    /** @param anchors {@code SEQUENCE:SEAL}, known from elsewhere */
    public Future<Verdict> verify(Path key, List<String> anchors) {
        return store.checkpoint().compose(before -> {
            var check = check(key, before.orElse(null), anchors);
            return store.misnumbered(100)
                    .compose(odd -> {
                        odd.forEach(check::read);
                        return read(0, check::read);
                    })
                    .compose(_ -> store.checkpoint())
                    // Retention may go on beside this: then what it removed was not there any more when it was read.
                    .compose(after ->
                            after.equals(before) ? Future.succeededFuture(shown(check)) : verify(key, anchors));
        });
    }

    private static ChainCheck check(Path key, @Nullable Checkpoint checkpoint, List<String> anchors) {
        try {
            var known = anchors.stream()
                    .map(text -> HeadFile.parse(text)
                            .orElseThrow(() -> new Failure(
                                    ErrorCode.VALIDATION_FAILED, "An anchor is SEQUENCE:SEAL, but this is: " + text)))
                    .toList();
            return new ChainCheck(new Seal(AuditKey.read(key)), checkpoint, known);
        } catch (IOException e) {
            throw new Failure(ErrorCode.UNAVAILABLE, "Cannot read " + key + ": " + e);
        }
    }

    private Future<Void> read(long after, Consumer<Line> reader) {
        return store.after(after, PART).compose(lines -> {
            lines.forEach(reader);
            var next = lines.isEmpty() ? null : lines.getLast().place();
            return lines.size() < PART || next == null || next <= after
                    ? Future.<Void>succeededFuture()
                    : read(next, reader);
        });
    }

    private static Verdict shown(ChainCheck check) {
        var verdict = check.verdict();
        return new Verdict(
                verdict.damages().stream()
                        .map(damage -> damage.kind() + ": " + damage.sentence())
                        .toList(),
                verdict.lines(),
                verdict.head().toString());
    }

    /** Reads an export. Blocking. */
    public static Verdict verifyExport(Path export, Path key, List<String> anchors) {
        try (var lines = Files.newBufferedReader(export, StandardCharsets.UTF_8)) {
            return verify(lines, key, anchors);
        } catch (IOException e) {
            throw new Failure(ErrorCode.NOT_FOUND, "Cannot read " + export + ": " + e);
        }
    }

    private static Verdict verify(BufferedReader lines, Path key, List<String> anchors) throws IOException {
        @Nullable ChainCheck check = null;
        long number = 0;
        for (var text = lines.readLine(); text != null; text = lines.readLine()) {
            number++;
            try {
                var json = new JsonObject(text);
                if (number == 1 && json.containsKey("checkpoint")) {
                    check = check(key, Checkpoint.parse(json), anchors);
                    continue;
                }
                check = check == null ? check(key, null, anchors) : check;
                check.read(Line.parse(json));
            } catch (DecodeException | IllegalArgumentException | ClassCastException | NullPointerException e) {
                check = check == null ? check(key, null, anchors) : check;
                check.unreadable(number, String.valueOf(e.getMessage()));
            }
        }
        return shown(check == null ? check(key, null, anchors) : check);
    }

    /** Hands on the lines of an export, in order. @return how many rows there are */
    public Future<Long> export(Consumer<String> out) {
        List<Long> count = new ArrayList<>(List.of(0L));
        return store.checkpoint()
                .onSuccess(found -> found.ifPresent(checkpoint -> out.accept(checkpoint.json())))
                .compose(_ -> read(0, line -> {
                    out.accept(line.json());
                    count.set(0, count.getFirst() + 1);
                }))
                .map(_ -> count.getFirst());
    }
}
