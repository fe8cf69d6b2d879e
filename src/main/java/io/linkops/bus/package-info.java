/** The typed door to the event bus: records go in, records come out, failures are typed. */
@LinkOpsModule(
        name = "bus",
        uses = {})
@NullMarked
package io.linkops.bus;

import io.linkops.LinkOpsModule;
import org.jspecify.annotations.NullMarked;
