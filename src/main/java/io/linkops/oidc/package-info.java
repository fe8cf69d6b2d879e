/**
 * Logging in at an OpenID provider: the provider says who somebody is and what he may, {@code accounts} lets him in.
 *
 * <p>The way of a log-in: Begin (LogInFlow: state, nonce, PKCE, sealed into a cookie) → the provider's page → Complete
 * (state, code, ID token) → {@code Accounts.LogInByProvider}.
 */
@LinkOpsModule(
        name = "oidc",
        uses = {"bus", "config", "accounts", "vault"})
@NullMarked
package io.linkops.oidc;

import io.linkops.LinkOpsModule;
import org.jspecify.annotations.NullMarked;
