package io.linkops.client;

import io.vertx.core.json.JsonObject;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How many links at once, and in which portions. */
final class BatchOptions {
    private static final Pattern AMOUNT = Pattern.compile("([0-9]{1,6})(%?)");

    @Option(names = "--concurrency", paramLabel = "N", description = "Links at once (default: the server's).")
    private @Nullable Integer concurrency;

    @Option(
            names = "--batch",
            paramLabel = "N|P%",
            description = "Links of a batch, or a part of all; the next begins when all of it are through.")
    private @Nullable String size;

    @Option(names = "--batch-pause", paramLabel = "TIME", description = "Between two batches, such as 30s.")
    private @Nullable String pause;

    @Option(
            names = "--max-failures",
            paramLabel = "N|P%",
            description = "Start nothing more when more links than this have failed.")
    private @Nullable String failures;

    @Option(names = "--canary", paramLabel = "N", description = "Links of an additional first batch.")
    private @Nullable Integer canary;

    @Option(names = "--pause-after-canary", description = "Wait for 'linkops resume' after the canary.")
    private boolean pausesAfterCanary;

    void addTo(JsonObject body) {
        if (concurrency != null) {
            body.put("concurrency", concurrency);
        }
        var batch = new JsonObject();
        amount(batch, "--batch", size, "size", "percent");
        amount(batch, "--max-failures", failures, "max_failures", "max_failure_percent");
        if (pause != null) {
            batch.put("pause_s", Times.seconds("--batch-pause", pause));
        }
        if (canary != null) {
            batch.put("canary", canary);
        }
        if (pausesAfterCanary) {
            batch.put("pause_after_canary", true);
        }
        if (!batch.isEmpty()) {
            body.put("batch", batch);
        }
    }

    private static void amount(JsonObject batch, String option, @Nullable String text, String number, String percent) {
        if (text == null) {
            return;
        }
        var amount = AMOUNT.matcher(text);
        if (!amount.matches()) {
            throw new IllegalArgumentException(option + " is '" + text + "', expected a number or a part such as 25%.");
        }
        batch.put(amount.group(2).isEmpty() ? number : percent, Integer.parseInt(amount.group(1)));
    }
}
