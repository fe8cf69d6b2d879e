package io.linkops.api;

import io.linkops.accounts.Accounts;
import io.linkops.accounts.Accounts.Principal;
import io.linkops.accounts.Accounts.Role;
import io.linkops.audit.Audit;
import io.linkops.bus.Bus;
import io.linkops.bus.Bytes;
import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import io.linkops.bus.Reply;
import io.linkops.bus.Request;
import io.linkops.figures.Figures;
import io.linkops.gitsync.GitSync;
import io.linkops.health.Health;
import io.linkops.inventory.Inventory;
import io.linkops.journal.Journals;
import io.linkops.notifications.Notifications;
import io.linkops.oidc.SingleSignOn;
import io.linkops.orchestrator.Operations;
import io.linkops.retention.Retention;
import io.linkops.schedules.Schedules;
import io.linkops.secrets.Secrets;
import io.linkops.tables.Tables;
import io.linkops.terminal.Terminals;
import io.linkops.vault.Parcel;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** All rooms behind the API: each question has a sensible answer until a test sets another one. */
final class FakeRooms {
    static final Instant THEN = Instant.parse("2030-01-01T12:00:00Z");

    /** Links that are in reach of somebody with a scope. */
    private static final List<String> EXAMPLES = List.of("vm-1", "vm-2", "vm-web-1");

    private final Bus bus;
    private final Map<Class<?>, Function<Object, Future<?>>> answers = new ConcurrentHashMap<>();
    private final Map<Class<?>, Object> asked = new ConcurrentHashMap<>();
    final Set<String> revoked = ConcurrentHashMap.newKeySet();
    /** What was recorded, in order. */
    final List<Audit.Note> notes = new java.util.concurrent.CopyOnWriteArrayList<>();

    private final Map<String, Principal> tickets = new ConcurrentHashMap<>();

    /** @param withAccounts false where the real accounts answer */
    FakeRooms(Bus bus, boolean withAccounts) {
        this.bus = bus;
        if (withAccounts) {
            accounts();
        }
        singleSignOn();
        audit();
        inventory();
        operations();
        git();
        tables();
        schedules();
        terminals();
        health();
        notifications();
        secrets();
    }

    /** From now on this is the answer. */
    <R extends Reply, Q extends Request<R>> void answer(Class<Q> type, Function<Q, R> answer) {
        answers.put(type, question -> Future.succeededFuture(answer.apply(type.cast(question))));
    }

    <R extends Reply, Q extends Request<R>> void answerLater(Class<Q> type, Function<Q, Future<R>> answer) {
        answers.put(type, question -> answer.apply(type.cast(question)));
    }

    /** From now on this fails. */
    <R extends Reply, Q extends Request<R>> void fail(Class<Q> type, RuntimeException failure) {
        answers.put(type, question -> Future.failedFuture(failure));
    }

    /** The last question of this type. */
    <Q> Q asked(Class<Q> type) {
        return java.util.Objects.requireNonNull(type.cast(asked.get(type)));
    }

    boolean wasAsked(Class<?> type) {
        return asked.containsKey(type);
    }

    void forget() {
        asked.clear();
    }

    private <R extends Reply, Q extends Request<R>> void room(Class<Q> type, Function<Q, R> answer) {
        answer(type, answer);
        bus.answer(type, question -> {
            asked.put(type, question);
            return this.<R>settable(question);
        });
    }

    @SuppressWarnings("unchecked")
    private <R extends Reply> Future<R> settable(Object question) {
        return (Future<R>) java.util.Objects.requireNonNull(answers.get(question.getClass()))
                .apply(question);
    }

    /** The token {@code viewer} is a viewer's, and so on. */
    static Principal principal(String token) {
        if (token.startsWith("scoped-")) {
            return scoped(principal(token.substring(7)), "tag:web");
        }
        if (token.startsWith("lost-")) {
            return scoped(principal(token.substring(5)), "tag:none");
        }
        for (var role : Role.values()) {
            if (Texts.word(role).equals(token)) {
                return new Principal(token + "-user", role, "jti-" + token, false, THEN.plusSeconds(1_000_000_000));
            }
        }
        throw new Failure(ErrorCode.TOKEN_INVALID, "This token is not valid; log in again");
    }

