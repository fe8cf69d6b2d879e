package io.linkops.notifications;

import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import io.vertx.core.net.TrustOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** Whom to believe over TLS: this Java's authorities, and own ones from a file. */
final class TrustedAuthorities {
    private TrustedAuthorities() {}

    /** Blocking; fails with a sentence for people when the file holds no certificates. */
    static TrustOptions with(@Nullable Path file) {
        try {
            var all = new ArrayList<>(usual());
            if (file != null) {
                all.addAll(own(file));
            }
            return TrustOptions.wrap(manager(all));
        } catch (GeneralSecurityException | IOException e) {
            throw new Failure(
                    ErrorCode.UNAVAILABLE,
                    "notifications.ca_file " + file + " cannot be used (" + e.getMessage()
                            + "); it must hold certificates in PEM");
        }
    }

    private static List<X509Certificate> usual() throws GeneralSecurityException {
        return List.of(manager((KeyStore) null).getAcceptedIssuers());
    }

    private static List<X509Certificate> own(Path file) throws GeneralSecurityException, IOException {
        var own = new ArrayList<X509Certificate>();
        try (var in = Files.newInputStream(file)) {
            for (var each : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                own.add((X509Certificate) each);
            }
        }
        if (own.isEmpty()) {
            throw new IOException("no certificate in it");
        }
        return own;
    }

    private static X509TrustManager manager(List<X509Certificate> authorities)
            throws GeneralSecurityException, IOException {
        var store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        for (int i = 0; i < authorities.size(); i++) {
            store.setCertificateEntry("authority-" + i, authorities.get(i));
        }
        return manager(store);
    }

    private static X509TrustManager manager(@Nullable KeyStore store) throws GeneralSecurityException {
        var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        for (var manager : factory.getTrustManagers()) {
            if (manager instanceof X509TrustManager found) {
                return found;
            }
        }
        throw new GeneralSecurityException("no X.509 trust manager in this Java");
    }
}
