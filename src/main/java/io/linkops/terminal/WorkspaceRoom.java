package io.linkops.terminal;

import io.linkops.bus.Bus;
import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import io.linkops.config.SecurityConfig;
import io.linkops.config.TerminalConfig;
import io.linkops.inventory.Inventory;
import io.linkops.inventory.Inventory.Target;
import io.linkops.terminal.Terminals.AccessEnded;
import io.linkops.terminal.Terminals.Actor;
import io.linkops.terminal.Terminals.AssignPanes;
import io.linkops.terminal.Terminals.Assignment;
import io.linkops.terminal.Terminals.CreateWorkspace;
import io.linkops.terminal.Terminals.NameWorkspace;
import io.linkops.terminal.Terminals.NamedWorkspace;
import io.linkops.terminal.Terminals.PaneChanged;
import io.linkops.terminal.Terminals.Share;
import io.linkops.terminal.Terminals.TypistChanged;
import io.linkops.terminal.Terminals.Unshare;
import io.linkops.terminal.Terminals.Workspace;
import io.linkops.terminal.Terminals.WorkspaceClosed;
import io.linkops.terminal.Terminals.Workspaces;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** All workspaces that are there: made, assigned, shared, taken over, ended. */
final class WorkspaceRoom {
    /** Within the patience of whoever assigns. */
    private static final Duration LOOK_LIMIT = Duration.ofSeconds(20);

    private static final int MAX_SHARES = 50;
    private static final int MAX_NAMED = 50;

    private final Vertx vertx;
    private final Bus bus;
    private final TerminalConfig config;
    private final TerminalStore store;
    private final NamedWorkspaceStore named;
    private final Shells shells;
    private final AssignPlan plan;
    private final Ids ids;
    private final InstantSource clock;
    /** Oldest first. */
    private final Map<String, ActiveWorkspace> byId = new LinkedHashMap<>();

    WorkspaceRoom(
            Vertx vertx,
            Bus bus,
            TerminalConfig config,
            SecurityConfig security,
            TerminalStore store,
            NamedWorkspaceStore named,
            Shells shells,
            Ids ids,
            InstantSource clock) {
        this.vertx = vertx;
        this.bus = bus;
        this.config = config;
        this.store = store;
        this.named = named;
        this.shells = shells;
        this.plan = new AssignPlan(security.enrollmentMaxAge());
        this.ids = ids;
        this.clock = clock;
    }

    Collection<ActiveWorkspace> all() {
        return List.copyOf(byId.values());
    }

    boolean has(ActiveWorkspace workspace) {
        return byId.containsKey(workspace.id());
    }

    /** Not there and not yours to see are the same answer. */
    ActiveWorkspace find(Actor actor, String id) {
        var workspace = byId.get(id);
        if (workspace == null || !workspace.maySee(actor)) {
            throw new Failure(ErrorCode.WORKSPACE_NOT_FOUND, "There is no such workspace; it may have been closed");
        }
        return workspace;
    }

    private ActiveWorkspace manage(Actor actor, String id) {
        var workspace = find(actor, id);
        if (!workspace.mayManage(actor)) {
            throw new Failure(
                    ErrorCode.FORBIDDEN, "Only " + workspace.owner() + ", whose workspace it is, may do this");
        }
        return workspace;
    }

    Future<Workspace> create(CreateWorkspace order) {
        int most = Math.min(order.layout().panes(), config.maxPanesPerWorkspace());
        int panes = Objects.requireNonNullElse(order.maxPanes(), most);
        if (panes < 1 || panes > most) {
            throw new Failure(
                    ErrorCode.VALIDATION_FAILED,
                    "max_panes must be from 1 to " + most + " for this layout",
                    Map.of("fields", Map.of("max_panes", "must be from 1 to " + most)));
        }
        var owner = order.actor().username();
        refuseTooMany(owner);
        var workspace = new ActiveWorkspace(
                ids.unguessable(), owner, order.layout(), panes, config.scrollback(), clock.instant());
        var name = order.name();
        if (name != null) {
            refuseUsed(owner, name);
            workspace.name(name);
        }
        byId.put(workspace.id(), workspace);
        Future<?> isRoom = name == null ? Future.succeededFuture() : refuseTooManyNamed(owner, name);
        return isRoom.compose(_ -> store.insert(workspace))
                .map(_ -> workspace.shown())
                .onFailure(_ -> byId.remove(workspace.id()));
    }

    // ---- names ---------------------------------------------------------------------------------------------------

    Future<Workspace> name(NameWorkspace order) {
        var workspace = manage(order.actor(), order.id());
        var name = order.name();
        if (name.equals(workspace.name())) {
            return Future.succeededFuture(workspace.shown());
        }
        refuseUsed(workspace.owner(), name);
        return refuseTooManyNamed(workspace.owner(), name)
                .compose(found -> {
                    if (found.stream().anyMatch(each -> each.name().equals(name))) {
                        throw used(workspace.owner(), name);
                    }
                    // it may have been given away, or this one closed, while the database was asked
                    refuseUsed(workspace.owner(), name);
                    var _ = find(order.actor(), order.id());
                    var before = workspace.name();
                    var written = named.name(workspace, name, clock.instant());
                    workspace.name(name);
                    return written.onFailure(_ -> workspace.name(before));
                })
                .map(_ -> workspace.shown());
    }