    private static Principal scoped(Principal whole, String target) {
        var scopes = target.equals("tag:web")
                ? List.of(new Accounts.Scope(List.of(target), List.of()))
                : List.of(new Accounts.Scope(List.of(target), List.of("none")));
        return new Principal(whole.username(), whole.role(), whole.tokenId(), false, whole.expiresAt(), scopes, 0);
    }

    private Principal authenticate(String token) {
        if (revoked.contains(token)) {
            throw new Failure(ErrorCode.TOKEN_INVALID, "This token was revoked; log in again");
        }
        return principal(token);
    }

    private void accounts() {
        room(Accounts.Authenticate.class, question -> authenticate(question.token()));
        room(Accounts.Login.class, question -> new Accounts.Session("operator", USER, THEN, THEN.plusSeconds(86_400)));
        room(Accounts.Recheck.class, question -> {
            var token = question.principal().tokenId().replaceFirst("^jti-", "");
            if (revoked.contains(token)) {
                throw new Failure(ErrorCode.TOKEN_INVALID, "This token was revoked; log in again");
            }
            return question.principal();
        });
        room(Accounts.Logout.class, question -> new Accounts.Done());
        room(Accounts.ChangePassword.class, question -> new Accounts.Done());
        room(Accounts.FindUsers.class, question -> new Accounts.Users(List.of(USER)));
        room(Accounts.CreateUser.class, question -> USER);
        room(Accounts.UpdateUser.class, question -> USER);
        room(Accounts.SignOut.class, question -> USER);
        room(Accounts.UnlockUser.class, question -> USER);
        room(Accounts.DeleteUser.class, question -> new Accounts.Done());
        room(Accounts.FindApiTokens.class, question -> new Accounts.ApiTokens(List.of(TOKEN)));
        room(Accounts.CreateApiToken.class, question -> TOKEN);
        room(Accounts.DeleteApiToken.class, question -> new Accounts.Done());
        room(Accounts.IssueTicket.class, question -> {
            var ticket = "ticket-" + tickets.size();
            tickets.put(ticket + question.resource(), question.principal());
            return new Accounts.Ticket(ticket, THEN.plusSeconds(30));
        });
        room(Accounts.RedeemTicket.class, question -> {
            var principal = tickets.remove(question.ticket() + question.resource());
            if (principal == null) {
                throw new Failure(ErrorCode.TOKEN_INVALID, "This ticket is not valid (any more); get a new one");
            }
            return principal;
        });
    }

    private void singleSignOn() {
        room(
                SingleSignOn.FindProvider.class,
                question -> new SingleSignOn.Provider("Keycloak", "https://id.example/logout?client_id=linkops"));
        room(
                SingleSignOn.Begin.class,
                question -> new SingleSignOn.Beginning("https://id.example/auth", "ticket", Duration.ofMinutes(10)));
        room(
                SingleSignOn.Complete.class,
                question -> new SingleSignOn.Entrance(
                        new Accounts.Session("operator", USER, THEN, THEN.plusSeconds(86_400)), "/links"));
    }

    private void audit() {
        room(Audit.Note.class, note -> {
            notes.add(note);
            return new Audit.Noted();
        });
        var entry = new Audit.Entry(
                new Audit.Who("alice", "jti-1", Audit.Auth.SESSION, "192.0.2.1"),
                "users.create",
                "users",
                "bob",
                Map.of("role", "viewer"),
                Audit.SUCCESS,
                "request-1");
        var row = new Audit.Row(7, THEN, entry, "0".repeat(64), "a".repeat(64));
        room(Audit.Find.class, question -> new Audit.Page(List.of(row), 7L, new Audit.Anchor(7, "a".repeat(64))));
        room(Audit.FindHead.class, question -> new Audit.Anchor(7, "a".repeat(64)));
        room(
                Audit.Export.class,
                question -> question.after() == 0 ? new Audit.Part("one\n", 1L) : new Audit.Part("two\n", null));
        room(
                Retention.FindStatus.class,
                question -> new Retention.Status(THEN, null, 1, 2, 3, 4, 5_000, 600, 70, true));
        room(Retention.FindFigures.class, question -> new Figures.Page("linkops_retention_operations 0.0\n"));
        room(Audit.FindFigures.class, question -> new Figures.Page("linkops_audit_waiting 0.0\n"));
    }

