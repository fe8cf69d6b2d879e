/** Telling people and programs what happened: channels, an outbox on disk, signed webhooks, mail. */
@LinkOpsModule(
        name = "notifications",
        uses = {"bus", "config", "store", "vault", "inventory", "orchestrator", "gitsync"})
@NullMarked
package io.linkops.notifications;

import io.linkops.LinkOpsModule;
import org.jspecify.annotations.NullMarked;
