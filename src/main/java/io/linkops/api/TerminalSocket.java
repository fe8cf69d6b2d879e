package io.linkops.api;

import io.linkops.bus.Bus;
import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import io.linkops.bus.Reply;
import io.linkops.bus.Request;
import io.linkops.terminal.Terminals;
import io.linkops.terminal.Terminals.Actor;
import io.linkops.terminal.Terminals.Told;
import io.linkops.terminal.Terminals.Workspace;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One WebSocket of a workspace: frames in, frames out, and the many ways it ends. docs/WEBSOCKET.md is the protocol.
 */
final class TerminalSocket {
    /** Why we close a socket; below 4000 as RFC 6455 has it. */
    enum End {
        GOING_AWAY(1001, "LinkOps is stopping"),
        ABUSE(1008, "too many frames that make no sense"),
        TOO_LARGE(1009, "a message was too long"),
        CLOSED(4000, "the workspace was closed"),
        IDLE(4001, "idle for too long"),
        LOGGED_OUT(4002, "the log-in has ended"),
        NO_ACCESS(4003, "the workspace is not shared with you any more");

        private final short code;
        private final String reason;

        End(int code, String reason) {
            this.code = (short) code;
            this.reason = reason;
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger(TerminalSocket.class);
    private static final int QUEUE = 64 * 1024;
    /** Frames of the client that are not answered yet. */
    private static final int MOST_UNANSWERED = 64;

    private static final int MOST_MISTAKES = 100;
    private static final int MOST_SILENT_PINGS = 2;

    /**
     * What was asked for when it was opened.
     *
     * @param isBinary whether output comes in binary frames
     * @param confirms whether the client confirms what has arrived
     * @param after where to go on reading, by pane; from the oldest byte where it says nothing
     */
    record Wish(boolean isBinary, boolean confirms, Map<Integer, Long> after) {}

    private final Streams streams;
    private final TerminalSockets sockets;
    private final Call call;
    private final Actor actor;
    private final String workspace;
    private final String attachment;
    private final Wish wish;
    private final ServerWebSocket webSocket;
    private final List<PanePump> pumps = new ArrayList<>();
    private final List<Long> timers = new ArrayList<>();
    private final Runnable recheckNow = this::recheck;
    private int turn;
    private int unanswered;
    private int mistakes;
    private int silentPings;
    private boolean isGreeted;
    private boolean isOver;
    private Instant active;

    TerminalSocket(
            Streams streams,
            TerminalSockets sockets,
            Call call,
            Actor actor,
            String workspace,
            String attachment,
            Wish wish,
            ServerWebSocket webSocket) {
        this.streams = streams;
        this.sockets = sockets;
        this.call = call;
        this.actor = actor;
        this.workspace = workspace;
        this.attachment = attachment;
        this.wish = wish;
        this.webSocket = webSocket;
        this.active = streams.clock().instant();
    }

    /** Begins: what was told before the first frame is in it. */
    void open() {
        webSocket.setWriteQueueMaxSize(QUEUE);
        webSocket.closeHandler(_ -> over());
        webSocket.exceptionHandler(this::failed);
        webSocket.textMessageHandler(text -> received(() -> ClientFrame.of(text)));
        webSocket.binaryMessageHandler(bytes -> received(() -> ClientFrame.of(bytes)));
        webSocket.pongHandler(_ -> silentPings = 0);
        webSocket.drainHandler(_ -> drained());
        sockets.add(workspace, this);
        streams.doors().add(actor.username(), recheckNow);
        var pace = sockets.pace();
        timers.add(streams.vertx().setPeriodic(pace.ping().toMillis(), _ -> ping()));
        timers.add(streams.vertx().setPeriodic(streams.pace().recheck().toMillis(), _ -> recheck()));
        timers.add(streams.vertx()
                .setPeriodic(Math.max(50, Math.min(1000, pace.idle().toMillis() / 4)), _ -> closeIfIdle()));
        bus().request(new Terminals.FindWorkspace(actor, workspace))
                .onSuccess(this::greet)
                .onFailure(_ -> close(End.CLOSED));
        if (webSocket.isClosed()) {
            over();
        }
    }

    private void greet(Workspace state) {
        if (isOver) {
            return;
        }
        isGreeted = true;
        write(TerminalJson.greeting(state, actor.username()));
        for (var pane : state.panes()) {
            pumps.add(new PanePump(this, pane.pane(), wish.after().getOrDefault(pane.pane(), pane.start())));
        }
        pumps.forEach(PanePump::pump);
    }

    /** The connection was cut, or a message was longer than the limit. */
    private void failed(Throwable cause) {
        LOG.debug("A terminal socket failed", cause);
        close(End.TOO_LARGE).onFailure(late -> LOG.debug("No close frame was sent", late));
    }

    // ---- for the pumps -------------------------------------------------------------------------------------------

    Bus bus() {
        return streams.bus();
    }

    String attachment() {
        return attachment;
    }

    boolean isBinary() {
        return wish.isBinary();
    }

    boolean confirms() {
        return wish.confirms();
    }

    boolean isOver() {
        return isOver;
    }

    /** One that was closed a moment ago takes nothing any more; Vert.x would throw. */
    boolean isFull() {
        return webSocket.isClosed() || webSocket.writeQueueFull();
    }

    void write(JsonObject frame) {
        if (!isOver && !webSocket.isClosed()) {
            active = streams.clock().instant();
            webSocket.writeTextMessage(frame.encode());
        }
    }

    void write(Buffer frame) {
        if (!isOver && !webSocket.isClosed()) {
            active = streams.clock().instant();
            webSocket.writeBinaryMessage(frame);
        }
    }

    void later(long millis, Runnable act) {
        streams.vertx().setTimer(millis, _ -> act.run());
    }

    /** Another pane is first each time. */
    private void drained() {
        silentPings = 0;
        turn++;
        for (int i = 0; i < pumps.size(); i++) {
            pumps.get((turn + i) % pumps.size()).drained();
        }
    }

    // ---- from the client -----------------------------------------------------------------------------------------

    private void received(Supplier<ClientFrame> parsing) {
        active = streams.clock().instant();
        silentPings = 0;
        try {
            act(parsing.get());
        } catch (Failure e) {
            refuse(null, e);
        } catch (RuntimeException e) {
            LOG.error("A frame of workspace {} failed unexpectedly", workspace, e);
            refuse(null, new Failure(ErrorCode.INTERNAL, "An internal error; the log has the details"));
        }
    }

    private void act(ClientFrame frame) {
        switch (frame) {
            case ClientFrame.Stdin stdin ->
                ask(null, new Terminals.TypeInput(attachment, stdin.panes(), stdin.data()))
                        .onSuccess(typed -> typed(stdin, typed));
            case ClientFrame.StdinResume resume ->
                ask(resume.pane(), new Terminals.ResumeInput(attachment, resume.pane()));
            case ClientFrame.Resize size ->
                ask(size.pane(), new Terminals.Resize(attachment, size.pane(), size.cols(), size.rows()));
            case ClientFrame.Connect connect -> ask(connect.pane(), new Terminals.Connect(attachment, connect.pane()));
            case ClientFrame.Disconnect disconnect ->
                ask(disconnect.pane(), new Terminals.Disconnect(attachment, disconnect.pane()));
            case ClientFrame.TakeOver _ -> ask(null, new Terminals.TakeOver(actor, workspace));
            case ClientFrame.Ack ack -> {
                if (ack.pane() < pumps.size()) {
                    pumps.get(ack.pane()).confirm(ack.offset());
                }
            }
        }
    }

    /** Every pane answers each frame that wants it: taken, or why not. */
    private void typed(ClientFrame.Stdin stdin, Terminals.Typed typed) {
        typed.refusals().forEach(refusal -> write(TerminalJson.error(refusal)));
        if (stdin.confirm()) {
            var refused = typed.refusals().stream().map(Terminals.Refusal::pane).toList();
            stdin.panes().stream()
                    .filter(pane -> !refused.contains(pane))
                    .forEach(pane -> write(TerminalJson.inputTaken(pane)));
        }
    }

    /** A client that sends faster than it is answered waits, whatever its panes do. */
    private <R extends Reply> Future<R> ask(@org.jspecify.annotations.Nullable Integer pane, Request<R> question) {
        if (++unanswered == MOST_UNANSWERED) {
            webSocket.pause();
        }
        return bus().request(question)
                .onComplete(_ -> {
                    if (unanswered-- == MOST_UNANSWERED && !isOver) {
                        webSocket.resume();
                    }
                })
                .onFailure(cause -> {
                    if (cause instanceof Failure failure) {
                        refuse(pane, failure);
                    }
                });
    }

    private void refuse(@org.jspecify.annotations.Nullable Integer pane, Failure failure) {
        write(TerminalJson.error(pane, failure.code().name(), failure.text()));
        boolean isMistake =
                failure.code() == ErrorCode.MALFORMED_REQUEST || failure.code() == ErrorCode.VALIDATION_FAILED;
        if (isMistake && ++mistakes >= MOST_MISTAKES) {
            close(End.ABUSE);
        }
    }

    // ---- told ----------------------------------------------------------------------------------------------------

    void told(Told event) {
        if (!isGreeted || isOver) {
            return;
        }
        switch (event) {
            case Terminals.PaneChanged changed -> {
                var link = changed.pane().link();
                if (link != null && !call.reach().hasLink(link)) {
                    close(End.NO_ACCESS);
                } else if (changed.pane().pane() < pumps.size()) {
                    pumps.get(changed.pane().pane()).tell(changed.pane());
                }
            }
            case Terminals.TypistChanged changed -> write(TerminalJson.typist(changed.typist(), actor.username()));
            case Terminals.InputReady ready -> {
                if (ready.attachment().equals(attachment)) {
                    write(TerminalJson.inputReady(ready.pane()));
                }
            }
            case Terminals.AccessEnded ended -> {
                if (ended.username().equals(actor.username()) && !actor.isAdmin()) {
                    close(End.NO_ACCESS);
                }
            }
            case Terminals.WorkspaceClosed closed ->
                close(closed.reason().equals("shutdown") ? End.GOING_AWAY : End.CLOSED);
        }
    }

    // ---- ends ----------------------------------------------------------------------------------------------------

    private void ping() {
        if (silentPings >= MOST_SILENT_PINGS) {
            // nobody is there who could answer a close frame
            call.request().connection().close();
        } else if (!webSocket.isClosed()) {
            silentPings++;
            webSocket.writePing(Buffer.buffer("linkops"));
        }
    }

    private void closeIfIdle() {
        if (Duration.between(active, streams.clock().instant())
                        .compareTo(sockets.pace().idle())
                >= 0) {
            close(End.IDLE);
        }
    }

    /** Who logged out, lost the role or is past the token's end does not go on. */
    private void recheck() {
        var expiresAt = call.principal().expiresAt();
        if (expiresAt != null && !streams.clock().instant().isBefore(expiresAt)) {
            close(End.LOGGED_OUT);
        } else {
            streams.authentication().recheck(call).onFailure(this::endIfRefused);
        }
    }

    private void endIfRefused(Throwable cause) {
        if (Authentication.isRefusal(cause)) {
            close(((Failure) cause).code() == ErrorCode.FORBIDDEN ? End.NO_ACCESS : End.LOGGED_OUT);
        }
    }

    Future<Void> close(End end) {
        over();
        return webSocket.isClosed() ? Future.succeededFuture() : webSocket.close(end.code, end.reason);
    }

    private void over() {
        if (!isOver) {
            isOver = true;
            Vertx vertx = streams.vertx();
            timers.forEach(vertx::cancelTimer);
            sockets.remove(workspace, this);
            streams.doors().remove(actor.username(), recheckNow);
            bus().request(new Terminals.Detach(attachment)).onFailure(cause -> LOG.debug("Not detached", cause));
        }
    }
}
