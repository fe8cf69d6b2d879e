/** Figures for machines: each room keeps a book of its own, and shows it over the bus (decision 7). */
@LinkOpsModule(
        name = "figures",
        uses = {"bus"})
@NullMarked
package io.linkops.figures;

import io.linkops.LinkOpsModule;
import org.jspecify.annotations.NullMarked;
