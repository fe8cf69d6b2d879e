package io.linkops.client;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** What went wrong on the way to a server, as a sentence that says what to do. */
final class Troubles {
    private Troubles() {}

    static ServerUnreachable of(URI base, IOException trouble) {
        return new ServerUnreachable(sentence(base, trouble), trouble);
    }

    private static String sentence(URI base, IOException trouble) {
        var where = base.getScheme() + "://" + base.getRawAuthority();
        if (has(trouble, UnknownHostException.class) || has(trouble, UnresolvedAddressException.class)) {
            return "There is no host " + base.getHost() + "; check LINKOPS_URL or --url";
        }
        if (has(trouble, HttpConnectTimeoutException.class)) {
            return where + " does not answer; check the address and the network";
        }
        if (has(trouble, ConnectException.class)) {
            return "Nothing listens at " + where + "; is LinkOps running there? Check LINKOPS_URL or --url";
        }
        if (has(trouble, HttpTimeoutException.class)) {
            return where + " took too long to answer";
        }
        if (has(trouble, SSLException.class)) {
            return tls(where, trouble);
        }
        return "The connection to " + where + " broke: " + trouble.getMessage();
    }

    private static String tls(String where, IOException trouble) {
        if (has(trouble, CertificateExpiredException.class)) {
            return "The certificate of " + where + " has expired; renew it there";
        }
        if (has(trouble, CertPathBuilderException.class) || has(trouble, CertPathValidatorException.class)) {
            return "The certificate of " + where + " is not signed by an authority that is trusted here (self-signed?);"
                    + " nothing was sent. If it is yours, name its authority with --ca-file FILE (LINKOPS_CA_FILE)";
        }
        var certificate = cause(trouble, CertificateException.class);
        if (certificate != null) {
            return "The certificate of " + where + " does not fit (" + certificate.getMessage() + "); nothing was sent";
        }
        return where + " does not speak TLS as it should (" + trouble.getMessage() + "); is it http?";
    }

    private static boolean has(Throwable trouble, Class<? extends Throwable> type) {
        return cause(trouble, type) != null;
    }

    private static <T extends Throwable> @Nullable T cause(Throwable trouble, Class<T> type) {
        int depth = 0;
        for (@Nullable Throwable at = trouble; at != null && depth < 20; at = at.getCause(), depth++) {
            if (type.isInstance(at)) {
                return type.cast(at);
            }
        }
        return null;
    }
}
