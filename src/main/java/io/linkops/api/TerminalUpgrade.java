package io.linkops.api;

import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import io.linkops.terminal.Terminals;
import io.linkops.terminal.Terminals.Attached;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns a request into a terminal's socket, once everything was checked; until then it is answered as any other. */
final class TerminalUpgrade {
    private static final Logger LOG = LoggerFactory.getLogger(TerminalUpgrade.class);

    private enum Output {
        JSON,
        BINARY
    }

    private final Streams streams;
    private final TerminalSockets sockets;
    private final CrossOrigin origins;

    TerminalUpgrade(Streams streams, TerminalSockets sockets, CrossOrigin origins) {
        this.streams = streams;
        this.sockets = sockets;
        this.origins = origins;
    }

    Future<Answer> open(Call call) {
        origins.requireAllowed(call);
        var wish = call.query(TerminalUpgrade::wish);
        requireUpgrade(call.request());
        var actor = TerminalRoutes.actor(call);
        var id = call.part("id");
        return streams.bus()
                .request(new Terminals.Attach(actor, id, wish.confirms()))
                .map(attached -> {
                    requireOffsets(attached, wish);
                    return sent -> upgrade(call, actor, id, attached, wish);
                });
    }

    private void upgrade(Call call, Terminals.Actor actor, String id, Attached attached, TerminalSocket.Wish wish) {
        call.request()
                .toWebSocket()
                .onSuccess(webSocket -> new TerminalSocket(
                                streams, sockets, call, actor, id, attached.attachment(), wish, webSocket)
                        .open())
                .onFailure(cause -> {
                    LOG.debug("No socket came of it", cause);
                    detach(attached);
                });
    }

    private void detach(Attached attached) {
        streams.bus()
                .request(new Terminals.Detach(attached.attachment()))
                .onFailure(cause -> LOG.debug("Not detached", cause));
    }

    private static void requireUpgrade(HttpServerRequest request) {
        if (!request.canUpgradeToWebSocket()) {
            throw new Failure(
                    ErrorCode.UPGRADE_REQUIRED,
                    "This is a WebSocket: ask with Upgrade: websocket (RFC 6455, version 13)");
        }
    }

    private static TerminalSocket.Wish wish(QueryReader query) {
        query.ignore("ticket");
        return new TerminalSocket.Wish(
                query.word("output", Output.class) == Output.BINARY,
                query.flag("acks"),
                offsets(query.text("after", 200)));
    }

    /** {@code 0:1234,2:99}: for pane 0 from offset 1234 on, for pane 2 from 99 on. */
    private static Map<Integer, Long> offsets(@org.jspecify.annotations.Nullable String text) {
        var offsets = new HashMap<Integer, Long>();
        if (text != null) {
            for (var each : text.split(",", -1)) {
                if (!each.matches("[0-3]:[0-9]{1,15}")) {
                    throw Problems.of("after", "must be panes with offsets, such as 0:1234,2:99");
                }
                offsets.put(each.charAt(0) - '0', Long.parseLong(each.substring(2)));
            }
        }
        return offsets;
    }

    private void requireOffsets(Attached attached, TerminalSocket.Wish wish) {
        for (var pane : attached.workspace().panes()) {
            if (wish.after().getOrDefault(pane.pane(), 0L) > pane.end()) {
                detach(attached);
                throw Problems.of("after", "pane " + pane.pane() + " has had only " + pane.end() + " bytes of output");
            }
        }
    }
}
