package io.linkops.oidc;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;

/**
 * An OpenID provider over HTTP that keeps the rules: document, keys, codes that count once and belong to a redirect URI
 * and a verifier, tokens signed for real. Whoever comes to its page is the {@link #person}, at once. A test may twist
 * what it says.
 */
final class FaithfulProvider implements Closeable {
    static final String CLIENT = "linkops";
    static final String SECRET = "the secret of the client: 100% odd+";

    private record Grant(Map<String, String> request, JsonObject person) {}

    private final HttpServer server;
    private final int port;
    private final Map<String, Grant> codes = new ConcurrentHashMap<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile KeyPair key;
    private volatile String kid;

    final AtomicInteger keysAsked = new AtomicInteger();
    final AtomicInteger documentsAsked = new AtomicInteger();
    volatile JsonObject person = new JsonObject();
    volatile JsonObject userinfo = new JsonObject();
    volatile UnaryOperator<JsonObject> claims;
    volatile UnaryOperator<JsonObject> document;
    /** Writes the token from its claims. */
    volatile BiFunction<FaithfulProvider, JsonObject, String> signer;
    /** Says something else than the page would: the parameters of the way back. */
    volatile UnaryOperator<Map<String, String>> wayBack;
    /** Instead of all answers at this path. */
    final Map<String, Trouble> troubles = new ConcurrentHashMap<>();

    /** What goes wrong. */
    enum Trouble {
        SILENT,
        BROKEN_JSON,
        LIST,
        HUGE,
        ENDLESS,
        ERROR,
        ELSEWHERE
    }

    FaithfulProvider() {
        this(0);
    }

