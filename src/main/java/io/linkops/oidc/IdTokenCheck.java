package io.linkops.oidc;

import io.linkops.bus.Failure;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * The claims of an ID token whose signature is right (OpenID Connect Core 1.0, 3.1.3.7): by this provider, for this
 * client, for this log-in, and now.
 *
 * @param skew how far the provider's clock may be off
 */
record IdTokenCheck(String issuer, String clientId, Duration skew) {
    private static final int LONGEST_SUBJECT = 255;

    /** @throws Failure TOKEN_INVALID naming the claim that is wrong */
    void check(JsonObject claims, String nonce, Instant now) {
        require(issuer.equals(claims.getValue("iss")), "iss", "is not the provider");
        requireAudience(claims);
        require(isAfter(claims.getValue("exp"), now.minus(skew)), "exp", "is missing or past; look at both clocks");
        require(isNotAfter(claims.getValue("iat"), now.plus(skew)), "iat", "is missing or ahead; look at both clocks");
        require(
                claims.getValue("nbf") == null || isNotAfter(claims.getValue("nbf"), now.plus(skew)),
                "nbf",
                "is ahead; look at both clocks");
        require(isSame(nonce, claims.getValue("nonce")), "nonce", "is not that of this log-in");
        require(
                claims.getValue("sub") instanceof String subject
                        && !subject.isBlank()
                        && subject.length() <= LONGEST_SUBJECT,
                "sub",
                "is missing or too long");
    }

    private void requireAudience(JsonObject claims) {
        var audience = switch (claims.getValue("aud")) {
            case String one -> List.<Object>of(one);
            case JsonArray many -> List.<Object>copyOf(many.stream().toList());
            case null, default -> List.<Object>of();
        };
        require(audience.contains(clientId), "aud", "is not this client; look at oidc.client_id");
        var party = claims.getValue("azp");
        require(
                party == null ? audience.size() == 1 : clientId.equals(party),
                "azp",
                "is not this client; look at oidc.client_id");
    }

    private static boolean isAfter(Object seconds, Instant moment) {
        return seconds instanceof Number number && number.doubleValue() > moment.getEpochSecond();
    }

    private static boolean isNotAfter(Object seconds, Instant moment) {
        return seconds instanceof Number number && number.doubleValue() <= moment.getEpochSecond();
    }

    private static boolean isSame(String expected, Object given) {
        return given instanceof String text
                && MessageDigest.isEqual(
                        expected.getBytes(StandardCharsets.UTF_8), text.getBytes(StandardCharsets.UTF_8));
    }

    private static void require(boolean isGood, String claim, String problem) {
        if (!isGood) {
            throw Refusal.untrusted("The provider's ID token is not to be believed: " + claim + " " + problem);
        }
    }
}