    private void inventory() {
        room(Inventory.FindLinks.class, question -> new Inventory.Links(List.of(link("vm-1"), link("vm-2"))));
        room(Inventory.FindLink.class, question -> link(question.id()));
        room(
                Inventory.FindReach.class,
                question -> question.targets().contains(List.of("tag:none"))
                        ? new Inventory.Reach(Set.of(), Set.of())
                        : new Inventory.Reach(Set.copyOf(EXAMPLES), null));
        room(Inventory.Resolve.class, question -> resolved());
        room(Inventory.FindScripts.class, question -> new Inventory.Scripts("abc123", List.of(SCRIPT)));
        room(Inventory.Verify.class, question -> Inventory.Enrollment.UNVERIFIED);
        room(
                Inventory.Enroll.class,
                question -> new Inventory.Enrolling(
                        List.of(new Inventory.EnrollStep(Inventory.EnrollStage.CONNECT, true, "Connected")),
                        null,
                        Inventory.Enrollment.UNVERIFIED));
        room(Inventory.ConfirmHostKey.class, question -> link(question.linkId()));
    }

    /** Every selector means vm-1. */
    private static Inventory.Targets resolved() {
        var route = new io.linkops.ssh.Route(
                List.of(new io.linkops.ssh.Hop("vm-1", "10.0.0.1", 22, "ops", null, List.of("SHA256:x"))));
        return new Inventory.Targets(List.of(
                new Inventory.Target("vm-1", route, "id", "/etc/linkops/client_id", Inventory.Enrollment.UNVERIFIED)));
    }

    private void schedules() {
        room(Schedules.FindSchedules.class, question -> new Schedules.All(List.of(schedule("nightly"))));
        room(Schedules.FindSchedule.class, question -> schedule(question.id()));
        room(Schedules.Save.class, question -> schedule(question.id()));
        room(Schedules.Switch.class, question -> schedule(question.id()));
        room(Schedules.Remove.class, question -> new Schedules.Done());
        room(Schedules.RunNow.class, question -> new Operations.Queued("op-9"));
        room(Schedules.FindFirings.class, question -> new Schedules.Firings(List.of(firing(question.schedule()))));
        room(Schedules.Preview.class, question -> new Schedules.Times(List.of(THEN)));
    }

    private static Schedules.Schedule schedule(String id) {
        var work = new GitSync.ScheduledWork(
                "30 4 * * 1-5",
                "Europe/Berlin",
                null,
                List.of("update"),
                Map.of("update", List.of("--dry-run")),
                List.of("tag:web"),
                null,
                false,
                false);
        return new Schedules.Schedule(id, work, Schedules.Source.GIT, true, null, null, THEN, firing(id));
    }

    private static Schedules.Firing firing(String id) {
        return new Schedules.Firing(id, THEN, Schedules.Outcome.MISSED, 3, null, "LinkOps was not running", THEN);
    }

    private void tables() {
        var columns = List.of(
                new Tables.Column("id", Tables.CellType.TEXT, true),
                new Tables.Column("targets", Tables.CellType.NUMBER, true));
        room(
                Tables.FindTables.class,
                question -> new Tables.Catalog(List.of(new Tables.Table(
                        "tbl_links", "Links", columns, List.of(new Tables.Sort("id", Tables.Direction.ASC)), false))));
        room(
                Tables.Query.class,
                question -> new Tables.Page(
                        question.table(), columns, List.of(new Tables.Row(List.of("vm-1", "7"))), "next", THEN));
    }

    private void operations() {
        room(Operations.Run.class, question -> new Operations.Queued("op-7"));
        room(Operations.VerifyLinks.class, question -> new Operations.Queued("op-8"));
        room(
                Operations.FindOperation.class,
                question -> new Operations.Operation(
                        summary(question.id()), List.of(execution()), List.of(INPUT), List.of("op-9")));
        room(
                Operations.FindVisible.class,
                question -> new Operations.Visible(
                        question.reach().hasLink("vm-1") ? Set.copyOf(question.ids()) : Set.of()));
        room(Operations.FindSummary.class, question -> summary(question.id()));
        room(
                Operations.FindGroups.class,
                question -> new Operations.Groups(List.of(new Operations.Group(
                        Operations.ExecutionStatus.FAILED,
                        1,
                        "0".repeat(64),
                        "1".repeat(64),
                        2,
                        List.of("vm-1", "vm-2"),
                        "ex-1"))));
        room(Operations.Hold.class, question -> new Operations.Holding(true));
        room(Operations.Resume.class, question -> new Operations.Resuming(true));
        room(Operations.Retry.class, question -> new Operations.Queued("op-9"));
        room(Operations.Preflight.class, question -> new Operations.Queued("op-10"));
        room(
                Operations.Rehearse.class,
                question -> new Operations.Rehearsal(
                        "abc123",
                        List.of(INPUT),
                        List.of(new Operations.RehearsedTarget(
                                "vm-1", List.of("vm-1 (ops@10.0.0.1:22)"), 1, "stale", "was verified too long ago")),
                        List.of(1),
                        5,
                        Operations.OnFailure.STOP,
                        false));
        room(Operations.FindOperations.class, question -> new Operations.Page(List.of(summary("op-7")), "op-7"));
        room(
                Operations.ReadOutput.class,
                question -> new Operations.OutputPage(
                        List.of(new Operations.Chunk(1, THEN, "stdout", Bytes.utf8("hello\n"))), null));
        room(Operations.Stop.class, question -> new Operations.Stopping(true));
    }

