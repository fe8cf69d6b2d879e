package io.linkops.gitsync;

import io.linkops.bus.ErrorCode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Proxy;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.eclipse.jgit.transport.http.HttpConnection;
import org.eclipse.jgit.transport.http.HttpConnectionFactory;
import org.eclipse.jgit.transport.http.JDKHttpConnectionFactory;
import org.jspecify.annotations.Nullable;

/** Connections to https servers that are checked against the authorities of {@code git.ca_file}, and no others. */
final class CaTrust implements HttpConnectionFactory {
    private static final int MAX_BYTES = 1 << 20;

    private final HttpConnectionFactory connections = new JDKHttpConnectionFactory();
    private final TrustManager[] authorities;

    private CaTrust(TrustManager[] authorities) {
        this.authorities = authorities;
    }

    static CaTrust of(Path file) throws SyncException {
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw unusable(file, "has more than " + MAX_BYTES + " bytes");
            }
            var certificates = CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(Files.readAllBytes(file)));
            if (certificates.isEmpty()) {
                throw unusable(file, "holds no certificate (-----BEGIN CERTIFICATE-----)");
            }
            var store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            int number = 0;
            for (var certificate : certificates) {
                store.setCertificateEntry("ca-" + number++, certificate);
            }
            var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            return new CaTrust(trust.getTrustManagers());
        } catch (IOException | GeneralSecurityException e) {
            throw unusable(file, "cannot be read (" + e.getMessage() + ")");
        }
    }

    private static SyncException unusable(Path file, String what) {
        return new SyncException(
                ErrorCode.GIT_FAILED,
                "git.ca_file " + file + " " + what + "; it must be a file of certificates in PEM");
    }

    @Override
    public HttpConnection create(URL url) throws IOException {
        return configured(connections.create(url), url);
    }

    @Override
    public HttpConnection create(URL url, @Nullable Proxy proxy) throws IOException {
        return configured(connections.create(url, proxy), url);
    }

    private HttpConnection configured(HttpConnection connection, URL url) throws IOException {
        if (!"https".equals(url.getProtocol())) {
            return connection;
        }
        try {
            connection.configure(null, authorities, null);
            return connection;
        } catch (GeneralSecurityException e) {
            throw new IOException("https is not possible here", e);
        }
    }
}