    /** @param port one it had before, to come back */
    FaithfulProvider(int port) {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 50);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        this.port = server.getAddress().getPort();
        server.setExecutor(
                Executors.newCachedThreadPool(Thread.ofPlatform().daemon().factory()));
        server.createContext("/", this::answer);
        rotate();
        faithful();
        server.start();
    }

    /** No twists, nobody in particular. */
    void faithful() {
        troubles.clear();
        claims = given -> given;
        document = given -> given;
        signer = FaithfulProvider::sign;
        wayBack = given -> given;
        userinfo = new JsonObject();
    }

    int port() {
        return port;
    }

    String issuer() {
        return "http://127.0.0.1:" + port + "/realms/ops";
    }

    /** From now on another key signs, and is shown alone. */
    void rotate() {
        try {
            var generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            key = generator.generateKeyPair();
            kid = UUID.randomUUID().toString();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Somebody who will log in. */
    void person(String subject, String name, String... roles) {
        person = new JsonObject()
                .put("sub", subject)
                .put("preferred_username", name)
                .put("realm_access", new JsonObject().put("roles", new JsonArray(Arrays.asList(roles))));
    }

    String sign(JsonObject payload) {
        return sign(new JsonObject().put("alg", "RS256").put("kid", kid), payload, key);
    }

    static String sign(JsonObject header, JsonObject payload, KeyPair key) {
        try {
            var signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(key.getPrivate());
            var text = encode(header.encode()) + "." + encode(payload.encode());
            signature.update(text.getBytes(StandardCharsets.US_ASCII));
            return text + "." + encode(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    KeyPair key() {
        return key;
    }

    String kid() {
        return kid;
    }

    static String encode(String text) {
        return encode(text.getBytes(StandardCharsets.UTF_8));
    }

    static String encode(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            var path = exchange.getRequestURI().getPath().replaceFirst("^/realms/ops", "");
            var trouble = troubles.get(path);
            if (trouble != null) {
                make(trouble, exchange);
                return;
            }
            switch (path) {
                case "/.well-known/openid-configuration" -> {
                    documentsAsked.incrementAndGet();
                    json(exchange, 200, document.apply(document()));
                }
                case "/keys" -> {
                    keysAsked.incrementAndGet();
                    json(exchange, 200, keys());
                }
                case "/auth" -> page(exchange);
                case "/token" -> token(exchange);
                case "/userinfo" -> json(exchange, 200, userinfo);
                default -> json(exchange, 404, new JsonObject());
            }
        }
    }

    private JsonObject document() {
        return new JsonObject()
                .put("issuer", issuer())
                .put("authorization_endpoint", issuer() + "/auth")
                .put("token_endpoint", issuer() + "/token")
                .put("jwks_uri", issuer() + "/keys")
                .put("userinfo_endpoint", issuer() + "/userinfo")
                .put("end_session_endpoint", issuer() + "/logout")
                .put("authorization_response_iss_parameter_supported", true);
    }

    JsonObject keys() {
        var known = (RSAPublicKey) key.getPublic();
        return new JsonObject()
                .put(
                        "keys",
                        new JsonArray()
                                .add(new JsonObject()
                                        .put("kty", "RSA")
                                        .put("use", "sig")
                                        .put("alg", "RS256")
                                        .put("kid", kid)
                                        .put("n", encode(unsigned(known.getModulus())))
                                        .put("e", encode(unsigned(known.getPublicExponent())))));
    }

    static byte[] unsigned(BigInteger number) {
        var bytes = number.toByteArray();
        return bytes[0] == 0 ? Arrays.copyOfRange(bytes, 1, bytes.length) : bytes;
    }

    private void page(HttpExchange exchange) throws IOException {
        var request = parameters(exchange.getRequestURI().getRawQuery());
        var code = UUID.randomUUID().toString();
        codes.put(code, new Grant(request, person));
        Map<String, String> back = new LinkedHashMap<>();
        back.put("state", request.get("state"));
        back.put("session_state", "x");
        back.put("iss", issuer());
        back.put("code", code);
        var query = new StringBuilder();
        wayBack.apply(back)
                .forEach((name, value) -> query.append(query.isEmpty() ? "?" : "&")
                        .append(name)
                        .append('=')
                        .append(java.net.URLEncoder.encode(value, StandardCharsets.UTF_8)));
        exchange.getResponseHeaders().set("Location", request.get("redirect_uri") + query);
        exchange.sendResponseHeaders(302, -1);
    }

    private void token(HttpExchange exchange) throws IOException {
        var form = parameters(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        var grant = codes.remove(form.getOrDefault("code", ""));
        if (!isClient(exchange.getRequestHeaders().getFirst("Authorization"))) {
            json(exchange, 401, new JsonObject().put("error", "invalid_client"));
        } else if (grant == null
                || !form.get("redirect_uri").equals(grant.request.get("redirect_uri"))
                || !challenge(form.getOrDefault("code_verifier", "")).equals(grant.request.get("code_challenge"))) {
            json(exchange, 400, new JsonObject().put("error", "invalid_grant").put("error_description", "<b>no</b>"));
        } else {
            var now = Instant.now().getEpochSecond();
            var payload = grant.person
                    .copy()
                    .put("iss", issuer())
                    .put("aud", CLIENT)
                    .put("azp", CLIENT)
                    .put("iat", now)
                    .put("exp", now + 300)
                    .put("nonce", grant.request.get("nonce"));
            json(
                    exchange,
                    200,
                    new JsonObject()
                            .put("access_token", "opaque")
                            .put("token_type", "Bearer")
                            .put("expires_in", 300)
                            .put("id_token", signer.apply(this, claims.apply(payload))));
        }
    }

    private static boolean isClient(String authorization) {
        var both = java.net.URLEncoder.encode(CLIENT, StandardCharsets.UTF_8) + ":"
                + java.net.URLEncoder.encode(SECRET, StandardCharsets.UTF_8);
        return ("Basic " + Base64.getEncoder().encodeToString(both.getBytes(StandardCharsets.UTF_8)))
                .equals(authorization);
    }

    private static String challenge(String verifier) {
        try {
            var sha256 = MessageDigest.getInstance("SHA-256");
            return encode(sha256.digest(verifier.getBytes(StandardCharsets.US_ASCII)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private void make(Trouble trouble, HttpExchange exchange) throws IOException {
        switch (trouble) {
            case SILENT -> awaitClose();
            case BROKEN_JSON -> text(exchange, "{\"issuer\": \"<script>alert(1)</script>\"");
            case LIST -> text(exchange, "[1, 2]");
            case HUGE -> text(exchange, "{\"x\": \"" + "x".repeat(4 * 1024 * 1024) + "\"}");
            case ENDLESS -> {
                exchange.sendResponseHeaders(200, 0);
                var piece = " ".repeat(64 * 1024).getBytes(StandardCharsets.US_ASCII);
                while (closed.getCount() > 0) {
                    exchange.getResponseBody().write(piece);
                }
            }
            case ERROR -> json(exchange, 500, new JsonObject());
            case ELSEWHERE -> {
                exchange.getResponseHeaders().set("Location", issuer() + "/keys");
                exchange.sendResponseHeaders(302, -1);
            }
        }
    }

    private void awaitClose() {
        try {
            if (!closed.await(60, TimeUnit.SECONDS)) {
                throw new IllegalStateException("nobody closed the provider");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void text(HttpExchange exchange, String text) throws IOException {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private static void json(HttpExchange exchange, int status, JsonObject json) throws IOException {
        var bytes = json.encode().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    static Map<String, String> parameters(String query) {
        Map<String, String> parameters = new LinkedHashMap<>();
        for (var pair : Objects.requireNonNullElse(query, "").split("&", -1)) {
            var both = pair.split("=", 2);
            parameters.put(
                    URLDecoder.decode(both[0], StandardCharsets.UTF_8),
                    both.length < 2 ? "" : URLDecoder.decode(both[1], StandardCharsets.UTF_8));
        }
        return parameters;
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
    }
}
