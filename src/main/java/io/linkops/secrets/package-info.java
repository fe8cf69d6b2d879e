/** The vault's secrets in the database, encrypted, and the keys with which rooms seal what they keep. */
@LinkOpsModule(
        name = "secrets",
        uses = {"bus", "config", "store", "vault"})
@NullMarked
package io.linkops.secrets;

import io.linkops.LinkOpsModule;
import org.jspecify.annotations.NullMarked;
