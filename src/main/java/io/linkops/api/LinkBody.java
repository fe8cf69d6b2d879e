package io.linkops.api;

import io.linkops.accounts.Accounts.Principal;
import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import io.linkops.gitsync.GitSync.Change;
import io.linkops.gitsync.GitSync.LinkDraft;
import io.linkops.gitsync.GitSync.WriteLink;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads a link that is to be written; only its shape is looked at here, the rest is said as a sync would say it. */
final class LinkBody {
    static final int LONGEST_MESSAGE = 1_000;
    private static final int LONGEST_TEXT = 2_000;

    private LinkBody() {}

    static WriteLink read(JsonReader json, String id, Change change, Principal principal) {
        var enrollment = json.object("enrollment");
        var ssh = json.object("ssh");
        var draft = new LinkDraft(
                json.textOrNull("type", LONGEST_TEXT),
                json.textOrNull("provider", LONGEST_TEXT),
                json.textOrNull("host", LONGEST_TEXT),
                json.numberOrNull("port", 0, 1_000_000),
                json.textOrNull("user", LONGEST_TEXT),
                json.textsOrNone("tags", 200, LONGEST_TEXT),
                enrollment.textOrNull("client_id", LONGEST_TEXT),
                enrollment.textOrNull("path", LONGEST_TEXT),
                ssh.textOrNull("key_ref", LONGEST_TEXT),
                ssh.textOrNull("proxy_jump", LONGEST_TEXT),
                ssh.textOrNull("pinned_host_key", LONGEST_TEXT),
                json.textMap("metadata", 100, LONGEST_TEXT));
        return new WriteLink(
                id,
                change,
                draft,
                message(json.textOrNull("message", LONGEST_MESSAGE)),
                json.textOrNull("base_commit", 200),
                principal.username());
    }

    /** Plain text, lines allowed: it is shown wherever the repository is. */
    static @Nullable String message(@Nullable String text) {
        if (text != null && (text.isBlank() || text.chars().anyMatch(c -> c < ' ' && c != '\n'))) {
            throw new Failure(
                    ErrorCode.VALIDATION_FAILED,
                    "message must be plain text",
                    Map.of("fields", Map.of("message", "must be plain text")));
        }
        return text;
    }
}
