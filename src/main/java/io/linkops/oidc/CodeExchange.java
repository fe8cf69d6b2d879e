package io.linkops.oidc;

import io.linkops.vault.Secret;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Gives the provider a code and gets tokens for it (RFC 6749, 4.1.3, with the verifier of RFC 7636). */
final class CodeExchange {
    private final ProviderDoor door;
    private final ClientSecret secret;

    /** @param accessToken only good for asking the provider about the person; null when there is none */
    record Tokens(String idToken, @Nullable String accessToken) {
        @Override
        public String toString() {
            return "Tokens[***]";
        }
    }

    CodeExchange(ProviderDoor door, ClientSecret secret) {
        this.door = door;
        this.secret = secret;
    }

    Future<Tokens> exchange(KnownProvider provider, String code, Flow flow) {
        return secret.read()
                .compose(found -> door.post(
                        provider.metadata().tokenEndpoint(),
                        authorization(provider, found),
                        form(provider, found, code, flow)))
                .map(CodeExchange::tokens);
    }

    private static @Nullable String authorization(KnownProvider provider, Optional<Secret> secret) {
        if (secret.isEmpty() || !provider.metadata().takesBasic()) {
            return null;
        }
        var both = encoded(provider.clientId()) + ":" + encoded(secret.get().reveal());
        return "Basic " + Base64.getEncoder().encodeToString(both.getBytes(StandardCharsets.UTF_8));
    }

    private static Buffer form(KnownProvider provider, Optional<Secret> secret, String code, Flow flow) {
        Map<String, String> form = new LinkedHashMap<>();
        form.put("grant_type", "authorization_code");
        form.put("code", code);
        form.put("redirect_uri", provider.redirectUri());
        form.put("code_verifier", flow.verifier());
        form.put("client_id", provider.clientId());
        if (!provider.metadata().takesBasic()) {
            secret.ifPresent(value -> form.put("client_secret", value.reveal()));
        }
        return Buffer.buffer(form.entrySet().stream()
                .map(field -> field.getKey() + "=" + encoded(field.getValue()))
                .collect(Collectors.joining("&")));
    }

    private static Tokens tokens(ProviderDoor.Answer answer) {
        if (answer.status() != 200) {
            throw Refusal.untrusted("The OpenID provider refused the code (" + answer.status() + " "
                    + error(answer.json()) + "); if it says invalid_client, look at oidc.client_id and its secret");
        }
        if (answer.json().getValue("id_token") instanceof String idToken) {
            var accessToken = answer.json().getValue("access_token");
            return new Tokens(idToken, accessToken instanceof String text ? text : null);
        }
        throw Refusal.untrusted(
                "The OpenID provider gave no ID token; the client there must be one for OpenID Connect");
    }

    /** The one word of the error, never its prose. */
    private static String error(JsonObject json) {
        return json.getValue("error") instanceof String word && word.matches("[a-z_]{1,40}")
                ? word
                : "without a reason";
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
