package io.linkops.worlds;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Assumptions;

/**
 * A real Git server over HTTPS: git's own http-backend behind a certificate that only its own authority file trusts,
 * and behind a token (as the password of Basic authentication).
 */
public final class GitHttps implements AutoCloseable {
    private static final Path BACKEND = Path.of("/usr/lib/git-core/git-http-backend");
    private static final String PASSWORD = "changeit";

    private final Path root;
    private final Path certificate;
    private final HttpsServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final AtomicInteger refused = new AtomicInteger();
    private volatile String token = "";
    private volatile boolean isReadOnly;
    private volatile long cutAfter = Long.MAX_VALUE;

    private GitHttps(Path directory, Path root) throws Exception {
        this.root = root;
        this.certificate = directory.resolve("ca.pem");
        this.server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
        server.setHttpsConfigurator(new HttpsConfigurator(tls(directory)));
        server.setExecutor(threads);
        server.createContext("/", this::serve);
        server.start();
    }

    /**
     * Starts it on a free port.
     *
     * @param directory for key and certificate
     * @param root that holds the repositories
     */
    public static GitHttps start(Path directory, Path root) throws Exception {
        if (!"true".equals(System.getenv("CI"))) {
            Assumptions.assumeTrue(Files.isExecutable(BACKEND), "no " + BACKEND + " here: install git");
        }
        return new GitHttps(directory, root);
    }

    public String url(String repository) {
        return "https://127.0.0.1:" + server.getAddress().getPort() + "/" + repository;
    }

    /** PEM of the certificate that the server shows. */
    public Path certificate() {
        return certificate;
    }

    /** From now on only this token is let in. */
    public GitHttps token(String token) {
        this.token = token;
        return this;
    }

    /** From now on nobody may push. */
    public GitHttps readOnly(boolean isReadOnly) {
        this.isReadOnly = isReadOnly;
        return this;
    }

    /** From now on the server dies in the middle of each answer that is longer. */
    public GitHttps cutAfter(long bytes) {
        this.cutAfter = bytes;
        return this;
    }

    /** Requests that were turned away. */
    public int refused() {
        return refused.get();
    }

    private SSLContext tls(Path directory) throws Exception {
        var store = directory.resolve("tls.p12");
        var keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        run(List.of(
                keytool,
                "-genkeypair",
                "-alias",
                "git",
                "-keyalg",
                "EC",
                "-dname",
                "CN=127.0.0.1",
                "-ext",
                "san=ip:127.0.0.1",
                "-validity",
                "2",
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD,
                "-keystore",
                store.toString()));
        run(List.of(
                keytool,
                "-exportcert",
                "-rfc",
                "-alias",
                "git",
                "-storepass",
                PASSWORD,
                "-keystore",
                store.toString(),
                "-file",
                certificate.toString()));
        var keys = KeyStore.getInstance("PKCS12");
        try (var in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, PASSWORD.toCharArray());
        var context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
    }

    private static void run(List<String> command) throws Exception {
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IllegalStateException(said);
        }
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            if (!isKnown(exchange)) {
                refused.incrementAndGet();
                exchange.getResponseHeaders().add("WWW-Authenticate", "Basic realm=\"git\"");
                exchange.sendResponseHeaders(401, -1);
            } else if (isReadOnly && exchange.getRequestURI().toString().contains("git-receive-pack")) {
                refused.incrementAndGet();
                exchange.sendResponseHeaders(403, -1);
            } else {
                answer(exchange, body);
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private boolean isKnown(HttpExchange exchange) {
        var header = exchange.getRequestHeaders().getFirst("Authorization");
        if (header == null || !header.startsWith("Basic ")) {
            return false;
        }
        var pair = new String(Base64.getDecoder().decode(header.substring(6)), StandardCharsets.UTF_8);
        return pair.substring(pair.indexOf(':') + 1).equals(token);
    }

    private void answer(HttpExchange exchange, byte[] body) throws IOException, InterruptedException {
        var backend = new ProcessBuilder(BACKEND.toString());
        var environment = backend.environment();
        environment.put("GIT_PROJECT_ROOT", root.toString());
        environment.put("GIT_HTTP_EXPORT_ALL", "1");
        environment.put("REMOTE_USER", "somebody");
        environment.put("REQUEST_METHOD", exchange.getRequestMethod());
        environment.put("PATH_INFO", exchange.getRequestURI().getPath());
        put(environment, "QUERY_STRING", exchange.getRequestURI().getQuery());
        put(environment, "CONTENT_TYPE", exchange.getRequestHeaders().getFirst("Content-Type"));
        put(environment, "HTTP_CONTENT_ENCODING", exchange.getRequestHeaders().getFirst("Content-Encoding"));
        put(environment, "GIT_PROTOCOL", exchange.getRequestHeaders().getFirst("Git-Protocol"));
        environment.put("CONTENT_LENGTH", String.valueOf(body.length));
        var process = backend.redirectError(ProcessBuilder.Redirect.DISCARD).start();
        try (var in = process.getOutputStream()) {
            in.write(body);
        }
        try (var out = process.getInputStream()) {
            pass(exchange, out);
        }
        process.waitFor(10, TimeUnit.SECONDS);
    }

    private static void put(java.util.Map<String, String> environment, String name, String value) {
        if (value != null) {
            environment.put(name, value);
        }
    }

    private void pass(HttpExchange exchange, InputStream out) throws IOException {
        int status = 200;
        for (var line = line(out); !line.isEmpty(); line = line(out)) {
            int colon = line.indexOf(':');
            var value = line.substring(colon + 1).strip();
            if (line.startsWith("Status:")) {
                status = Integer.parseInt(value.substring(0, 3));
            } else {
                exchange.getResponseHeaders().add(line.substring(0, colon), value);
            }
        }
        byte[] answer = out.readAllBytes();
        exchange.sendResponseHeaders(status, 0);
        int length = (int) Math.min(answer.length, cutAfter);
        exchange.getResponseBody().write(answer, 0, length);
        if (length < answer.length) {
            exchange.getResponseBody().flush();
            throw new IOException("the server dies here");
        }
        exchange.getResponseBody().close();
    }

    private static String line(InputStream in) throws IOException {
        var line = new ByteArrayOutputStream();
        for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
            line.write(next);
        }
        return line.toString(StandardCharsets.UTF_8).strip();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
