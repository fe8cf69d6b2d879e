/** Planted violations: see ArchitectureViolationsTest. */
@LinkOpsModule(
        name = "bus",
        uses = {})
package io.linkops.planted.bus;

import io.linkops.LinkOpsModule;