    private void refuseUsed(String owner, String name) {
        if (byId.values().stream().anyMatch(each -> each.owner().equals(owner) && name.equals(each.name()))) {
            throw used(owner, name);
        }
    }

    private static Failure used(String owner, String name) {
        return new Failure(
                ErrorCode.CONFLICT,
                owner + " has a workspace named " + name + " already; choose another name, or open or forget that one");
    }

    private Future<List<NamedWorkspace>> refuseTooManyNamed(String owner, String name) {
        return named.of(owner).map(found -> {
            if (found.size() >= MAX_NAMED
                    && found.stream().noneMatch(each -> each.name().equals(name))) {
                throw new Failure(
                        ErrorCode.RATE_LIMITED,
                        owner + " has " + MAX_NAMED
                                + " named workspaces, which is as many as there may be; forget one");
            }
            return found;
        });
    }

    Future<Terminals.NamedWorkspaces> named(Actor actor) {
        return named.of(actor.username())
                .map(found -> new Terminals.NamedWorkspaces(
                        found.stream().map(each -> withinReach(actor, each)).toList()));
    }

    private static NamedWorkspace withinReach(Actor actor, NamedWorkspace found) {
        var links = new ArrayList<@Nullable String>();
        found.links().forEach(link -> links.add(actor.reaches(link) ? link : null));
        return new NamedWorkspace(found.name(), found.layout(), links, found.changedAt());
    }

    Future<Void> forget(Actor actor, String name) {
        return named.of(actor.username()).compose(found -> {
            if (found.stream().noneMatch(each -> each.name().equals(name))) {
                throw new Failure(ErrorCode.NOT_FOUND, "Nothing is remembered under this name");
            }
            byId.values().stream()
                    .filter(each -> each.owner().equals(actor.username()) && name.equals(each.name()))
                    .forEach(each -> each.name(null));
            return named.forget(actor.username(), name);
        });
    }

    private void refuseTooMany(String owner) {
        if (byId.size() >= config.maxWorkspaces()) {
            throw new Failure(
                    ErrorCode.RATE_LIMITED,
                    "All " + config.maxWorkspaces() + " workspaces are in use; close one, or raise"
                            + " terminal.max_workspaces",
                    Map.of("max_workspaces", config.maxWorkspaces()));
        }
        long own = byId.values().stream()
                .filter(workspace -> workspace.owner().equals(owner))
                .count();
        if (own >= config.maxWorkspacesPerUser()) {
            throw new Failure(
                    ErrorCode.RATE_LIMITED,
                    "You have " + own + " workspaces, which is as many as one user may; close one, or raise"
                            + " terminal.max_workspaces_per_user",
                    Map.of("max_workspaces_per_user", config.maxWorkspacesPerUser()));
        }
    }

    Workspaces list(Actor actor) {
        var seen = new ArrayList<Workspace>();
        byId.values().stream().filter(each -> each.maySee(actor)).forEach(each -> seen.addFirst(each.shown()));
        return new Workspaces(seen);
    }

    // ---- panes ---------------------------------------------------------------------------------------------------

    Future<Workspace> assign(AssignPanes order) {
        var workspace = manage(order.actor(), order.id());
        AssignPlan.check(workspace, order.panes());
        var links = order.panes().stream()
                .map(Assignment::link)
                .filter(Objects::nonNull)
                .distinct()
                .toList();
        refuseOutOfReach(order.actor(), links);
        Future<List<Target>> targets = links.isEmpty() ? Future.succeededFuture(List.of()) : targets(links);
        return targets.compose(found -> {
                    plan.check(order.panes(), found, clock.instant());
                    // a shell may have been opened while links were looked at
                    AssignPlan.check(find(order.actor(), order.id()), order.panes());
                    return store.assign(workspace, order.panes(), order.actor().username(), clock.instant());
                })
                .map(_ -> assigned(workspace, order.panes()));
    }

    /** As if they were not there. */
    private static void refuseOutOfReach(Actor actor, List<String> links) {
        for (var link : links) {
            if (!actor.reaches(link)) {
                throw new Failure(ErrorCode.LINK_NOT_FOUND, "There is no link " + link);
            }
        }
    }

    private Workspace assigned(ActiveWorkspace workspace, List<Assignment> panes) {
        for (var assignment : panes) {
            var pane = workspace.pane(assignment.pane());
            if (!pane.isOpen()) {
                pane.assign(assignment.link());
                pane.arrived();
                bus.publish(new PaneChanged(workspace.id(), pane.shown()));
            }
        }
        return workspace.shown();
    }

