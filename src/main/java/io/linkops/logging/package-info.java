/** What LinkOps says about itself: levels, text or JSON lines, rotation, and no secret in any of it. */
@LinkOpsModule(
        name = "logging",
        uses = {"config", "vault"})
@NullMarked
package io.linkops.logging;

import io.linkops.LinkOpsModule;
import org.jspecify.annotations.NullMarked;
