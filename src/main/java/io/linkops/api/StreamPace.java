package io.linkops.api;

import java.time.Duration;

/**
 * How event streams keep time.
 *
 * @param poll how often an idle stream looks into the journal by itself: a bell may get lost
 * @param heartbeat how often a comment shows that the connection is alive
 * @param recheck how often it is asked whether the reader's token is still good
 * @param patience how long a reader may take nothing before its connection is closed; it can resume
 * @param coalesce how long changes are gathered before the browsers are told
 * @param page how many entries are read at once
 */
record StreamPace(
        Duration poll, Duration heartbeat, Duration recheck, Duration patience, Duration coalesce, int page) {
    static final StreamPace NORMAL = new StreamPace(
            Duration.ofSeconds(2),
            Duration.ofSeconds(15),
            Duration.ofSeconds(30),
            Duration.ofMinutes(5),
            Duration.ofMillis(250),
            500);
}
