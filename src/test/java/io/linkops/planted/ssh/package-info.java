/** Planted violations: see ArchitectureViolationsTest. */
@LinkOpsModule(
        name = "ssh",
        uses = {"gitsync"})
package io.linkops.planted.ssh;

import io.linkops.LinkOpsModule;
