package io.linkops.oidc;

import java.time.Instant;

/**
 * One log-in under way, as only its browser knows it.
 *
 * @param state comes back in the address: proves that the answer belongs to this browser's question
 * @param nonce comes back in the ID token: proves that the token was made for this log-in
 * @param verifier shown to the provider with the code (PKCE): who stole the code has nothing
 */
record Flow(String state, String nonce, String verifier, String returnTo, Instant expiresAt) {
    @Override
    public String toString() {
        return "Flow[***, " + expiresAt + "]";
    }
}