    private void health() {
        room(Health.CheckLink.class, question -> CHECK);
        room(Health.CheckLinks.class, question -> new Health.Checks(List.of(CHECK)));
        room(
                Health.FindHistory.class,
                question -> new Health.History(
                        question.linkId(),
                        question.from(),
                        question.to(),
                        List.of(new Health.Bucket(question.from(), question.to(), 3, 1, 4L, 9L, 9L)),
                        List.of(new Health.Change(
                                THEN,
                                Inventory.LinkStatus.ONLINE,
                                Inventory.LinkStatus.OFFLINE,
                                "vm-1",
                                "unreachable",
                                "It is down",
                                false))));
        room(Health.OpenWindow.class, question -> WINDOW);
        room(Health.EndWindow.class, question -> WINDOW);
        room(Health.FindWindows.class, question -> new Health.Windows(List.of(WINDOW)));
        room(Health.FindFigures.class, question -> new Figures.Page("linkops_links{status=\"online\"} 2.0\n"));
        room(GitSync.FindFigures.class, question -> new Figures.Page("linkops_git_sync_success 1.0\n"));
        room(Operations.FindFigures.class, question -> new Figures.Page("linkops_executions_running 0.0\n"));
        room(Journals.FindFigures.class, question -> new Figures.Page("linkops_journal_appends_total 0.0\n"));
        room(Journals.TryDatabase.class, question -> new Journals.Tried());
    }

    private void git() {
        room(
                GitSync.FindStatus.class,
                question -> new GitSync.Status(
                        GitSync.SyncState.SYNCED,
                        "https://git.example.com/f.git",
                        "main",
                        "abc123",
                        "Add",
                        THEN,
                        false,
                        SYNC,
                        null,
                        true,
                        new GitSync.Hooks(true, 3, 2, 1, THEN)));
        room(GitSync.FindSync.class, question -> new GitSync.SyncDetail(SYNC, DIFF));
        room(GitSync.ApproveHeld.class, question -> SYNC);
        room(GitSync.RejectHeld.class, question -> HELD);
        room(GitSync.Hook.class, question -> new GitSync.HookAnswer(GitSync.HookOutcome.PING, null));
        room(GitSync.WriteLink.class, question -> new GitSync.LinkWritten("abc123", SYNC));
        room(GitSync.Sync.class, question -> SYNC);
        room(GitSync.FindHistory.class, question -> new GitSync.History(List.of(SYNC)));
        room(GitSync.ReadFile.class, question -> new GitSync.Content(Bytes.utf8("#!/bin/bash\n"), "0".repeat(64)));
    }

