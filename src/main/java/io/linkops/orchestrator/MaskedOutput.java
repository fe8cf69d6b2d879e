package io.linkops.orchestrator;

import io.linkops.ssh.OutputSink;
import io.linkops.vault.Secret;
import io.linkops.vault.StreamMask;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;

/** Output on its way, without the secrets that the script was given; what may be the beginning of one waits. */
final class MaskedOutput implements OutputSink {
    private final Map<Stream, StreamMask> masks = new EnumMap<>(Stream.class);
    private final OutputSink next;

    MaskedOutput(Collection<Secret> secrets, OutputSink next) {
        this.next = next;
        if (!secrets.isEmpty()) {
            for (var stream : Stream.values()) {
                masks.put(stream, new StreamMask(secrets));
            }
        }
    }

    @Override
    public void accept(Stream stream, byte[] buffer, int offset, int length) throws InterruptedException {
        var mask = masks.get(stream);
        if (mask == null) {
            next.accept(stream, buffer, offset, length);
            return;
        }
        byte[] clear;
        synchronized (mask) {
            clear = mask.mask(buffer, offset, length);
        }
        if (clear.length > 0) {
            next.accept(stream, clear, 0, clear.length);
        }
    }

    /** Hands on what waits; nothing comes any more. */
    void close() {
        try {
            for (var each : masks.entrySet()) {
                byte[] rest;
                synchronized (each.getValue()) {
                    rest = each.getValue().end();
                }
                if (rest.length > 0) {
                    next.accept(each.getKey(), rest, 0, rest.length);
                }
            }
        } catch (InterruptedException e) {
            // Whoever waits for this thread to end is told; what may be half a secret is not missed.
            Thread.currentThread().interrupt();
        }
    }
}
