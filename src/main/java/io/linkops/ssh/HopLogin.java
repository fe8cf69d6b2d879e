package io.linkops.ssh;

import io.linkops.ssh.SshException.Reason;
import io.linkops.vault.KeyFileException;
import io.linkops.vault.KeyFiles;
import java.io.IOException;
import java.util.concurrent.TimeoutException;
import net.schmizz.sshj.SSHClient;
import net.schmizz.sshj.transport.TransportException;
import net.schmizz.sshj.userauth.keyprovider.KeyProvider;
import net.schmizz.sshj.userauth.method.AuthPublickey;
import org.jspecify.annotations.Nullable;

/** Logs in to one hop with its key file, checked anew each time. */
final class HopLogin {
    private final KeyFiles keyFiles;
    private final @Nullable String defaultKey;

    HopLogin(KeyFiles keyFiles, @Nullable String defaultKey) {
        this.keyFiles = keyFiles;
        this.defaultKey = defaultKey;
    }

    void logIn(SSHClient client, Hop hop) throws SshException {
        String name = hop.keyRef() == null ? defaultKey : hop.keyRef();
        var key = key(client, hop, name);
        try {
            client.auth(hop.user(), new DirectPublickey(key), new AuthPublickey(key));
        } catch (IOException | RuntimeException e) {
            throw failed(client, hop, name, e);
        }
    }

    private KeyProvider key(SSHClient client, Hop hop, @Nullable String name) throws SshException {
        try {
            var key = client.loadKeys(keyFiles.read(name).reveal(), null, null);
            key.getPrivate();
            return key;
        } catch (KeyFileException e) {
            throw new SshException(Reason.KEY_FILE_REFUSED, hop.name(), hop + ": " + e.getMessage(), e);
        } catch (IOException | RuntimeException e) {
            throw new SshException(
                    Reason.KEY_FILE_REFUSED,
                    hop.name(),
                    hop + ": the key " + named(name) + " is no private key that can be used (" + Failures.reason(e)
                            + "). It must be an OpenSSH or PEM private key without a passphrase; look at it:"
                            + " ssh-keygen -yf FILE",
                    e);
        }
    }

    private static SshException failed(SSHClient client, Hop hop, @Nullable String name, Exception e) {
        if (Failures.isInterruption(e)) {
            return Failures.interrupted(hop, e);
        }
        if (Failures.hasCause(e, TimeoutException.class)) {
            return new SshException(
                    Reason.TIMEOUT,
                    hop.name(),
                    hop + " did not answer the log-in in time. Look at its load and sshd log.",
                    e);
        }
        // the end of the connection may be known before the client says that it is not connected
        if ((!client.isConnected() || Failures.hasCause(e, TransportException.class))
                && !String.valueOf(e.getMessage()).contains("Too many authentication failures")
                && !Failures.reason(e).contains("Too many authentication failures")) {
            return Failures.lost(hop, "the connection ended during the log-in", e);
        }
        return new SshException(
                Reason.LOGIN_REFUSED,
                hop.name(),
                hop + " does not accept the key " + named(name) + " for the user " + hop.user() + ". Put the public key"
                        + " (ssh-keygen -yf FILE) into ~" + hop.user() + "/.ssh/authorized_keys there; if it is there,"
                        + " sshd's log says why it is not taken.",
                e);
    }

    private static String named(@Nullable String name) {
        return name == null ? "in the keys directory" : "'" + name + "'";
    }
}
