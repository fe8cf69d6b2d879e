/** Who did what, from where, with what result: an append-only chain of rows, each sealed with the one before it. */
@LinkOpsModule(
        name = "audit",
        uses = {"bus", "config", "figures", "store", "vault"})
@NullMarked
package io.linkops.audit;

import io.linkops.LinkOpsModule;
import org.jspecify.annotations.NullMarked;
