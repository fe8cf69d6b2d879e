/**
 * The other end of the API: speaks to a LinkOps server for the command line, follows what an operation does through cut
 * connections, and makes what hosts print harmless for a terminal (decision 23). It knows no room but the secrets'
 * type.
 */
@LinkOpsModule(
        name = "client",
        uses = {"vault"})
@NullMarked
package io.linkops.client;

import io.linkops.LinkOpsModule;
import org.jspecify.annotations.NullMarked;
