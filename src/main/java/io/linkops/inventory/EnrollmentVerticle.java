package io.linkops.inventory;

import io.linkops.bus.Blocking;
import io.linkops.bus.Bus;
import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import io.linkops.inventory.Inventory.Enroll;
import io.linkops.inventory.Inventory.Enrolling;
import io.linkops.inventory.Inventory.Enrollment;
import io.linkops.inventory.Inventory.FindLink;
import io.linkops.inventory.Inventory.LinkState;
import io.linkops.inventory.Inventory.Resolve;
import io.linkops.inventory.Inventory.Target;
import io.linkops.inventory.Inventory.Verify;
import io.linkops.ssh.SshConnections;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.WorkerExecutor;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers {@link Verify}: looks at a link now; whoever asks while a look is on its way shares it. And {@link Enroll}:
 * writes the client id, one at a time for each link.
 */
public final class EnrollmentVerticle extends VerticleBase {
    private static final int MAX_WAITING = 20_000;
    private static final Duration RECORDING = Duration.ofMinutes(1);

    private static final Logger LOG = LoggerFactory.getLogger(EnrollmentVerticle.class);

    private final EnrollmentProbe probe;
    private final Enroller enroller;
    private final WorkerExecutor pool;
    private final Admission admission;
    private final Map<String, Future<Enrollment>> looks = new HashMap<>();
    private final Set<String> enrolling = new HashSet<>();

    /**
     * @param pool for the blocking work over SSH
     * @param readTimeout for the client id, once connected
     * @param maxAtOnce looks at once; more wait
     */
    public EnrollmentVerticle(
            SshConnections connections,
            WorkerExecutor pool,
            Duration readTimeout,
            int maxAtOnce,
            InstantSource clock,
            Supplier<UUID> ids) {
        this.probe = new EnrollmentProbe(connections, readTimeout, clock, ids);
        this.enroller = new Enroller(connections, readTimeout, clock, ids);
        this.pool = pool;
        this.admission = new Admission(maxAtOnce, MAX_WAITING);
    }

    @Override
    public Future<?> start() {
        var bus = Bus.of(vertx);
        bus.answer(Verify.class, verify -> verify(bus, verify.linkId()));
        bus.answer(Enroll.class, enroll -> enroll(bus, enroll));
        return Future.succeededFuture();
    }

    private Future<Enrolling> enroll(Bus bus, Enroll enroll) {
        var id = enroll.linkId();
        if (!enrolling.add(id)) {
            return Future.failedFuture(
                    new Failure(ErrorCode.CONFLICT, "Link " + id + " is being enrolled just now; look again soon"));
        }
        return admission
                .admit(() -> target(bus, id)
                        .compose(target -> Blocking.on(pool, () -> enroller.enroll(target, enroll.isReplacing()))))
                .compose(done -> bus.request(done.look(), RECORDING).compose(_ -> answer(enroll, done)))
                .onComplete(_ -> enrolling.remove(id));
    }

    private static Future<Enrolling> answer(Enroll enroll, Enroller.Done done) {
        var answer = done.answer();
        LOG.info(
                "{} enrolled link {}: {}",
                enroll.enrolledBy(),
                enroll.linkId(),
                answer.steps().getLast().message());
        return done.refusal() == null ? Future.succeededFuture(answer) : Future.failedFuture(done.refusal());
    }

    private Future<Enrollment> verify(Bus bus, String linkId) {
        var current = looks.get(linkId);
        if (current != null) {
            return current;
        }
        var look = admission.admit(() -> look(bus, linkId));
        looks.put(linkId, look);
        look.onComplete(_ -> looks.remove(linkId, look));
        return look;
    }

    private Future<Enrollment> look(Bus bus, String linkId) {
        return target(bus, linkId)
                .compose(target -> Blocking.on(pool, () -> probe.look(target)))
                .compose(seen -> bus.request(seen, RECORDING).map(_ -> seen.enrollment()));
    }

    private static Future<Target> target(Bus bus, String linkId) {
        return bus.request(new FindLink(linkId))
                .compose(EnrollmentVerticle::refuseRetired)
                .compose(_ -> bus.request(new Resolve(List.of(linkId))))
                .map(targets -> targets.targets().getFirst());
    }

    /** FindLink came first: a pattern is no link's id, so it ends there. */
    private static Future<LinkState> refuseRetired(LinkState state) {
        return state.isRetired()
                ? Future.failedFuture(new Failure(
                        ErrorCode.LINK_NOT_FOUND,
                        "Link " + state.link().id() + " is gone from links.yaml; it cannot be looked at"))
                : Future.succeededFuture(state);
    }
}
