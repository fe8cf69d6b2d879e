package io.linkops.orchestrator;

import io.linkops.orchestrator.Operations.Execution;
import io.linkops.orchestrator.Runners.Piece;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** The sums of what one execution has printed so far, as it was kept. */
final class OutputSums {
    private final MessageDigest stdout = sha256();
    private final MessageDigest stderr = sha256();
    private long bytes;

    synchronized void add(List<Piece> pieces) {
        for (var piece : pieces) {
            var data = piece.data().toArray();
            (piece.isError() ? stderr : stdout).update(data);
            bytes += data.length;
        }
    }

    /** The execution with its sums, unless some of its output was kept before these began. */
    synchronized Execution on(Execution ended) {
        return bytes < ended.outputBytes()
                ? ended
                : ended.summed(
                        HexFormat.of().formatHex(stdout.digest()),
                        HexFormat.of().formatHex(stderr.digest()));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
