package io.linkops.notifications;

import io.linkops.notifications.Notifications.Topic;
import io.linkops.orchestrator.Operations;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened, before it is known who will be told.
 *
 * @param name what it is about, short: for summaries
 * @param path of the page that shows it, under LinkOps's own address
 * @param kind of the operation; null if it is not about one
 * @param link its id; null if it is not about one
 */
record Notice(
        Topic topic,
        Instant at,
        String name,
        JsonObject subject,
        String text,
        String path,
        Operations.@Nullable Kind kind,
        @Nullable String link) {}
