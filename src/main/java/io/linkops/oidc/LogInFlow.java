package io.linkops.oidc;

import io.linkops.accounts.Accounts.LogInByProvider;
import io.linkops.config.OidcConfig;
import io.linkops.oidc.SingleSignOn.Begin;
import io.linkops.oidc.SingleSignOn.Beginning;
import io.linkops.oidc.SingleSignOn.Complete;
import io.linkops.oidc.SingleSignOn.Problem;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The authorization code flow with PKCE, from the button to a person the provider vouches for. */
final class LogInFlow {
    private static final Duration LIFETIME = Duration.ofMinutes(10);
    private static final int RANDOM_BYTES = 32;
    private static final int LONGEST_CODE = 4_096;
    private static final int MOST_AT_ONCE = 32;

    private final OidcConfig config;
    private final Discovery discovery;
    private final ProviderDoor door;
    private final CodeExchange exchange;
    private final PersonPlan person;
    private final FlowSeal seal;
    private final SecureRandom random;
    private final InstantSource clock;
    private final UsedStates used = new UsedStates();
    private int underway;

    /** A person, and where to go. */
    record Outcome(LogInByProvider person, String returnTo) {}

    LogInFlow(
            OidcConfig config,
            Discovery discovery,
            ProviderDoor door,
            CodeExchange exchange,
            SecureRandom random,
            InstantSource clock) {
        this.config = config;
        this.discovery = discovery;
        this.door = door;
        this.exchange = exchange;
        this.person = new PersonPlan(config);
        this.random = random;
        this.clock = clock;
        this.seal = new FlowSeal(bytes(), clock);
    }

    Future<Beginning> begin(Begin request) {
        var flow = new Flow(
                token(),
                token(),
                token(),
                ReturnPath.of(request.returnTo()),
                clock.instant().plus(LIFETIME));
        var scopes =
                Stream.concat(Stream.of("openid"), config.scopes().stream()).distinct();
        return discovery
                .provider()
                .map(provider -> new Beginning(
                        provider.logInUrl(flow, scopes.toList(), challenge(flow.verifier())),
                        seal.seal(flow),
                        LIFETIME));
    }

    Future<Outcome> complete(Complete request) {
        var callback = request.callback();
        var flow = flow(request.ticket(), callback);
        if (underway >= MOST_AT_ONCE) {
            throw Refusal.of(Problem.BUSY, "Too many log-ins at once; try again in a few seconds");
        }
        underway++;
        return discovery
                .provider()
                .compose(provider -> {
                    var code = code(callback, provider);
                    return exchange.exchange(provider, code, flow)
                            .compose(tokens -> claims(provider, tokens, flow))
                            .map(claims -> person.logIn(provider.metadata().issuer(), claims, request.remoteAddress()));
                })
                .map(found -> new Outcome(found, flow.returnTo()))
                .onComplete(ended -> underway--);
    }

    /** The log-in that this browser began and this answer belongs to; each counts once. */
    private Flow flow(String ticket, SingleSignOn.Callback callback) {
        var now = clock.instant();
        return seal.open(ticket)
                .filter(flow -> isSame(flow.state(), callback.state()))
                .filter(flow -> used.use(flow, now))
                .orElseThrow(() -> Refusal.of(
                        Problem.STALE,
                        "This log-in was not begun in this browser, took too long or was ended before; begin again at "
                                + config.publicUrl()));
    }

    private static String code(SingleSignOn.Callback callback, KnownProvider provider) {
        var issuer = callback.issuer();
        if (issuer == null
                ? provider.metadata().namesItself()
                : !issuer.equals(provider.metadata().issuer())) {
            throw Refusal.untrusted("The answer to this log-in came from another OpenID provider");
        }
        var error = callback.error();
        if (error != null) {
            throw Refusal.of(
                    error.equals("temporarily_unavailable") || error.equals("server_error")
                            ? Problem.UNREACHABLE
                            : Problem.REFUSED,
                    "The OpenID provider refused the log-in: " + (error.matches("[a-z_]{1,40}") ? error : "no reason"));
        }
        var code = callback.code();
        if (code == null || code.isEmpty() || code.length() > LONGEST_CODE) {
            throw Refusal.untrusted("The OpenID provider sent no code");
        }
        return code;
    }

    private Future<JsonObject> claims(KnownProvider provider, CodeExchange.Tokens tokens, Flow flow) {
        IdTokenHeader.check(tokens.idToken());
        return provider.proven(tokens.idToken())
                // Keys are changed now and then: look once whether there is another one by now.
                .recover(cause -> discovery.again().compose(anew -> anew.proven(tokens.idToken())))
                .recover(cause -> Future.failedFuture(Refusal.untrusted("The provider's ID token could not be proven:"
                        + " its signature, issuer (iss), audience (aud) or time is wrong; look at oidc.client_id and"
                        + " both clocks")))
                .map(claims -> {
                    new IdTokenCheck(provider.metadata().issuer(), provider.clientId(), KnownProvider.SKEW)
                            .check(claims, flow.nonce(), clock.instant());
                    return claims;
                })
                .compose(claims -> more(provider, tokens.accessToken(), claims));
    }

    /** Some providers keep groups out of the ID token. What the token says, counts. */
    private Future<JsonObject> more(KnownProvider provider, @Nullable String accessToken, JsonObject claims) {
        var endpoint = provider.metadata().userinfoEndpoint();
        if (endpoint == null || accessToken == null || !person.wantsMore(claims)) {
            return Future.succeededFuture(claims);
        }
        return door.get(endpoint, "Bearer " + accessToken).map(told -> {
            if (!claims.getString("sub").equals(told.getValue("sub"))) {
                throw Refusal.untrusted("The OpenID provider's userinfo is about somebody else");
            }
            return told.copy().mergeIn(claims);
        });
    }

    private static String challenge(String verifier) {
        try {
            var sha256 = MessageDigest.getInstance("SHA-256");
            return encode(sha256.digest(verifier.getBytes(StandardCharsets.US_ASCII)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static boolean isSame(String expected, @Nullable String given) {
        return given != null
                && MessageDigest.isEqual(
                        expected.getBytes(StandardCharsets.UTF_8), given.getBytes(StandardCharsets.UTF_8));
    }

    private String token() {
        return encode(bytes());
    }

    private byte[] bytes() {
        var bytes = new byte[RANDOM_BYTES];
        random.nextBytes(bytes);
        return bytes;
    }

    private static String encode(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
