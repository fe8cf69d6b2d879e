package io.linkops.ssh;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a look at a link saw.
 *
 * @param check stage by stage; over a kept connection only the last one
 * @param isKept whether a kept connection served
 * @param roundTrip of one question over the connection once logged in; null if it did not come so far
 * @param clientId null if it did not come so far, or all sessions of a kept connection were in use
 */
public record RouteLook(
        RouteCheck check,
        boolean isKept,
        @Nullable Duration roundTrip,
        @Nullable ClientIdReading clientId) {}
