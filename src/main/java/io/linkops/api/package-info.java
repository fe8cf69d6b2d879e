/** HTTP, SSE and the browser's files; no SQL and no SSH in here. */
@LinkOpsModule(
        name = "api",
        uses = {"bus", "config", "journal", "accounts", "inventory", "gitsync", "orchestrator"})
@NullMarked
package io.linkops.api;

import io.linkops.LinkOpsModule;
import org.jspecify.annotations.NullMarked;
