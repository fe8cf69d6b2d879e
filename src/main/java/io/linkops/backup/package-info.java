/** One file of everything LinkOps keeps, made while it runs; and the way back, on an empty machine too. */
@LinkOpsModule(
        name = "backup",
        uses = {"bus", "config", "store"})
@NullMarked
package io.linkops.backup;

import io.linkops.LinkOpsModule;
import org.jspecify.annotations.NullMarked;
