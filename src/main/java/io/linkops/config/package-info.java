/**
 * What LinkOps can be told: one record per section, with defaults, units and ranges; all problems are listed at once.
 */
@LinkOpsModule(
        name = "config",
        uses = {"vault"})
@NullMarked
package io.linkops.config;

import io.linkops.LinkOpsModule;
import org.jspecify.annotations.NullMarked;