    /** Exact ids only: a selector must not name more links than were meant. */
    private Future<List<Target>> targets(List<String> links) {
        return Future.all(links.stream()
                        .map(link -> bus.request(new Inventory.FindLink(link)))
                        .toList())
                .compose(_ -> resolve(links))
                .compose(targets -> look(links, targets));
    }

    private Future<List<Target>> resolve(List<String> links) {
        return bus.request(new Inventory.Resolve(links)).map(Inventory.Targets::targets);
    }

    private Future<List<Target>> look(List<String> links, List<Target> targets) {
        var unknown = plan.unknown(targets, clock.instant());
        if (unknown.isEmpty()) {
            return Future.succeededFuture(targets);
        }
        var looks = Future.join(unknown.stream()
                .map(link -> bus.request(new Inventory.Verify(link), LOOK_LIMIT))
                .toList());
        return Future.any(looks.otherwiseEmpty(), vertx.timer(LOOK_LIMIT.toMillis()))
                .transform(_ -> resolve(links));
    }

    Workspace connectAll(Actor actor, String id) {
        var workspace = find(actor, id);
        if (!workspace.mayManage(actor) && !workspace.mayType(actor)) {
            throw new Failure(ErrorCode.FORBIDDEN, workspace.typist() + " types here; take over first");
        }
        for (var pane : workspace.panes()) {
            if (Shells.isIdle(pane)) {
                shells.connect(workspace, pane, actor);
            }
        }
        return workspace.shown();
    }

    // ---- people --------------------------------------------------------------------------------------------------

    Workspace share(Share order) {
        var workspace = manage(order.actor(), order.id());
        if (order.user().equals(workspace.owner())) {
            throw new Failure(ErrorCode.VALIDATION_FAILED, "It is " + order.user() + "'s own workspace");
        }
        if (workspace.shares().size() >= MAX_SHARES && !workspace.shares().containsKey(order.user())) {
            throw new Failure(ErrorCode.RATE_LIMITED, "A workspace is shared with " + MAX_SHARES + " users at most");
        }
        workspace.shares().put(order.user(), order.mode());
        giveBackTyping(workspace, order.user());
        workspace.look(clock.instant());
        return workspace.shown();
    }

    Workspace unshare(Unshare order) {
        var workspace = manage(order.actor(), order.id());
        if (workspace.shares().remove(order.user()) == null) {
            throw new Failure(ErrorCode.NOT_FOUND, "The workspace is not shared with " + order.user());
        }
        giveBackTyping(workspace, order.user());
        bus.publish(new AccessEnded(workspace.id(), order.user()));
        workspace.look(clock.instant());
        return workspace.shown();
    }

    /** Whose share does not allow it any more does not go on typing. An admin's right comes from elsewhere. */
    private void giveBackTyping(ActiveWorkspace workspace, String user) {
        if (workspace.typist().equals(user)
                && !workspace.mayTakeOver(new Actor(user, false, ""))
                && workspace.attachments().values().stream()
                        .noneMatch(each -> each.actor().username().equals(user)
                                && each.actor().isAdmin())) {
            workspace.typist(workspace.owner());
            bus.publish(new TypistChanged(workspace.id(), workspace.owner()));
        }
    }

    Workspace takeOver(Actor actor, String id) {
        var workspace = find(actor, id);
        if (!workspace.mayTakeOver(actor)) {
            throw new Failure(ErrorCode.FORBIDDEN, "The workspace is shared with you for watching only");
        }
        if (!workspace.typist().equals(actor.username())) {
            workspace.typist(actor.username());
            bus.publish(new TypistChanged(workspace.id(), actor.username()));
            workspace.look(clock.instant());
        }
        return workspace.shown();
    }

    // ---- ends ----------------------------------------------------------------------------------------------------

    Future<Void> delete(Actor actor, String id) {
        return remove(manage(actor, id), "deleted");
    }

    /** Sockets hear of it first; the shells end on their own. */
    Future<Void> remove(ActiveWorkspace workspace, String reason) {
        byId.remove(workspace.id());
        endShells(workspace, reason);
        workspace.panes().forEach(pane -> pane.ring().clear());
        bus.publish(new WorkspaceClosed(workspace.id(), reason));
        return store.close(workspace.id(), reason, clock.instant());
    }

    void endShells(ActiveWorkspace workspace, String reason) {
        for (var pane : workspace.panes()) {
            end(workspace, pane, reason);
        }
    }

    void end(ActiveWorkspace workspace, ActivePane pane, String reason) {
        boolean isConnecting = pane.status() == Terminals.PaneStatus.CONNECTING;
        if (pane.end(reason) && isConnecting) {
            bus.publish(new PaneChanged(workspace.id(), pane.shown()));
        }
    }

    /** Shells that nobody comes back to, and workspaces that nobody uses. */
    void sweep() {
        var now = clock.instant();
        for (var workspace : all()) {
            if (workspace.isAbandonedSince(now.minus(config.reattach()))) {
                endShells(workspace, "abandoned");
            }
            workspace.look(now);
            if (workspace.isUnusedSince(now.minus(config.idleTimeout()))) {
                var _ = remove(workspace, "expired");
            }
        }
    }
}
