package io.linkops.audit;

import io.linkops.audit.Audit.Anchor;
import io.linkops.audit.Audit.Entry;
import io.linkops.audit.Audit.Export;
import io.linkops.audit.Audit.Find;
import io.linkops.audit.Audit.FindFigures;
import io.linkops.audit.Audit.FindHead;
import io.linkops.audit.Audit.Forget;
import io.linkops.audit.Audit.Forgotten;
import io.linkops.audit.Audit.Note;
import io.linkops.audit.Audit.Noted;
import io.linkops.audit.Audit.Page;
import io.linkops.audit.Audit.Part;
import io.linkops.bus.Blocking;
import io.linkops.bus.Bus;
import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import io.linkops.config.AuditConfig;
import io.linkops.config.Version;
import io.linkops.figures.FigureBook;
import io.linkops.store.Database;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The keeper of the audit and the only writer of its rows; one instance, on an event loop. */
public final class AuditVerticle extends VerticleBase {
    private static final Logger LOG = LoggerFactory.getLogger(AuditVerticle.class);
    private static final int MAX_LIMIT = 200;
    private static final int PART = 1_000;
    private static final int LOOKED_AT = 500;
    private static final int MOST_FORGOTTEN = 5_000;
    private static final long UPKEEP_MILLIS = 5_000;

    private final AuditStore store;
    private final AuditConfig config;
    private final Path directory;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final FigureBook figures = new FigureBook();
    private final FloodGate gate = new FloodGate();
    private @Nullable AuditWriter writer;
    private @Nullable Seal seal;
    private Anchor told = new Anchor(0, Seal.NONE);
    private Anchor kept = told;

    /**
     * Takes what it works with.
     *
     * @param directory where the key and the newest anchor are kept: the database's
     * @param random for the key: an unpredictable one
     */
    public AuditVerticle(
            Database database, AuditConfig config, Path directory, InstantSource clock, RandomGenerator random) {
        this.store = new AuditStore(database);
        this.config = config;
        this.directory = directory;
        this.clock = clock;
        this.random = random;
    }

    /** Fails, saying what to do, when there are rows and the key is not there. */
    @Override
    public Future<?> start() {
        return store.head().compose(head -> key(head).compose(key -> open(key, head)));
    }

    private Future<Seal> key(Anchor head) {
        return Blocking.on(vertx, () -> {
            if (!AuditKey.isThere(directory)) {
                if (head.sequence() > 0) {
                    throw new Failure(
                            ErrorCode.UNAVAILABLE,
                            "The audit has " + head.sequence() + " rows, but its key "
                                    + directory.resolve(AuditKey.FILE)
                                    + " is not there; restore it from the backup that the database is from");
                }
                AuditKey.make(directory, random);
            }
            return new Seal(AuditKey.read(directory.resolve(AuditKey.FILE)));
        });
    }

    private Future<Void> open(Seal key, Anchor head) {
        var writing = new AuditWriter(vertx, store, key, clock, figures, head);
        seal = key;
        writer = writing;
        figures.gauge("linkops_audit_waiting", "Rows of the audit that wait for the disk.", writing::waiting);
        return look(key, head)
                .compose(damages -> writing.add(begun(damages), false))
                .compose(_ -> tell(true))
                .onSuccess(_ -> {
                    answer();
                    vertx.setPeriodic(UPKEEP_MILLIS, _ -> upkeep());
                    vertx.setPeriodic(config.anchorInterval().toMillis(), _ -> tell(true));
                });
    }

    private static Entry begun(List<Damage> damages) {
        var details = new TreeMap<String, String>();
        details.put("version", Version.current().version());
        if (!damages.isEmpty()) {
            details.put("damage", damages.getFirst().sentence());
        }
        return Entry.system("system.start", "system", "", details, Audit.SUCCESS);
    }

    /** The end of the chain and the anchor beside it; all of it is looked at by the command line. */
    private Future<List<Damage>> look(Seal key, Anchor head) {
        long after = Math.max(0, head.sequence() - LOOKED_AT);
        var anchor = Blocking.on(vertx, () -> HeadFile.read(directory));
        return anchor.compose(kept -> store.checkpoint()
                .compose(checkpoint -> store.after(after, LOOKED_AT).map(lines -> {
                    var damages = TailCheck.of(key, checkpoint.orElse(null), lines, head, kept.orElse(null));
                    damages.forEach(damage ->
                            LOG.error("The audit is damaged: {}; see 'linkops audit verify'", damage.sentence()));
                    return damages;
                })));
    }

