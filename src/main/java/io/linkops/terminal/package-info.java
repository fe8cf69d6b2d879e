/**
 * Terminals: workspaces of up to four panes, each a log-in shell on an enrolled link, read by offsets so that nothing
 * is lost when a reader drops and comes back, and so that nobody who reads slowly costs memory.
 */
@LinkOpsModule(
        name = "terminal",
        uses = {"bus", "config", "store", "ssh", "inventory"})
@NullMarked
package io.linkops.terminal;

import io.linkops.LinkOpsModule;
import org.jspecify.annotations.NullMarked;
