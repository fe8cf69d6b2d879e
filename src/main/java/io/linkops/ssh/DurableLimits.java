package io.linkops.ssh;

import java.time.Duration;

/**
 * What a durable run may take on its link.
 *
 * @param time from its start to its forced end there; at least a second
 * @param grace between TERM and KILL
 * @param outputBytes kept of each stream, and a little more; the run goes on after that
 * @param keep how long what nobody came back for stays there
 */
public record DurableLimits(Duration time, Duration grace, long outputBytes, Duration keep) {}
