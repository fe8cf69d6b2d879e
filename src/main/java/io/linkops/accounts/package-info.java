/** Who may do what: users, roles, tokens, tickets, lockout. */
@LinkOpsModule(
        name = "accounts",
        uses = {"bus", "config", "store", "vault"})
@NullMarked
package io.linkops.accounts;

import io.linkops.LinkOpsModule;
import org.jspecify.annotations.NullMarked;
