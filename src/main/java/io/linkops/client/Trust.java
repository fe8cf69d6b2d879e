package io.linkops.client;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/** Whose certificates are believed: Java's authorities, and those of a file. There is no way to believe everybody. */
final class Trust {
    private Trust() {}

    /** @throws IllegalArgumentException if the file holds no certificate */
    static SSLContext of(Path authorities) {
        try {
            var store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            addJavasOwn(store);
            add(store, authorities);
            var managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            managers.init(store);
            var context = SSLContext.getInstance("TLS");
            context.init(null, managers.getTrustManagers(), null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalArgumentException(
                    "The file " + authorities + " holds no certificates in PEM that can be read: " + e.getMessage(), e);
        }
    }

    private static void add(KeyStore store, Path authorities) throws IOException, GeneralSecurityException {
        int number = 0;
        try (var file = Files.newInputStream(authorities)) {
            for (var certificate : CertificateFactory.getInstance("X.509").generateCertificates(file)) {
                store.setCertificateEntry("given-" + number++, certificate);
            }
        }
        if (number == 0) {
            throw new IOException("it is empty");
        }
    }

    private static void addJavasOwn(KeyStore store) throws GeneralSecurityException {
        var managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init((KeyStore) null);
        int number = 0;
        for (var manager : managers.getTrustManagers()) {
            if (manager instanceof X509TrustManager known) {
                for (X509Certificate issuer : Arrays.asList(known.getAcceptedIssuers())) {
                    store.setCertificateEntry("java-" + number++, issuer);
                }
            }
        }
    }
}
