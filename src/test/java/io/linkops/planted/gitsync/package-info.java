/** Planted violations: see ArchitectureViolationsTest. */
@LinkOpsModule(
        name = "gitsync",
        uses = {"ssh"})
package io.linkops.planted.gitsync;

import io.linkops.LinkOpsModule;
