/** Planted violations: see ArchitectureViolationsTest. */
@LinkOpsModule(
        name = "api",
        uses = {"bus"})
package io.linkops.planted.api;

import io.linkops.LinkOpsModule;
