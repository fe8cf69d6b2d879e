package io.linkops.api;

import io.linkops.accounts.Accounts;
import io.linkops.accounts.Accounts.Principal;
import io.linkops.accounts.Accounts.Role;
import io.linkops.bus.Bus;
import io.linkops.bus.Bytes;
import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import io.linkops.bus.Reply;
import io.linkops.bus.Request;
import io.linkops.gitsync.GitSync;
import io.linkops.inventory.Inventory;
import io.linkops.orchestrator.Operations;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** All rooms behind the API: each question has a sensible answer until a test sets another one. */
final class FakeRooms {
    static final Instant THEN = Instant.parse("2030-01-01T12:00:00Z");

    private final Bus bus;
    private final Map<Class<?>, Function<Object, Future<?>>> answers = new ConcurrentHashMap<>();
    private final Map<Class<?>, Object> asked = new ConcurrentHashMap<>();
    final Set<String> revoked = ConcurrentHashMap.newKeySet();
    private final Map<String, Principal> tickets = new ConcurrentHashMap<>();

    /** @param withAccounts false where the real accounts answer */
    FakeRooms(Bus bus, boolean withAccounts) {
        this.bus = bus;
        if (withAccounts) {
            accounts();
        }
        inventory();
        operations();
        git();
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
        for (var role : Role.values()) {
            if (Texts.word(role).equals(token)) {
                return new Principal(token + "-user", role, "jti-" + token, false, THEN.plusSeconds(1_000_000_000));
            }
        }
        throw new Failure(ErrorCode.TOKEN_INVALID, "This token is not valid; log in again");
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
        room(Accounts.Logout.class, question -> new Accounts.Done());
        room(Accounts.ChangePassword.class, question -> new Accounts.Done());
        room(Accounts.FindUsers.class, question -> new Accounts.Users(List.of(USER)));
        room(Accounts.CreateUser.class, question -> USER);
        room(Accounts.UpdateUser.class, question -> USER);
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

    private void inventory() {
        room(Inventory.FindLinks.class, question -> new Inventory.Links(List.of(link("vm-1"), link("vm-2"))));
        room(Inventory.FindLink.class, question -> link(question.id()));
        room(Inventory.FindScripts.class, question -> new Inventory.Scripts("abc123", List.of(SCRIPT)));
        room(Inventory.Verify.class, question -> Inventory.Enrollment.UNVERIFIED);
        room(Inventory.ConfirmHostKey.class, question -> link(question.linkId()));
    }

    private void operations() {
        room(Operations.Run.class, question -> new Operations.Queued("op-7"));
        room(Operations.VerifyLinks.class, question -> new Operations.Queued("op-8"));
        room(
                Operations.FindOperation.class,
                question -> new Operations.Operation(
                        summary(question.id()), List.of(execution()), List.of(INPUT), List.of("op-9")));
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

    private void git() {
        room(
                GitSync.FindStatus.class,
                question -> new GitSync.Status(
                        "https://git.example.com/f.git", "main", "abc123", "Add", THEN, false, SYNC));
        room(GitSync.Sync.class, question -> SYNC);
        room(GitSync.FindHistory.class, question -> new GitSync.History(List.of(SYNC)));
        room(GitSync.ReadFile.class, question -> new GitSync.Content(Bytes.utf8("#!/bin/bash\n"), "0".repeat(64)));
    }

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
            "abc123",
            new Inventory.Replaced(List.of("vm-1"), List.of(), List.of(), 1, 1),
            List.of("vm-1 and vm-2 have the same client id"),
            null,
            null);

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
                12L);
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
