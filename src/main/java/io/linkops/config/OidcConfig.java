package io.linkops.config;

import io.linkops.vault.Masking;
import io.linkops.vault.Secret;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Logging in at an OpenID provider, such as Keycloak. */
public record OidcConfig(
        @Key(
                value = "Address of the OpenID provider, as it calls itself in its tokens:"
                        + " https://keycloak.example.org/realms/ops. Without one, users log in with passwords only.")
        @Nullable
        String issuer,

        @Key(value = "What LinkOps is called at the provider.") @Nullable
        String clientId,

        @Key(value = "Secret of the client at the provider; none for a public client.") @Nullable
        Secret clientSecret,

        @Key(
                value = "File with that secret, readable by the user LinkOps runs as and nobody else; read at each"
                        + " log-in.")
        @Nullable
        Path clientSecretFile,

        @Key(
                value = "How browsers reach LinkOps, such as https://linkops.example.org. The provider must allow the"
                        + " redirect URI PUBLIC_URL/api/auth/oidc/callback.")
        @Nullable
        String publicUrl,

        @Key(value = "What the button says after \"Log in with\".", byDefault = "single sign-on")
        String displayName,

        @Key(value = "Scopes asked for besides openid.", byDefault = "profile, email")
        List<String> scopes,

        @Key(value = "Claim with the user name.", byDefault = "preferred_username")
        String usernameClaim,

        @Key(
                value = "Domain that is cut from user names such as alice@example.org; names with another one are"
                        + " refused.")
        @Nullable
        String usernameDomain,

        @Key(
                value = "Claim with the user's roles or groups; dots lead inwards: realm_access.roles.",
                byDefault = "roles")
        String rolesClaim,

        @Key(value = "Values of that claim that make an admin.")
        List<String> adminValues,

        @Key(value = "Values of that claim that make an operator.")
        List<String> operatorValues,

        @Key(value = "Values of that claim that make a viewer.")
        List<String> viewerValues,

        @Key(value = "Role of users with none of those values; with none they are refused.", byDefault = "none")
        DefaultRole defaultRole,

        @Key(
                value = "Certificates (PEM) of authorities that the provider is checked against, instead of those Java"
                        + " knows.")
        @Nullable
        Path caFile,

        @Key(value = "How long the provider may take for one answer.", byDefault = "10", unit = "s", min = 1, max = 60)
        Duration timeout)
        implements SelfChecked {

    /** The role of whom nothing gives one. */
    public enum DefaultRole {
        NONE,
        VIEWER,
        OPERATOR
    }

    public OidcConfig {
        scopes = List.copyOf(scopes);
        adminValues = List.copyOf(adminValues);
        operatorValues = List.copyOf(operatorValues);
        viewerValues = List.copyOf(viewerValues);
    }

    /** Whether there is a provider at all. */
    public boolean isOn() {
        return issuer != null;
    }

    @Override
    public List<Violation> violations() {
        var found = new ArrayList<Violation>();
        if (issuer == null) {
            return found;
        }
        if (!isSafe(issuer)) {
            found.add(address("issuer", issuer));
        }
        if (publicUrl == null || !isSafe(publicUrl)) {
            found.add(address("public_url", publicUrl));
        }
        if (clientId == null) {
            found.add(new Violation(
                    List.of("client_id"), "is missing: oidc.issuer is set, so LinkOps needs a name there."));
        }
        if (clientSecret != null && clientSecretFile != null) {
            found.add(new Violation(
                    List.of("client_secret_file", "client_secret"), "and oidc.client_secret exclude each other."));
        }
        if (!isAnybodyLetIn()) {
            found.add(new Violation(
                    List.of("admin_values", "operator_values", "viewer_values", "default_role"),
                    "is empty, like all that gives a role: nobody could log in. Give values, or a default_role."));
        }
        return found;
    }

    private boolean isAnybodyLetIn() {
        return defaultRole != DefaultRole.NONE
                || !adminValues.isEmpty()
                || !operatorValues.isEmpty()
                || !viewerValues.isEmpty();
    }

    private static Violation address(String key, @Nullable String value) {
        return new Violation(
                List.of(key),
                (value == null ? "is missing" : "is '" + Shown.name(Masking.urls(value)) + "'")
                        + ", expected https://HOST or https://HOST/PATH (http for this machine itself only), without a"
                        + " user, a query or a #.");
    }

    /** TLS, or a provider on this very machine. */
    private static boolean isSafe(String url) {
        try {
            var uri = new URI(url);
            var host = uri.getHost();
            return host != null
                    && uri.getRawUserInfo() == null
                    && uri.getRawQuery() == null
                    && uri.getRawFragment() == null
                    && ("https".equals(uri.getScheme()) || ("http".equals(uri.getScheme()) && isThisMachine(host)));
        } catch (java.net.URISyntaxException e) {
            return false;
        }
    }

    /** Whether a host is reached without a network, so that plain HTTP shows nothing to anybody. */
    public static boolean isThisMachine(String host) {
        return host.equals("localhost") || host.equals("[::1]") || host.matches("127(\\.[0-9]{1,3}){3}");
    }
}
