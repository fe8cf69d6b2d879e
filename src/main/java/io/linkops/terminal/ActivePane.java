package io.linkops.terminal;

import io.linkops.bus.Bytes;
import io.linkops.ssh.PtySize;
import io.linkops.terminal.Terminals.Pane;
import io.linkops.terminal.Terminals.PaneStatus;
import io.linkops.terminal.Terminals.Piece;
import io.linkops.terminal.Terminals.Read;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One pane of a workspace that is there: its link, its shell, its output, and who waits for more of it. */
final class ActivePane {
    private static final PtySize FIRST_SIZE = new PtySize(80, 24);

    private record Waiting(Promise<Piece> answer, long after, int max, Instant since) {}

    private final int number;
    private final PaneRing ring;
    private final Map<String, Waiting> waiting = new HashMap<>();
    /** Attachments whose input was refused and who do not know it yet, or wait for room. */
    private final Set<String> refused = new HashSet<>();

    private @Nullable String link;
    private PaneStatus status = PaneStatus.EMPTY;
    private PtySize size = FIRST_SIZE;
    private @Nullable String sessionId;
    private @Nullable PaneSession session;
    private @Nullable String reason;
    private @Nullable String error;
    private @Nullable Integer exitCode;
    private @Nullable String ending;

    ActivePane(int number, int capacity) {
        this.number = number;
        this.ring = new PaneRing(capacity);
    }

    int number() {
        return number;
    }

    PaneRing ring() {
        return ring;
    }

    PaneStatus status() {
        return status;
    }

    @Nullable
    String link() {
        return link;
    }

    PtySize size() {
        return size;
    }

    @Nullable
    PaneSession session() {
        return session;
    }

    /** Whether a shell is open or about to be. */
    boolean isOpen() {
        return status == PaneStatus.CONNECTING || status == PaneStatus.CONNECTED;
    }

    /** The first word counts: why the shell is being ended from this side. */
    @Nullable
    String ending() {
        return ending;
    }

    Pane shown() {
        return new Pane(
                number,
                link,
                status,
                ring.start(),
                ring.end(),
                size.cols(),
                size.rows(),
                sessionId,
                reason,
                error,
                exitCode);
    }

    // ---- moves ---------------------------------------------------------------------------------------------------

    void assign(@Nullable String to) {
        if (!java.util.Objects.equals(link, to)) {
            forgetLast();
            ring.clear();
        }
        link = to;
        if (!isOpen()) {
            status = to == null ? PaneStatus.EMPTY : PaneStatus.CLOSED;
        }
    }

    void connecting(String id) {
        forgetLast();
        sessionId = id;
        status = PaneStatus.CONNECTING;
    }

    /** Whether this attempt to open a shell is still wanted. */
    boolean isConnecting(String id) {
        return status == PaneStatus.CONNECTING && id.equals(sessionId);
    }

    void connected(PaneSession opened) {
        session = opened;
        status = PaneStatus.CONNECTED;
        refused.clear();
    }

    /** @return false if there was nothing to end */
    boolean end(String why) {
        if (status == PaneStatus.CONNECTING) {
            closed(why, null, null);
            return true;
        }
        var open = session;
        if (open == null) {
            return false;
        }
        if (ending == null) {
            ending = why;
            open.close();
        }
        return true;
    }

    void closed(String why, @Nullable String sentence, @Nullable Integer code) {
        status = link == null ? PaneStatus.EMPTY : PaneStatus.CLOSED;
        session = null;
        ending = null;
        reason = why;
        error = sentence;
        exitCode = code;
        refused.clear();
    }

    void resize(PtySize to) {
        size = to;
        if (session != null) {
            session.resize(to);
        }
    }

    private void forgetLast() {
        reason = null;
        error = null;
        exitCode = null;
        ending = null;
    }

    // ---- input ---------------------------------------------------------------------------------------------------

    /** Takes it as a whole or refuses it, and then all that follows from the same attachment. */
    boolean type(String attachment, Bytes data) {
        var open = session;
        if (open == null || refused.contains(attachment)) {
            return false;
        }
        if (!open.type(data)) {
            refused.add(attachment);
            return false;
        }
        return true;
    }

    void resumeInput(String attachment) {
        refused.remove(attachment);
    }

    /** Those to be told that there is room. */
    List<String> whenRoomAgain() {
        var open = session;
        return open != null && open.input().isHalfEmpty() ? List.copyOf(refused) : List.of();
    }

    // ---- output --------------------------------------------------------------------------------------------------

    Future<Piece> read(Read question, Instant now) {
        forget(question.attachment());
        var piece = ring.read(question.after(), question.max());
        if (piece.data().size() > 0 || piece.offset() != question.after()) {
            return Future.succeededFuture(piece);
        }
        Promise<Piece> answer = Promise.promise();
        waiting.put(question.attachment(), new Waiting(answer, question.after(), question.max(), now));
        return answer.future();
    }

    /** There may be more. */
    void arrived() {
        if (!waiting.isEmpty()) {
            var all = List.copyOf(waiting.values());
            waiting.clear();
            all.forEach(reader -> reader.answer().complete(ring.read(reader.after(), reader.max())));
        }
    }

    /** Who has waited since then is answered with nothing and asks again. */
    void answerOld(Instant before) {
        waiting.values().removeIf(reader -> {
            boolean isOld = reader.since().isBefore(before);
            if (isOld) {
                reader.answer().complete(new Piece(reader.after(), Bytes.EMPTY));
            }
            return isOld;
        });
    }

    /** This attachment waits no more. */
    void forget(String attachment) {
        var reader = waiting.remove(attachment);
        if (reader != null) {
            reader.answer().complete(new Piece(reader.after(), Bytes.EMPTY));
        }
    }
}
