/** The repository: fetched, read at one commit, handed to the inventory whole or not at all. */
@LinkOpsModule(
        name = "gitsync",
        uses = {"bus", "config", "store", "figures", "vault", "calendar", "inventory"})
@NullMarked
package io.linkops.gitsync;

import io.linkops.LinkOpsModule;
import org.jspecify.annotations.NullMarked;
