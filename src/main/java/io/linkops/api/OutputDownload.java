package io.linkops.api;

import io.linkops.bus.Bus;
import io.linkops.orchestrator.Operations;
import io.linkops.orchestrator.Operations.OutputPage;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/** The output of one execution as bytes, page after page as fast as the reader takes them. */
final class OutputDownload {
    private final Bus bus;
    private final String operation;
    private final String execution;
    private final @Nullable String stream;
    private final boolean isAttachment;

    OutputDownload(Bus bus, String operation, String execution, @Nullable String stream, boolean isAttachment) {
        this.bus = bus;
        this.operation = operation;
        this.execution = execution;
        this.stream = stream;
        this.isAttachment = isAttachment;
    }

    Future<Answer> open() {
        return read(0).map(first -> call -> begin(call, first));
    }

    private Future<OutputPage> read(long after) {
        return bus.request(new Operations.ReadOutput(operation, execution, after));
    }

    private void begin(Call call, OutputPage first) {
        call.request().resume();
        var response = call.response().putHeader("Content-Type", "text/plain; charset=utf-8");
        if (isAttachment) {
            var name = (operation + "-" + execution).replaceAll("[^A-Za-z0-9._-]", "_");
            response.putHeader("Content-Disposition", "attachment; filename=\"" + name + ".log\"");
        }
        if (call.isHead()) {
            response.end();
            return;
        }
        response.setChunked(true);
        write(call, first);
    }

    private void write(Call call, OutputPage page) {
        var response = call.response();
        if (response.closed()) {
            return;
        }
        var bytes = bytes(page);
        var next = page.next();
        if (next == null) {
            response.end(bytes);
        } else {
            (bytes.length() == 0 ? Future.<Void>succeededFuture() : response.write(bytes))
                    .compose(sent -> read(next))
                    .onSuccess(more -> write(call, more))
                    // Half an output must not look like a whole one.
                    .onFailure(cause -> call.request().connection().close());
        }
    }

    private Buffer bytes(OutputPage page) {
        var bytes = Buffer.buffer();
        for (var chunk : page.chunks()) {
            if (stream == null || stream.equals(chunk.stream())) {
                bytes.appendBytes(chunk.data().toArray());
            }
        }
        return bytes;
    }
}
