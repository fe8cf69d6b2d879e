/** Secrets at rest: the type that never prints itself, key files and their modes, masking. */
@LinkOpsModule(
        name = "vault",
        uses = {})
@NullMarked
package io.linkops.vault;

import io.linkops.LinkOpsModule;
import org.jspecify.annotations.NullMarked;
