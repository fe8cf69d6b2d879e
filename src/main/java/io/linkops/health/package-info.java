/**
 * Whether links answer: checks, the states that follow from them, their history, and times in which nobody is alarmed.
 */
@LinkOpsModule(
        name = "health",
        uses = {"bus", "config", "store", "figures", "ssh", "inventory"})
@NullMarked
package io.linkops.health;

import io.linkops.LinkOpsModule;
import org.jspecify.annotations.NullMarked;
