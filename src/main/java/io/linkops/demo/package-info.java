/** The real product against a fleet of embedded SSH servers that run real bash: nothing to install or configure. */
@LinkOpsModule(
        name = "demo",
        uses = {"bus", "vault"})
@NullMarked
package io.linkops.demo;

import io.linkops.LinkOpsModule;
import org.jspecify.annotations.NullMarked;
