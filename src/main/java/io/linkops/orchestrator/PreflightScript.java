package io.linkops.orchestrator;

import io.linkops.bus.Bytes;
import io.linkops.inventory.Inventory.Script;
import io.linkops.orchestrator.OperationPlan.Payload;
import io.linkops.orchestrator.OperationPlan.Step;
import io.linkops.orchestrator.Runners.Ended;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** What is run on a link to see whether scripts could run there, and what its exit code says. */
final class PreflightScript {
    private static final String NAME = "preflight";
    private static final Duration TIMEOUT = Duration.ofMinutes(1);

    /** By the bit of the exit code, lowest first. */
    private static final List<String> TROUBLES = List.of(
            "bash is older than 4.1",
            "a tool that LinkOps needs is missing",
            "the directory for temporary files cannot be written",
            "the directory for temporary files has less than 50 MiB free",
            "a command that a script needs is missing",
            "sudo asks for a password");

    private static final Bytes CONTENT = content();

    private PreflightScript() {}

    /** The look that these scripts need. */
    static Step step(List<Script> scripts) {
        var needs = scripts.stream()
                .flatMap(script -> script.needs().stream())
                .distinct()
                .sorted()
                .toList();
        var payload = new Payload(NAME, NAME + ".bash", CONTENT, sha256(), List.of());
        return new Step(payload, needs, TIMEOUT, Map.of(), Map.of(), false);
    }

    /** The end of a look, with what it found in words. */
    static Ended explained(Ended ended) {
        var code = ended.exitCode();
        if (code == null || code <= 0 || code >= 1 << TROUBLES.size() || !"exit_code".equals(ended.reason())) {
            return ended;
        }
        List<String> found = new ArrayList<>();
        for (int bit = 0; bit < TROUBLES.size(); bit++) {
            if ((code & 1 << bit) != 0) {
                found.add(TROUBLES.get(bit));
            }
        }
        return new Ended(
                ended.operationId(),
                ended.executionId(),
                ended.status(),
                ended.startedAt(),
                ended.endedAt(),
                code,
                ended.signal(),
                ended.outputBytes(),
                ended.isTruncated(),
                "preflight",
                "Scripts would not run well there: " + String.join("; ", found) + ". The output has the details");
    }

    private static Bytes content() {
        try (var in = PreflightScript.class.getResourceAsStream("preflight.bash")) {
            if (in == null) {
                throw new IllegalStateException("preflight.bash is missing from the program");
            }
            return Bytes.of(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String sha256() {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(CONTENT.toArray()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
