package io.linkops.oidc;

import io.linkops.accounts.Accounts.Identity;
import io.linkops.accounts.Accounts.LogInByProvider;
import io.linkops.accounts.Accounts.Role;
import io.linkops.config.OidcConfig;
import io.vertx.core.json.JsonObject;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Who the provider's proven claims say somebody is, and what he may: pure. */
record PersonPlan(OidcConfig config) {

    /** @param claims proven ones, with a {@code sub} */
    LogInByProvider logIn(String issuer, JsonObject claims, String remoteAddress) {
        return new LogInByProvider(
                new Identity(issuer, claims.getString("sub")), username(claims), role(claims), remoteAddress);
    }

    /** Whether the claims lack what is looked for, so that asking the provider for more may help. */
    boolean wantsMore(JsonObject claims) {
        return ClaimPath.find(claims, config.usernameClaim()).isEmpty()
                || ClaimPath.find(claims, config.rolesClaim()).isEmpty();
    }

    /**
     * The name in small ASCII letters, without the configured domain. What else is odd about it stays, and is refused
     * by {@code accounts}: a name that is bent into shape may be somebody else's.
     */
    private String username(JsonObject claims) {
        var name = lowerAscii(ClaimPath.text(claims, config.usernameClaim()).orElse(""));
        var domain = config.usernameDomain();
        var suffix = domain == null ? "" : "@" + lowerAscii(domain);
        return !suffix.isEmpty() && name.endsWith(suffix) ? name.substring(0, name.length() - suffix.length()) : name;
    }

    private static String lowerAscii(String text) {
        return text.chars().allMatch(letter -> letter < 128) ? text.toLowerCase(Locale.ROOT) : text;
    }

    /** The highest that any value gives; null for none. */
    private @Nullable Role role(JsonObject claims) {
        var values = ClaimPath.texts(claims, config.rolesClaim());
        if (isAny(config.adminValues(), values)) {
            return Role.ADMIN;
        }
        if (isAny(config.operatorValues(), values)) {
            return Role.OPERATOR;
        }
        if (isAny(config.viewerValues(), values)) {
            return Role.VIEWER;
        }
        return switch (config.defaultRole()) {
            case NONE -> null;
            case VIEWER -> Role.VIEWER;
            case OPERATOR -> Role.OPERATOR;
        };
    }

    private static boolean isAny(List<String> wanted, Set<String> values) {
        return !Collections.disjoint(wanted, values);
    }
}