    private void terminals() {
        room(Terminals.CreateWorkspace.class, question -> WORKSPACE);
        room(Terminals.FindWorkspaces.class, question -> new Terminals.Workspaces(List.of(WORKSPACE)));
        room(Terminals.FindWorkspace.class, question -> WORKSPACE);
        room(Terminals.NameWorkspace.class, question -> WORKSPACE);
        room(
                Terminals.FindNamed.class,
                question -> new Terminals.NamedWorkspaces(List.of(new Terminals.NamedWorkspace(
                        "web tier", Terminals.Layout.GRID2X1, Arrays.asList("vm-1", null), THEN))));
        room(Terminals.ForgetNamed.class, question -> new Terminals.Done());
        room(Terminals.AssignPanes.class, question -> WORKSPACE);
        room(Terminals.ConnectAll.class, question -> WORKSPACE);
        room(Terminals.DeleteWorkspace.class, question -> new Terminals.Done());
        room(Terminals.Share.class, question -> WORKSPACE);
        room(Terminals.Unshare.class, question -> WORKSPACE);
        room(Terminals.TakeOver.class, question -> WORKSPACE);
        room(Terminals.Attach.class, question -> new Terminals.Attached("attachment", WORKSPACE));
        room(Terminals.Detach.class, question -> new Terminals.Done());
        room(Terminals.FindRecordings.class, question -> new Terminals.Recordings(List.of(recording("00-1")), "00-1"));
        room(Terminals.FindRecording.class, question -> recording(question.id()));
        room(
                Terminals.ReadRecording.class,
                question -> new Terminals.RecordingPart(
                        question.from() == 0 ? Bytes.utf8("{\"version\": 2}\n") : Bytes.EMPTY));
        room(Terminals.DeleteRecording.class, question -> new Terminals.Done());
    }

    static final Terminals.Workspace WORKSPACE = new Terminals.Workspace(
            "workspace-1",
            "alice",
            "web tier",
            Terminals.Layout.GRID2X1,
            2,
            THEN,
            "alice",
            Map.of("bob", Terminals.ShareMode.WATCH),
            1,
            List.of(new Terminals.Pane(
                    0, "vm-1", Terminals.PaneStatus.CONNECTED, 0, 10, 80, 24, "00-1", null, null, null)));

    private static Terminals.Recording recording(String id) {
        return new Terminals.Recording(
                id, "workspace-1", 0, "vm-1", "alice", "alice", "10.0.0.9", THEN, null, null, null, 5, 10, null);
    }

    static final Health.Check CHECK = new Health.Check(
            "vm-1",
            Health.Result.OFFLINE,
            THEN,
            Duration.ofMillis(12),
            null,
            null,
            false,
            List.of(new Health.Stage("vm-1", "tcp", Duration.ofMillis(12), false)),
            "tcp",
            "vm-1",
            "unreachable",
            "It is down",
            Inventory.LinkStatus.OFFLINE,
            null);
    static final Health.Window WINDOW = new Health.Window(
            "mw-1",
            List.of("tag:web"),
            List.of("vm-1"),
            THEN,
            THEN.plusSeconds(3_600),
            "New kernel",
            "alice",
            THEN,
            null);

    private void notifications() {
        room(Notifications.FindChannels.class, question -> new Notifications.Channels(List.of(CHANNEL)));
        room(
                Notifications.CreateChannel.class,
                question -> new Notifications.CreatedChannel(CHANNEL, "whsec_0123456789abcdef"));
        room(Notifications.UpdateChannel.class, question -> CHANNEL);
        room(Notifications.DeleteChannel.class, question -> new Notifications.Deleted());
        room(Notifications.TestChannel.class, question -> new Notifications.Tested("d-1", true, 200, null, 12));
        room(Notifications.FindDeliveries.class, question -> new Notifications.Deliveries(List.of(DELIVERY)));
        room(Notifications.RetryDelivery.class, question -> DELIVERY);
    }

    private void secrets() {
        var recipient = new Parcel.Recipient();
        room(Secrets.FindSecrets.class, question -> new Secrets.Listed(List.of(SECRET), "0123456789abcdef", false));
        room(Secrets.FindAddress.class, question -> new Secrets.Address(Bytes.of(recipient.address())));
        room(Secrets.PutSecret.class, question -> SECRET);
        room(Secrets.DeleteSecret.class, question -> new Secrets.Deleted());
        room(Secrets.RotateMaster.class, question -> new Secrets.Rotated("0123456789abcdef", 3));
    }

    static final Secrets.Known SECRET = new Secrets.Known("fleet-token", THEN, "alice", THEN, "bob");

