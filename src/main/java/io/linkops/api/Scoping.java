package io.linkops.api;

import io.linkops.accounts.Accounts.Principal;
import io.linkops.accounts.Accounts.Scope;
import io.linkops.bus.Bus;
import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import io.linkops.bus.Reply;
import io.linkops.bus.Request;
import io.linkops.health.Health;
import io.linkops.inventory.Inventory;
import io.linkops.inventory.Inventory.Reach;
import io.linkops.orchestrator.Operations;
import io.linkops.schedules.Schedules;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;

/**
 * Holds those with a scope to it (decision 15). One rule everywhere: outside of the scope nothing exists. Links and
 * scripts out of it, and whatever touches only one of them, are answered as if they were not there; selectors choose
 * among what is left.
 */
final class Scoping {
    private final Bus bus;

    Scoping(Bus bus) {
        this.bus = bus;
    }

    /** Completes when the endpoint may be used for what the path names; the call then knows its reach. */
    Future<Void> admit(Call call, Endpoint endpoint) {
        if (endpoint.access() == Access.OPEN || !call.principal().isScoped()) {
            return Future.succeededFuture();
        }
        var rule = ScopeRule.of(endpoint);
        if (rule == ScopeRule.CLOSED) {
            throw forbidden("This is about the whole fleet, and your scope is narrower than that");
        }
        return rule == ScopeRule.FREE
                ? Future.succeededFuture()
                : reach(call.principal()).compose(reach -> {
                    call.reaches(reach);
                    return hold(call, rule, reach);
                });
    }

    /** What is left of the fleet for somebody now. */
    Future<Reach> reach(Principal principal) {
        return principal.isScoped() ? bus.request(question(principal.scopes())) : Future.succeededFuture(Reach.ALL);
    }

    private static Inventory.FindReach question(List<Scope> scopes) {
        return new Inventory.FindReach(
                scopes.stream()
                        .map(Scope::targets)
                        .filter(list -> !list.isEmpty())
                        .toList(),
                scopes.stream()
                        .map(Scope::scripts)
                        .filter(list -> !list.isEmpty())
                        .toList());
    }

    private Future<Void> hold(Call call, ScopeRule rule, Reach reach) {
        return switch (rule) {
            case LINK -> link(call.part("id"), reach);
            case SCRIPT -> script(call.part("id"), reach);
            case OPERATION -> operation(call.part("id"), reach);
            case SCHEDULE -> schedule(call, reach);
            case WINDOW -> window(call.part("id"), reach);
            case TERMINAL -> terminal(reach);
            case FREE, HELD -> Future.succeededFuture();
            case CLOSED -> throw new IllegalStateException("closed is not held");
        };
    }

    private static Future<Void> link(String id, Reach reach) {
        if (!reach.hasLink(id)) {
            throw new Failure(ErrorCode.LINK_NOT_FOUND, "There is no link " + Call.shortened(id));
        }
        return Future.succeededFuture();
    }

    private static Future<Void> script(String id, Reach reach) {
        requireScripts(reach, List.of(id));
        return Future.succeededFuture();
    }

    /** As the inventory says it of scripts there are not. */
    static void requireScripts(Reach reach, List<String> ids) {
        for (var id : ids) {
            if (!reach.hasScript(id)) {
                throw new Failure(
                        ErrorCode.SCRIPT_NOT_FOUND,
                        "There is no script " + Call.shortened(id) + "; GET /api/scripts lists all there are",
                        Map.of("script", Call.shortened(id)));
            }
        }
    }

    private Future<Void> operation(String id, Reach reach) {
        return bus.request(new Operations.FindVisible(List.of(id), reach)).map(visible -> {
            if (!visible.ids().contains(id)) {
                throw new Failure(ErrorCode.OPERATION_NOT_FOUND, "There is no operation " + Call.shortened(id));
            }
            return null;
        });
    }

    /** One that is to be made is not there yet. */
    private Future<Void> schedule(Call call, Reach reach) {
        var id = call.part("id");
        return bus.request(new Schedules.FindSchedule(id))
                .compose(found -> isWithin(found, reach))
                .recover(cause ->
                        isMissing(cause) && call.request().method().name().equals("PUT")
                                ? Future.succeededFuture(true)
                                : Future.failedFuture(cause))
                .map(isWithin -> {
                    if (!isWithin) {
                        throw new Failure(ErrorCode.NOT_FOUND, "There is no schedule " + Call.shortened(id));
                    }
                    return null;
                });
    }

    /** As its selectors choose now; one whose targets cannot be told is not within anything. */
    Future<Boolean> isWithin(Schedules.Schedule schedule, Reach reach) {
        if (!reach.hasScripts(schedule.work().scripts())) {
            return Future.succeededFuture(false);
        }
        return reach.links() == null
                ? Future.succeededFuture(true)
                : bus.request(new Inventory.Resolve(schedule.work().targets()))
                        .map(targets -> reach.hasLinks(targets.targets().stream()
                                .map(Inventory.Target::linkId)
                                .toList()))
                        .otherwise(false);
    }

    private Future<Void> window(String id, Reach reach) {
        return bus.request(new Health.FindWindows(true)).map(windows -> {
            if (windows.windows().stream().noneMatch(each -> each.id().equals(id) && reach.hasLinks(each.links()))) {
                throw new Failure(ErrorCode.NOT_FOUND, "There is no maintenance window " + Call.shortened(id));
            }
            return null;
        });
    }

    private static Future<Void> terminal(Reach reach) {
        if (reach.scripts() != null) {
            throw forbidden("A shell runs anything, and your scope allows certain scripts only");
        }
        return Future.succeededFuture();
    }

    /** The selectors, or, where there is a scope, the links they choose in it. */
    Future<List<String>> targets(Call call, List<String> selectors) {
        return call.reach().links() == null
                ? Future.succeededFuture(selectors)
                : bus.request(new Inventory.Resolve(selectors, call.reach().links()))
                        .map(targets -> targets.targets().stream()
                                .map(Inventory.Target::linkId)
                                .toList());
    }

    /** Asks for something with targets, once these are within reach. */
    <R extends Reply> Future<R> ask(
            Call call, List<String> selectors, java.util.function.Function<List<String>, Request<R>> question) {
        return targets(call, selectors).compose(targets -> bus.request(question.apply(targets)));
    }

    private static boolean isMissing(Throwable cause) {
        return cause instanceof Failure failure && failure.code() == ErrorCode.NOT_FOUND;
    }

    private static Failure forbidden(String message) {
        return new Failure(ErrorCode.FORBIDDEN, message, Map.of("scope", true));
    }
}
