package io.linkops.api;

import io.linkops.bus.Bus;
import io.linkops.bus.Bytes;
import io.linkops.terminal.Terminals;
import io.linkops.terminal.Terminals.Actor;
import io.linkops.terminal.Terminals.RecordingPart;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;

/** An asciicast as it is on disk, part after part as fast as the reader takes them. */
final class RecordingDownload {
    private final Bus bus;
    private final Actor actor;
    private final String id;

    RecordingDownload(Bus bus, Actor actor, String id) {
        this.bus = bus;
        this.actor = actor;
        this.id = id;
    }

    Future<Answer> open() {
        return read(0).map(first -> call -> begin(call, first));
    }

    private Future<Bytes> read(long from) {
        return bus.request(new Terminals.ReadRecording(actor, id, from)).map(RecordingPart::data);
    }

    private void begin(Call call, Bytes first) {
        call.request().resume();
        var response = call.response()
                .putHeader("Content-Type", "application/x-asciicast")
                .putHeader("Content-Disposition", "attachment; filename=\"" + id + ".cast\"");
        if (call.isHead()) {
            response.end();
            return;
        }
        response.setChunked(true);
        write(call, first, 0);
    }

    private void write(Call call, Bytes part, long from) {
        var response = call.response();
        if (response.closed()) {
            return;
        }
        if (part.size() == 0) {
            response.end();
            return;
        }
        long next = from + part.size();
        response.write(Buffer.buffer(part.toArray()))
                .compose(_ -> read(next))
                .onSuccess(more -> write(call, more, next))
                // Half a recording must not look like a whole one.
                .onFailure(_ -> call.request().connection().close());
    }
}