    private void answer() {
        var bus = Bus.of(vertx);
        bus.answer(Note.class, this::note);
        bus.answer(Find.class, this::find);
        bus.answer(FindHead.class, _ -> writer().head());
        bus.answer(Export.class, this::export);
        bus.answer(Forget.class, this::forget);
        bus.answer(FindFigures.class, _ -> Future.succeededFuture(figures.page()));
    }

    private AuditWriter writer() {
        return Objects.requireNonNull(writer, "not started");
    }

    private Future<Noted> note(Note note) {
        var entry = note.entry();
        var isFine = entry.result().equals(Audit.SUCCESS) || entry.result().equals(Audit.BEGUN);
        if (!isFine && !gate.passes(entry, clock.instant())) {
            figures.count("linkops_audit_folded", "Failures that were counted and not recorded singly.");
            return Future.succeededFuture(new Noted());
        }
        return writer().add(entry, note.isKept());
    }

    private Future<Page> find(Find find) {
        if (find.limit() < 1 || find.limit() > MAX_LIMIT) {
            throw new Failure(ErrorCode.VALIDATION_FAILED, "limit must be between 1 and " + MAX_LIMIT);
        }
        return store.page(find, find.limit() + 1)
                .compose(lines -> writer().head().map(head -> {
                    var rows = lines.stream().limit(find.limit()).map(Line::row).toList();
                    return new Page(
                            rows, lines.size() > find.limit() ? rows.getLast().sequence() : null, head);
                }));
    }

    private Future<Part> export(Export export) {
        return (export.after() > 0 ? Future.succeededFuture("") : first())
                .compose(first -> store.after(export.after(), PART).map(lines -> {
                    var text = first
                            + lines.stream().map(line -> line.json() + "\n").collect(Collectors.joining());
                    return new Part(
                            text, lines.size() < PART ? null : lines.getLast().place());
                }));
    }

    private Future<String> first() {
        return store.checkpoint()
                .map(found -> found.map(checkpoint -> checkpoint.json() + "\n").orElse(""));
    }

    // ---- upkeep --------------------------------------------------------------------------------------------------

    private void upkeep() {
        gate.sums(clock.instant(), false)
                .forEach(sum -> writer().add(sum, true).onFailure(cause -> LOG.debug("A sum is written later", cause)));
        tell(false);
    }

    /** Keeps the newest anchor beside the database, and now and then in the log as well. */
    private Future<Void> tell(boolean inLog) {
        return writer().head()
                .compose(head -> {
                    if (inLog && !head.equals(told)) {
                        told = head;
                        LOG.info("Audit anchor {}", head);
                    }
                    if (head.equals(kept)) {
                        return Future.<Void>succeededFuture();
                    }
                    kept = head;
                    return Blocking.on(vertx, () -> {
                                HeadFile.write(directory, head);
                                return true;
                            })
                            .<Void>mapEmpty();
                })
                .recover(cause -> {
                    LOG.warn("The audit's anchor could not be kept: {}", cause.getMessage());
                    return Future.succeededFuture();
                });
    }

    /** What is removed must prove itself first: else the checkpoint would vouch for what was done to it. */
    private Future<Forgotten> forget(Forget forget) {
        int limit = Math.clamp(forget.limit(), 1, MOST_FORGOTTEN);
        var key = Objects.requireNonNull(seal, "not started");
        return store.checkpoint().compose(checkpoint -> {
            long after = checkpoint.map(each -> each.upTo().sequence()).orElse(0L);
            return store.after(after, limit + 1).compose(lines -> {
                var old = ForgetPlan.victims(lines, forget.before(), limit);
                if (old.isEmpty()) {
                    return Future.succeededFuture(new Forgotten(0, false));
                }
                var check = new ChainCheck(key, checkpoint.orElse(null), List.of());
                old.forEach(check::read);
                var damages = check.verdict().damages();
                if (!damages.isEmpty()) {
                    throw new Failure(
                            ErrorCode.CONFLICT,
                            "Rows of the audit stay although they are old, because they are damaged: "
                                    + damages.getFirst().sentence());
                }
                var next = Checkpoint.of(check.verdict().head(), clock.instant().toEpochMilli(), key);
                return store.write(AuditStore.forget(next)).map(_ -> new Forgotten(old.size(), old.size() == limit));
            });
        });
    }

    @Override
    public Future<?> stop() {
        if (writer == null) {
            return Future.succeededFuture();
        }
        gate.sums(clock.instant(), true).forEach(sum -> writer().add(sum, false));
        return writer().add(Entry.system("system.stop", "system", "", Map.of(), Audit.SUCCESS), false)
                .<Void>mapEmpty()
                .otherwiseEmpty()
                .compose(_ -> tell(true));
    }
}
