package io.linkops.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.linkops.config.ApiConfig;
import io.linkops.config.MetricsAccess;
import io.vertx.core.net.SelfSignedCertificate;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** TLS of its own, with real handshakes. */
class TlsTest {
    @TempDir
    private Path directory;

    private Path certificate;
    private Path key;

    @BeforeEach
    void first() throws Exception {
        certificate = directory.resolve("fullchain.pem");
        key = directory.resolve("key.pem");
        put("first.example", certificate, key);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void servesOverTlsAndTellsBrowsersToStayThere(String protocol) throws Exception {
        try (var api = start();
                var client = connect(api.port, protocol)) {
            assertThat(client.getSession().getProtocol()).isEqualTo(protocol);
            assertThat(get(client)).startsWith("HTTP/1.1 200").contains("Strict-Transport-Security: max-age=31536000");
        }
    }

    @Test
    void givesTheCookieToTlsOnly() throws Exception {
        try (var api = start();
                var client = connect(api.port, "TLSv1.3")) {
            var body = "{\"username\":\"admin\",\"password\":\"right\"}";
            var answer = ask(
                    client,
                    "POST /api/auth/login HTTP/1.1\r\nHost: first.example\r\nContent-Type: application/json\r\n"
                            + "Content-Length: " + body.length() + "\r\n\r\n" + body);
            assertThat(answer).containsPattern("set-cookie: __Host-linkops=.*; Secure");
        }
    }

    @Test
    void refusesWhatIsOlderThanTls12() throws Exception {
        try (var api = start()) {
            assertThatThrownBy(() -> connect(api.port, "TLSv1.1").close()).isInstanceOf(SSLHandshakeException.class);
        }
    }

    @Test
    void takesAChangedCertificateAndKeepsOpenConnections() throws Exception {
        try (var api = start();
                var old = connect(api.port, "TLSv1.3")) {
            assertThat(get(old)).startsWith("HTTP/1.1 200");
            put("second.example", certificate, key);
            TestApi.await("the new certificate", () -> nameAt(api.port).contains("second.example"));
            assertThat(get(old)).startsWith("HTTP/1.1 200");
            assertThat(name(old)).contains("first.example");
        }
    }

    /** As it is for a moment when a renewal writes one file after the other. */
    @Test
    void keepsTheOldPairWhileTheNewOneDoesNotFit() throws Exception {
        try (var api = start()) {
            var other = directory.resolve("other.pem");
            put("second.example", other, key);
            // longer than the time between two looks
            var until = System.nanoTime() + Duration.ofSeconds(7).toNanos();
            TestApi.await("some looks", () -> {
                assertThat(nameAt(api.port)).contains("first.example");
                return System.nanoTime() > until;
            });
            Files.copy(other, certificate, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            TestApi.await("the new certificate", () -> nameAt(api.port).contains("second.example"));
        }
    }

    @Test
    void doesNotStartWithAKeyThatOthersCanRead() throws Exception {
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));
        assertThatThrownBy(this::start).hasMessageContaining("chmod 600 " + key);
    }

    @Test
    void doesNotStartWithTheKeyOfAnotherCertificate() throws Exception {
        put("second.example", certificate, directory.resolve("other.pem"));
        assertThatThrownBy(this::start).hasMessageContaining("is not the key of " + certificate);
    }

    @Test
    void doesNotStartWithFilesThatAreNone() throws Exception {
        Files.writeString(key, "-----BEGIN PRIVATE KEY-----\nnone of your business\n-----END PRIVATE KEY-----\n");
        assertThatThrownBy(this::start)
                .hasMessageContaining("is not a private key in PEM form")
                .hasMessageNotContaining("business");
        Files.writeString(certificate, "nothing");
        assertThatThrownBy(this::start).hasMessageContaining("is not a certificate in PEM form");
        Files.delete(certificate);
        assertThatThrownBy(this::start).hasMessageContaining("NoSuchFileException: " + certificate);
    }

    private TestApi start() {
        var config = new ApiConfig(
                "127.0.0.1",
                0,
                null,
                Duration.ofHours(24),
                List.of(),
                1024,
                10,
                MetricsAccess.TOKEN,
                List.of(),
                certificate,
                key);
        return new TestApi(config, TestApi.QUICK, "web-test");
    }

    private static void put(String name, Path certificate, Path key) throws IOException {
        var made = SelfSignedCertificate.create(name);
        Files.copy(Path.of(made.certificatePath()), certificate, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        Files.deleteIfExists(key);
        Files.createFile(key, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.write(key, Files.readAllBytes(Path.of(made.privateKeyPath())));
        made.delete();
    }

    private static String nameAt(int port) {
        try (var client = connect(port, "TLSv1.3")) {
            return name(client);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static String name(SSLSocket client) throws IOException {
        return ((X509Certificate) client.getSession().getPeerCertificates()[0])
                .getSubjectX500Principal()
                .getName();
    }

    private static String get(SSLSocket client) throws IOException {
        return ask(client, "GET /healthz HTTP/1.1\r\nHost: first.example\r\n\r\n");
    }

    /** @return the head of the answer */
    private static String ask(SSLSocket client, String request) throws IOException {
        client.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        var answer = new StringBuilder();
        while (answer.indexOf("\r\n\r\n") < 0) {
            int next = client.getInputStream().read();
            assertThat(next).as("the end of " + answer).isNotNegative();
            answer.append((char) next);
        }
        var length = java.util.regex.Pattern.compile("content-length: (\\d+)").matcher(answer);
        client.getInputStream().readNBytes(length.find() ? Integer.parseInt(length.group(1)) : 0);
        return answer.toString();
    }

    private static SSLSocket connect(int port, String protocol) throws Exception {
        var context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new Trusting()}, null);
        var client = (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", port);
        client.setSoTimeout(20_000);
        client.setEnabledProtocols(new String[] {protocol});
        client.startHandshake();
        return client;
    }

    /** The certificates are made for the test alone. */
    private static final class Trusting implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
