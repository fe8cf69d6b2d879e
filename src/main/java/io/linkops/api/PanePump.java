package io.linkops.api;

import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import io.linkops.bus.Utf8;
import io.linkops.terminal.Terminals;
import io.linkops.terminal.Terminals.Pane;
import io.linkops.terminal.Terminals.PaneStatus;
import io.linkops.terminal.Terminals.Piece;
import io.vertx.core.AsyncResult;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Carries the output of one pane into one socket: asks for a piece, writes it, asks for the next. Nothing is asked for
 * while the socket is full or too much is unconfirmed; so the piece in hand is all that is ever held here.
 */
final class PanePump {
    /** Small, so that panes take turns on their socket. */
    private static final int CHUNK = 16 * 1024;
    /** Unconfirmed by a client that confirms; less than the least scroll-back, from which it can be read again. */
    private static final long WINDOW = 128 * 1024;

    private static final long RETRY_MILLIS = 500;

    private final TerminalSocket socket;
    private final int pane;
    /** Offset of the first byte that is not here yet. */
    private long after;

    private long confirmed;
    /** The beginning of a character, in JSON mode; it is part of what is before {@link #after}. */
    private byte[] rest = new byte[0];

    private boolean isReading;
    private @Nullable Piece parked;
    private @Nullable Pane ended;

    PanePump(TerminalSocket socket, int pane, long after) {
        this.socket = socket;
        this.pane = pane;
        this.after = after;
        this.confirmed = after;
    }

    void pump() {
        if (isReading || parked != null || socket.isOver() || (socket.confirms() && after - confirmed >= WINDOW)) {
            return;
        }
        isReading = true;
        var question =
                new Terminals.Read(socket.attachment(), pane, after, socket.confirms() ? confirmed : after, CHUNK);
        socket.bus().request(question).onComplete(this::arrived);
    }

    /** The client has everything before this offset. */
    void confirm(long offset) {
        confirmed = Math.max(confirmed, Math.min(offset, after - rest.length));
        pump();
    }

    /** Tells how the pane stands, but of an end only after all that came before it. */
    void tell(Pane state) {
        boolean isEnd = state.status() == PaneStatus.CLOSED || state.status() == PaneStatus.EMPTY;
        ended = isEnd ? state : null;
        if (isEnd) {
            tellEnd();
        } else {
            socket.write(TerminalJson.status(state));
        }
    }

    /** The socket takes more. */
    void drained() {
        var piece = parked;
        if (piece != null && !socket.isFull()) {
            parked = null;
            write(piece);
            pump();
        }
    }

    private void arrived(AsyncResult<Piece> result) {
        isReading = false;
        if (socket.isOver()) {
            return;
        }
        if (result.failed()) {
            boolean isGone =
                    result.cause() instanceof Failure failure && failure.code() == ErrorCode.WORKSPACE_NOT_FOUND;
            if (!isGone) {
                socket.later(RETRY_MILLIS, this::pump);
            }
            return;
        }
        var piece = result.result();
        if (piece.offset() != after) {
            jump(piece.offset());
        }
        if (piece.data().size() == 0) {
            tellEnd();
        } else if (socket.isFull()) {
            parked = piece;
        } else {
            write(piece);
        }
        pump();
    }

    private void jump(long to) {
        long from = after - rest.length;
        rest = new byte[0];
        after = to;
        confirmed = Math.max(confirmed, to);
        if (to > from) {
            socket.write(TerminalJson.gap(pane, from, to));
        }
    }

    private void write(Piece piece) {
        after = piece.offset() + piece.data().size();
        if (socket.isBinary()) {
            socket.write(Buffer.buffer(9 + piece.data().size())
                    .appendByte((byte) pane)
                    .appendLong(piece.offset())
                    .appendBytes(piece.data().toArray()));
        } else {
            writeText(piece.data().toArray());
        }
        tellEnd();
    }

    private void writeText(byte[] data) {
        byte[] all = Arrays.copyOf(rest, rest.length + data.length);
        System.arraycopy(data, 0, all, rest.length, data.length);
        int whole = Utf8.wholeLength(all);
        rest = Arrays.copyOfRange(all, whole, all.length);
        if (whole > 0) {
            writeText(all, whole);
        }
    }

    private void writeText(byte[] bytes, int length) {
        long next = after - rest.length;
        socket.write(new JsonObject()
                .put("type", "stdout")
                .put("pane", pane)
                .put("offset", next - length)
                .put("next", next)
                .put("data", new String(bytes, 0, length, StandardCharsets.UTF_8)));
    }

    private void tellEnd() {
        var state = ended;
        if (state == null || after < state.end()) {
            return;
        }
        ended = null;
        if (rest.length > 0) {
            byte[] last = rest;
            rest = new byte[0];
            writeText(last, last.length);
        }
        socket.write(TerminalJson.status(state));
    }
}
