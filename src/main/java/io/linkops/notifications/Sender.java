package io.linkops.notifications;

import io.vertx.core.Future;

/** Gets one message to one receiver, once. */
@FunctionalInterface
interface Sender {
    /**
     * @param id the delivery's, for the receiver to drop repeats
     * @param body JSON, as {@link Outbox} made it
     * @return never fails: what went wrong is the attempt's
     */
    Future<Attempt> send(StoredChannel channel, String id, String body);
}
