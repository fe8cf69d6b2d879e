package io.linkops.health;

import io.linkops.bus.Blocking;
import io.linkops.bus.Bus;
import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import io.linkops.health.Health.Check;
import io.linkops.health.Health.Result;
import io.linkops.inventory.EnrollmentVerdict;
import io.linkops.inventory.Inventory.FindLink;
import io.linkops.inventory.Inventory.LinkState;
import io.linkops.inventory.Inventory.Resolve;
import io.linkops.inventory.Inventory.Target;
import io.linkops.ssh.Hop;
import io.linkops.ssh.RouteLook;
import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Does one check: finds the way, looks on the pool, judges, records. */
final class LinkChecks {
    private final Bus bus;
    private final WorkerExecutor pool;
    private final LinkProbe probe;
    private final CheckVerdict verdict;
    private final HealthStates states;
    private final HopOutages outages;
    private final InstantSource clock;
    private final LongSupplier nanos;

    private record Seen(Check check, @Nullable String offeredHostKey) {}

    LinkChecks(
            Bus bus,
            WorkerExecutor pool,
            LinkProbe probe,
            CheckVerdict verdict,
            HealthStates states,
            HopOutages outages,
            InstantSource clock,
            LongSupplier nanos) {
        this.bus = bus;
        this.pool = pool;
        this.probe = probe;
        this.verdict = verdict;
        this.states = states;
        this.outages = outages;
        this.clock = clock;
        this.nanos = nanos;
    }

    Future<Check> check(CheckQueue.Turn turn) {
        return bus.request(new FindLink(turn.linkId()))
                .compose(LinkChecks::refuseRetired)
                .compose(_ -> bus.request(new Resolve(List.of(turn.linkId()))))
                .compose(targets -> see(targets.targets().getFirst(), turn.isAsked()))
                .compose(seen -> states.record(seen.check(), seen.offeredHostKey(), turn.isAsked()));
    }

    /** FindLink came first: a pattern is no link's id, so it ends there. */
    private static Future<LinkState> refuseRetired(LinkState state) {
        return state.isRetired()
                ? Future.failedFuture(new Failure(
                        ErrorCode.LINK_NOT_FOUND,
                        "Link " + state.link().id() + " is gone from links.yaml; it cannot be checked"))
                : Future.succeededFuture(state);
    }

    private Future<Seen> see(Target target, boolean isAsked) {
        var hops = target.route().hops().stream().map(Hop::name).toList();
        var outage = isAsked ? null : outages.first(hops.subList(0, hops.size() - 1), nanos.getAsLong());
        if (outage != null) {
            return Future.succeededFuture(new Seen(CheckVerdict.behind(target.linkId(), outage, now()), null));
        }
        long begun = nanos.getAsLong();
        return Blocking.on(pool, () -> probe.look(target)).map(look -> {
            long ended = nanos.getAsLong();
            var check = verdict.of(target, look, now(), Duration.ofNanos(Math.max(0, ended - begun)));
            remember(check, hops, look, ended);
            return new Seen(check, offered(target, look));
        });
    }

    private void remember(Check check, List<String> hops, RouteLook look, long now) {
        var failure = look.check().failure();
        if (check.result() == Result.ONLINE) {
            hops.forEach(outages::passed);
        } else if (check.result() == Result.OFFLINE && failure != null && check.stage() != null) {
            outages.found(failure.hop(), check.stage(), failure.text(), now);
        }
    }

    private static @Nullable String offered(Target target, RouteLook look) {
        var failure = look.check().failure();
        return failure == null ? null : EnrollmentVerdict.offeredHostKey(failure, target.linkId());
    }

    private java.time.Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
