package io.linkops.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkops.accounts.Accounts;
import io.linkops.audit.Audit;
import io.linkops.audit.Audit.Auth;
import io.linkops.audit.Audit.Note;
import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the API records, and what it refuses where it cannot record. */
class AuditTrailTest {
    private final TestApi api = new TestApi();

    @AfterEach
    void stop() {
        api.close();
    }

    private Http.Response send(String method, String path, String body, String who) {
        return api.http.send(method, path, body, TestApi.as(who));
    }

    private static Failure full() {
        return new Failure(ErrorCode.STORAGE_FULL, "The disk is full");
    }

    @Test
    void anAdminsChangeIsOnRecordBeforeItIsMadeAndAfterIt() {
        send(
                "POST",
                "/api/users",
                "{\"username\":\"bob\",\"password\":\"secret-value-1\",\"role\":\"viewer\"}",
                "admin");
        assertThat(api.rooms.notes)
                .extracting(note -> note.entry().action() + " " + note.entry().result() + " " + note.isKept())
                .containsExactly("users.create begun false", "users.create success true");
        var entry = api.rooms.notes.getLast().entry();
        assertThat(entry.who().user()).isEqualTo("admin-user");
        assertThat(entry.who().auth()).isEqualTo(Auth.SESSION);
        assertThat(entry.who().tokenId()).isEqualTo("jti-admin");
        assertThat(entry.who().address()).isEqualTo("127.0.0.1");
        assertThat(entry.resource()).isEqualTo("alice");
        assertThat(entry.details())
                .isEqualTo(Map.of("username", "bob", "role", "viewer", "fields", "password,role,username"));
        assertThat(entry.requestId()).startsWith("request-");
        assertThat(api.rooms.notes.toString()).doesNotContain("secret-value-1");
    }

    @Test
    void anAdminsChangeThatCannotBeRecordedIsNotMade() {
        api.rooms.fail(Note.class, full());
        var answer = send("DELETE", "/api/users/bob", null, "admin");
        assertThat(answer.status()).isEqualTo(507);
        assertThat(api.rooms.wasAsked(Accounts.DeleteUser.class)).isFalse();
    }

    @Test
    void aSensitiveReadThatCannotBeRecordedIsNotAnswered() {
        api.rooms.fail(Note.class, full());
        assertThat(send("GET", "/api/users", null, "admin").status()).isEqualTo(507);
        assertThat(send("GET", "/api/operations/op-1/executions/ex-1/output", null, "viewer")
                        .status())
                .isEqualTo(507);
        assertThat(send("GET", "/api/links", null, "viewer").status()).isEqualTo(200);
    }

    @Test
    void aChangeThatWasMadeIsAnsweredThoughItIsRecordedLater() {
        api.rooms.fail(Note.class, full());
        var answer = send("POST", "/api/operations/op-1/stop", null, "operator");
        assertThat(answer.status()).isEqualTo(202);
        assertThat(api.rooms.asked(Note.class).isKept()).isTrue();
    }

    @Test
    void aFailureIsRecordedWithItsCode() {
        api.rooms.fail(Accounts.Login.class, new Failure(ErrorCode.INVALID_CREDENTIALS, "wrong"));
        api.http.send("POST", "/api/auth/login", "{\"username\":\"eve\",\"password\":\"guess-guess\"}");
        var entry = api.rooms.notes.getLast().entry();
        assertThat(entry.action()).isEqualTo("auth.login");
        assertThat(entry.result()).isEqualTo("INVALID_CREDENTIALS");
        assertThat(entry.who().user()).isEqualTo("eve");
        assertThat(entry.who().auth()).isEqualTo(Auth.PASSWORD);
        assertThat(entry.toString()).doesNotContain("guess-guess");
    }

    /** People type it into the wrong field; the audit keeps it for years. */
    @Test
    void aPasswordTypedAsANameIsNotRecorded() {
        api.rooms.fail(Accounts.Login.class, new Failure(ErrorCode.INVALID_CREDENTIALS, "wrong"));
        api.http.send("POST", "/api/auth/login", "{\"username\":\"My dog's name!\",\"password\":\"x\"}");
        var entry = api.rooms.notes.getLast().entry();
        assertThat(entry.toString()).doesNotContain("dog");
        assertThat(entry.who().user()).isEqualTo("?");
        assertThat(entry.details()).containsEntry("username", "?");
    }

    @Test
    void whoeverIsRefusedForTheRoleIsRecordedAlsoWhereReadsAreNot() {
        send("GET", "/api/notifications/deliveries", null, "viewer");
        var entry = api.rooms.notes.getLast().entry();
        assertThat(List.of(
                        entry.action(),
                        entry.kind(),
                        entry.result(),
                        entry.who().user()))
                .containsExactly("refused", "/api/notifications/deliveries", "FORBIDDEN", "viewer-user");
    }

    @Test
    void ordinaryReadsAreNotRecorded() {
        send("GET", "/api/links", null, "viewer");
        send("POST", "/api/tables/query", "{\"table\":\"tbl_links\"}", "viewer");
        assertThat(api.rooms.notes).isEmpty();
    }

    @Test
    void theNameAndIdOfWhatItWasDoneToAreThere() {
        send("POST", "/api/operations/op-5/pause", null, "operator");
        assertThat(api.rooms.notes.getLast().entry())
                .extracting(Audit.Entry::action, Audit.Entry::kind, Audit.Entry::resource)
                .containsExactly("operations.pause", "operations", "op-5");
        send("DELETE", "/api/terminal/workspaces/ws-1/shares/bob", null, "operator");
        assertThat(api.rooms.notes.getLast().entry())
                .extracting(Audit.Entry::action, Audit.Entry::kind, Audit.Entry::resource)
                .containsExactly("terminal.workspaces.shares.delete", "terminal.workspaces", "ws-1/bob");
    }

    @Test
    void anExportIsSentPartAfterPart() {
        var answer = send("GET", "/api/audit/export", null, "admin");
        assertThat(answer.text()).isEqualTo("one\ntwo\n");
    }
}