    static final Notifications.Channel CHANNEL = new Notifications.Channel(
            "ch-1",
            "Chat",
            Notifications.ChannelKind.WEBHOOK,
            "https://chat.example.com/hook",
            List.of(),
            List.of(Notifications.Topic.OPERATION_FAILED),
            List.of(Operations.Kind.SCRIPT),
            List.of("tag:web"),
            true,
            THEN,
            "alice",
            THEN,
            "The receiver answered 503",
            null,
            1);
    static final Notifications.Delivery DELIVERY = new Notifications.Delivery(
            "d-1",
            "ch-1",
            Notifications.Topic.OPERATION_FAILED,
            "Operation update (op-1) on 1 link ended: failed",
            Notifications.DeliveryStatus.WAITING,
            1,
            THEN,
            THEN.plusSeconds(10),
            503,
            "The receiver answered 503",
            null);
    static final Accounts.User USER = new Accounts.User("alice", Role.OPERATOR, false, THEN, null);
    static final Accounts.ApiToken TOKEN =
            new Accounts.ApiToken("tok_1", "ci", "alice", Role.VIEWER, THEN, null, null, "linkops_secret");
    static final Inventory.Script SCRIPT = new Inventory.Script(
            "update",
            "Update",
            "Updates",
            "scripts/update.sh",
            Duration.ofMinutes(5),
            List.of("--dry-run"),
            List.of(),
            null,
            Inventory.Durable.AUTO,
            List.of(new Inventory.Parameter(
                    "level",
                    Inventory.ParameterType.INT,
                    "How much",
                    "--level",
                    null,
                    1L,
                    9L,
                    List.of(),
                    null,
                    4096,
                    "3",
                    false)),
            List.of("sudo"));
    static final Operations.ScriptInput INPUT = new Operations.ScriptInput(
            "update",
            "scripts/update.sh",
            "update.sh",
            "0".repeat(64),
            List.of(),
            List.of("--dry-run"),
            Duration.ofMinutes(5),
            Map.of("A", "b"),
            Map.of("TOKEN", "token"),
            Map.of("level", "3"),
            false);
    static final GitSync.SyncResult SYNC = new GitSync.SyncResult(
            3,
            "alice",
            THEN,
            THEN.plusMillis(1_234),
            true,
            true,
            false,
            "abc123",
            null,
            null,
            new Inventory.Replaced(List.of("vm-1"), List.of(), List.of(), 1, 1),
            List.of("vm-1 and vm-2 have the same client id"),
            null,
            null);

    static final GitSync.Diff DIFF = new GitSync.Diff(
            "0".repeat(40),
            "abc123",
            false,
            List.of(new GitSync.LinkChange(
                    "vm-1", GitSync.Change.CHANGED, List.of(new GitSync.FieldChange("port", "22", "2222")))),
            0,
            List.of(new GitSync.ScriptChange("update", GitSync.Change.ADDED, null, "0".repeat(64), List.of())),
            0,
            List.of(new GitSync.CommitLine("abc123", "Alice", "Add")),
            0,
            List.of("links.yaml"),
            0);
    static final GitSync.Held HELD = new GitSync.Held(
            "abc123",
            "0".repeat(40),
            3,
            "Add",
            THEN,
            List.of(new GitSync.HoldReason(
                    GitSync.HoldRule.HOST_KEY_CHANGED, "vm-1", "Link vm-1 would get another pinned host key")),
            THEN,
            "alice",
            THEN);

    static Inventory.LinkState link(String id) {
        var link = new Inventory.Link(
                id,
                "VM",
                "hetzner",
                "10.0.0.1",
                22,
                "ops",
                List.of("web"),
                "LINKOPS-1",
                "/etc/linkops/client_id",
                null,
                null,
                null,
                Map.of("rack", "r1"));
        return new Inventory.LinkState(
                link,
                Inventory.Enrollment.UNVERIFIED,
                new Inventory.HostKey(List.of("SHA256:x"), null),
                false,
                THEN,
                12L,
                null,
                false);
    }

    static Operations.Summary summary(String id) {
        return new Operations.Summary(
                id,
                Operations.Kind.SCRIPT,
                Operations.Status.RUNNING,
                List.of("update"),
                List.of("tag:web"),
                1,
                5,
                "abc123",
                "alice",
                THEN,
                THEN,
                null,
                Map.of(Operations.ExecutionStatus.RUNNING, 1),
                null,
                new Operations.Progress(new Operations.Batches(1, null, Duration.ofSeconds(5), 0, null, 1, true), 1, 2),
                new Operations.Pause("by_hand", null, "alice"),
                "op-6");
    }

    static Operations.Execution execution() {
        return new Operations.Execution(
                "ex-1",
                0,
                "vm-1",
                "update",
                List.of("--dry-run"),
                "0".repeat(64),
                Operations.ExecutionStatus.RUNNING,
                THEN,
                null,
                null,
                null,
                null,
                0,
                false,
                null,
                null,
                null,
                null,
                null);
    }
}
