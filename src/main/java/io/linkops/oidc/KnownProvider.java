package io.linkops.oidc;

import io.linkops.config.OidcConfig;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.JWTOptions;
import io.vertx.ext.auth.authentication.TokenCredentials;
import io.vertx.ext.auth.oauth2.OAuth2Auth;
import io.vertx.ext.auth.oauth2.OAuth2AuthorizationURL;
import io.vertx.ext.auth.oauth2.OAuth2Options;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A provider whose document and keys were read: its addresses, and the proof of its signatures. */
final class KnownProvider {
    static final String CALLBACK = "/api/auth/oidc/callback";
    static final Duration SKEW = Duration.ofSeconds(60);

    private final Metadata metadata;
    private final OidcConfig config;
    private final OAuth2Auth auth;

    KnownProvider(Vertx vertx, OidcConfig config, Metadata metadata, List<JsonObject> keys) {
        this.metadata = metadata;
        this.config = config;
        this.auth = OAuth2Auth.create(
                vertx,
                new OAuth2Options()
                        .setSite(metadata.issuer())
                        .setClientId(clientId())
                        .setAuthorizationPath(metadata.authorizationEndpoint())
                        .setTokenPath(metadata.tokenEndpoint())
                        .setLogoutPath(metadata.endSessionEndpoint())
                        // Never asked by the library: what it can't prove with these keys is not proven.
                        .setIntrospectionPath(null)
                        .setUserInfoPath(null)
                        .setJwks(keys)
                        .setJWTOptions(
                                new JWTOptions().setIssuer(metadata.issuer()).setLeeway((int) SKEW.toSeconds())));
    }

    Metadata metadata() {
        return metadata;
    }

    String clientId() {
        return Objects.requireNonNull(config.clientId(), "oidc.client_id");
    }

    String redirectUri() {
        return publicUrl() + CALLBACK;
    }

    /** The provider's log-in page for this log-in. */
    String logInUrl(Flow flow, List<String> scopes, String challenge) {
        var url = auth.authorizeURL(new OAuth2AuthorizationURL()
                .setRedirectUri(redirectUri())
                .setScopes(scopes)
                .setState(flow.state())
                .setCodeChallenge(challenge)
                .setCodeChallengeMethod("S256")
                .putAdditionalParameter("nonce", flow.nonce()));
        return joined(metadata.authorizationEndpoint(), url);
    }

    /** Where the session at the provider ends; null when it has no such place. */
    @Nullable
    String logOutUrl() {
        var endpoint = metadata.endSessionEndpoint();
        if (endpoint == null) {
            return null;
        }
        var parameters =
                new JsonObject().put("client_id", clientId()).put("post_logout_redirect_uri", publicUrl() + "/");
        var url = auth.endSessionURL(io.vertx.ext.auth.User.create(new JsonObject()), parameters);
        return url == null ? null : joined(endpoint, url);
    }

    /**
     * The claims of an ID token that one of the keys signed, by this issuer, for this client. The library looks at the
     * real clock; {@link IdTokenCheck} looks at everything again.
     */
    Future<JsonObject> proven(String idToken) {
        return auth.authenticate(new TokenCredentials(idToken)).map(user -> {
            var claims = user.attributes().getJsonObject("accessToken");
            if (claims == null) {
                throw Refusal.untrusted("The provider's ID token could not be proven");
            }
            return claims;
        });
    }

    /** The library puts a question mark after an endpoint that may have one already. */
    private static String joined(String endpoint, String url) {
        return endpoint.contains("?") ? endpoint + "&" + url.substring(endpoint.length() + 1) : url;
    }

    private String publicUrl() {
        var url = Objects.requireNonNull(config.publicUrl(), "oidc.public_url");
        return url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
    }
}
