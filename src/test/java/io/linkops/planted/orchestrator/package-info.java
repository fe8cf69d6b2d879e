/** Planted violations: see ArchitectureViolationsTest. */
@LinkOpsModule(
        name = "orchestrator",
        uses = {"bus"})
package io.linkops.planted.orchestrator;

import io.linkops.LinkOpsModule;
