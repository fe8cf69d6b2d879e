package io.linkops.api;

import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import io.linkops.config.ApiConfig;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.X509KeyManager;
import org.jspecify.annotations.Nullable;

/** Certificate and private key of the HTTP server, both PEM. Everything here blocks. */
record TlsFiles(Path certificate, Path key) {
    private static final int FOREIGN_BITS = 0037;
    private static final long MAX_BYTES = 1024 * 1024;

    /**
     * What is read, as it was checked.
     *
     * @param leaf the server's own certificate
     */
    record Pair(PemKeyCertOptions options, X509Certificate leaf) {}

    /** Null without TLS; the configuration has both or none. */
    static @Nullable TlsFiles of(ApiConfig config) {
        var certificate = config.tlsCertificate();
        var key = config.tlsKey();
        return certificate == null || key == null ? null : new TlsFiles(certificate, key);
    }

    /** Differs when one of the files may have changed, also by a link that was turned to another file. */
    List<String> stamps() throws IOException {
        return List.of(stamp(certificate), stamp(key));
    }

    private static String stamp(Path file) throws IOException {
        return Files.readAttributes(file, "unix:ino,size,ctime").toString();
    }

    /** Fails with a sentence for people, which holds nothing of the key. */
    Pair read(Vertx vertx) {
        try {
            requirePrivate();
            var options =
                    new PemKeyCertOptions().addCertValue(bytes(certificate)).addKeyValue(bytes(key));
            var leaf = leaf(options.getCertValue());
            if (!belong(vertx, options, leaf)) {
                throw refused("api.tls_key " + key + " is not the key of " + certificate);
            }
            return new Pair(options, leaf);
        } catch (IOException e) {
            throw refused("The certificate or key for TLS cannot be read (" + e + "); LinkOps's user must be able to");
        } catch (GeneralSecurityException e) {
            throw refused(certificate + " is not a certificate in PEM form (" + e.getMessage() + ")");
        }
    }

    private void requirePrivate() throws IOException {
        var attributes = Files.readAttributes(key, "unix:mode,uid");
        int uid = (int) attributes.getOrDefault("uid", -1);
        if (uid != 0 && uid != (int) Files.getAttribute(Path.of("/proc/self"), "unix:uid")) {
            throw refused("api.tls_key " + key + " belongs to neither root nor the user LinkOps runs as");
        }
        if (((int) attributes.getOrDefault("mode", FOREIGN_BITS) & FOREIGN_BITS) != 0) {
            throw refused("api.tls_key " + key + " is not private. Mend it: chmod 600 " + key
                    + " (or 640, if it is root's and of LinkOps's group)");
        }
    }

    private static Buffer bytes(Path file) throws IOException {
        if (Files.size(file) > MAX_BYTES) {
            throw new IOException(file + " is larger than " + MAX_BYTES + " bytes");
        }
        return Buffer.buffer(Files.readAllBytes(file));
    }

    private static X509Certificate leaf(Buffer pem) throws GeneralSecurityException {
        return (X509Certificate)
                CertificateFactory.getInstance("X.509")
                        .generateCertificates(new ByteArrayInputStream(pem.getBytes()))
                        .stream()
                        .findFirst()
                        .orElseThrow(() -> new GeneralSecurityException("it is empty"));
    }

    /** While files are replaced, one may be new and the other old. */
    private boolean belong(Vertx vertx, PemKeyCertOptions options, X509Certificate leaf) {
        try {
            var algorithm = leaf.getPublicKey().getAlgorithm();
            for (var manager : options.getKeyManagerFactory(vertx).getKeyManagers()) {
                var aliases = manager instanceof X509KeyManager keys ? keys.getServerAliases(algorithm, null) : null;
                if (aliases != null && aliases.length > 0) {
                    return signs(((X509KeyManager) manager).getPrivateKey(aliases[0]), leaf);
                }
            }
            return false;
        } catch (Exception e) {
            throw refused("api.tls_key " + key + " is not a private key in PEM form without a password");
        }
    }

    private static boolean signs(PrivateKey key, X509Certificate leaf) throws GeneralSecurityException {
        var algorithm = switch (key.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> key.getAlgorithm();
        };
        var signature = Signature.getInstance(algorithm);
        signature.initSign(key);
        signature.update(leaf.getEncoded());
        var signed = signature.sign();
        signature.initVerify(leaf.getPublicKey());
        signature.update(leaf.getEncoded());
        try {
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            // of another length than this key's
            return false;
        }
    }

    private static Failure refused(String why) {
        return new Failure(ErrorCode.UNAVAILABLE, why);
    }
}
