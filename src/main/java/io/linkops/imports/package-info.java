/** What other tools know of machines, turned into a links.yaml: for a start with LinkOps, without a running server. */
@LinkOpsModule(
        name = "imports",
        uses = {"gitsync"})
@NullMarked
package io.linkops.imports;

import io.linkops.LinkOpsModule;
import org.jspecify.annotations.NullMarked;
