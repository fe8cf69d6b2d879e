/** The database behind two doors: writes are transactions in one queue, reads never open one. */
@LinkOpsModule(
        name = "store",
        uses = {"bus", "config"})
@NullMarked
package io.linkops.store;

import io.linkops.LinkOpsModule;
import org.jspecify.annotations.NullMarked;
