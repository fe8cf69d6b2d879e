/** Looks at everything LinkOps stands on, from the configuration to each link's sudo, and says what to do. */
@LinkOpsModule(
        name = "doctor",
        uses = {"bus", "config", "store", "ssh", "vault", "inventory", "gitsync", "backup"})
@NullMarked
package io.linkops.doctor;

import io.linkops.LinkOpsModule;
import org.jspecify.annotations.NullMarked;
