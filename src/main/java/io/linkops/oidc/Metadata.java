package io.linkops.oidc;

import io.linkops.bus.Failure;
import io.linkops.config.OidcConfig;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.URISyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * What a provider says of itself (OpenID Connect Discovery 1.0), checked.
 *
 * @param issuer as its tokens name it
 * @param takesBasic whether the client's secret goes into a header; else into the form
 * @param namesItself whether it says on the way back who it is (RFC 9207)
 */
record Metadata(
        String issuer,
        String authorizationEndpoint,
        String tokenEndpoint,
        String jwksUri,
        @Nullable String userinfoEndpoint,
        @Nullable String endSessionEndpoint,
        boolean takesBasic,
        boolean namesItself) {
    private static final int LONGEST = 2_000;

    static String address(String issuer) {
        return trimmed(issuer) + "/.well-known/openid-configuration";
    }

    /** @throws Failure UNAVAILABLE, naming what is wrong with the document */
    static Metadata of(JsonObject document, String configuredIssuer) {
        var issuer = document.getValue("issuer") instanceof String text ? text : "";
        if (!trimmed(issuer).equals(trimmed(configuredIssuer))) {
            throw Refusal.unreachable("The OpenID provider calls itself '" + shortened(issuer)
                    + "' and not as oidc.issuer says; set oidc.issuer to exactly what it calls itself");
        }
        boolean mayBePlain = configuredIssuer.startsWith("http:");
        return new Metadata(
                issuer,
                endpoint(document, "authorization_endpoint", mayBePlain),
                endpoint(document, "token_endpoint", mayBePlain),
                endpoint(document, "jwks_uri", mayBePlain),
                optional(document, "userinfo_endpoint", mayBePlain),
                optional(document, "end_session_endpoint", mayBePlain),
                takesBasic(document),
                Boolean.TRUE.equals(document.getValue("authorization_response_iss_parameter_supported")));
    }

    private static boolean takesBasic(JsonObject document) {
        return !(document.getValue("token_endpoint_auth_methods_supported") instanceof JsonArray methods)
                || methods.contains("client_secret_basic");
    }

    private static @Nullable String optional(JsonObject document, String key, boolean mayBePlain) {
        return document.getValue(key) == null ? null : endpoint(document, key, mayBePlain);
    }

    /** A document fetched over TLS must not lead to where there is none. */
    private static String endpoint(JsonObject document, String key, boolean mayBePlain) {
        if (document.getValue(key) instanceof String text && text.length() <= LONGEST && isSafe(text, mayBePlain)) {
            return text;
        }
        throw Refusal.unreachable("The OpenID provider's document has no usable " + key + "; it must be an https URL");
    }

    private static boolean isSafe(String url, boolean mayBePlain) {
        try {
            var uri = new URI(url);
            var host = uri.getHost();
            return host != null
                    && uri.getRawUserInfo() == null
                    && uri.getRawFragment() == null
                    && ("https".equals(uri.getScheme())
                            || (mayBePlain && "http".equals(uri.getScheme()) && OidcConfig.isThisMachine(host)));
        } catch (URISyntaxException e) {
            return false;
        }
    }

    private static String trimmed(String issuer) {
        return issuer.endsWith("/") ? issuer.substring(0, issuer.length() - 1) : issuer;
    }

    private static String shortened(String text) {
        var line = text.replaceAll("[^\\x20-\\x7e]", "?");
        return line.length() <= 100 ? line : line.substring(0, 100) + "…";
    }
}
