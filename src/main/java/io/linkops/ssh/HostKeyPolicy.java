package io.linkops.ssh;

import io.linkops.ssh.SshException.Reason;
import java.io.IOException;
import java.security.PublicKey;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import net.schmizz.sshj.transport.verification.HostKeyVerifier;
import org.jspecify.annotations.Nullable;

/**
 * Decides about one hop's host key during one key exchange; sshj asks only after the key has signed the exchange.
 *
 * <p>Accepted if and only if the fingerprint is one of the hop's trusted ones, or, when it has none, the known_hosts
 * file has the very key for this host and port and does not revoke it.
 */
final class HostKeyPolicy implements HostKeyVerifier {
    private final Hop hop;
    private final KnownHosts knownHosts;
    private final List<String> preferredAlgorithms;
    private final Runnable onDecision;
    private volatile @Nullable HostKey offered;
    private volatile @Nullable SshException refusal;

    /** @param preferredAlgorithms names to negotiate first; empty for those of the known keys */
    HostKeyPolicy(Hop hop, KnownHosts knownHosts, List<String> preferredAlgorithms, Runnable onDecision) {
        this.hop = hop;
        this.knownHosts = knownHosts;
        this.preferredAlgorithms = preferredAlgorithms;
        this.onDecision = onDecision;
    }

    @Override
    public boolean verify(String host, int port, PublicKey key) {
        onDecision.run();
        var shown = HostKey.of(key);
        offered = shown;
        refusal = hop.trustedHostKeys().isEmpty() ? refusalByFile(shown) : refusalByPins(shown);
        return refusal == null;
    }

    @Override
    public List<String> findExistingAlgorithms(String host, int port) {
        if (!preferredAlgorithms.isEmpty() || !hop.trustedHostKeys().isEmpty()) {
            return preferredAlgorithms;
        }
        try {
            Set<String> types = new LinkedHashSet<>();
            knownHosts.of(hop.host(), hop.port()).trusted().forEach(known -> types.add(known.type()));
            return Algorithms.negotiatedFor(types);
        } catch (IOException e) {
            return List.of(); // verify will refuse and say why
        }
    }

    /** The key that was shown; null if it did not come to that. */
    @Nullable
    HostKey offered() {
        return offered;
    }

    /** Why the shown key was refused; null if it was not. */
    @Nullable
    SshException refusal() {
        return refusal;
    }

    private @Nullable SshException refusalByPins(HostKey shown) {
        return hop.trustedHostKeys().stream().anyMatch(shown::isPinnedAs)
                ? null
                : changed(shown, hop.trustedHostKeys(), "");
    }

    private @Nullable SshException refusalByFile(HostKey shown) {
        KnownHosts.Entries known;
        try {
            known = knownHosts.of(hop.host(), hop.port());
        } catch (IOException e) {
            return unknown(shown, " The known_hosts file cannot be read (" + e + ").");
        }
        if (known.isRevoked(shown)) {
            return changed(shown, List.of(), " The known_hosts file marks this very key as revoked.");
        }
        if (known.trusted().contains(shown)) {
            return null;
        }
        return known.trusted().isEmpty()
                ? unknown(shown, "")
                : changed(shown, known.trusted().stream().map(HostKey::toString).toList(), "");
    }

    private SshException unknown(HostKey shown, String more) {
        return new SshException(
                Reason.HOST_KEY_UNKNOWN,
                hop.name(),
                hop + " shows the host key " + shown + ", which nobody has confirmed yet." + more + " Compare it with"
                        + " what the machine itself says (there: " + lookAtIt(shown)
                        + "), then confirm it in LinkOps as"
                        + " admin, or pin it as ssh.hostKey in links.yaml.",
                shown.fingerprint(),
                null);
    }

    private SshException changed(HostKey shown, List<String> expected, String more) {
        return new SshException(
                Reason.HOST_KEY_CHANGED,
                hop.name(),
                hop + " shows the host key " + shown
                        + (expected.isEmpty() ? "." : ", but trusted is " + String.join(", ", expected) + ".") + more
                        + " Either the machine was set up anew, or someone stands in between: find out why first. Only"
                        + " if the machine itself says the same"
                        + " (there:"
                        + " " + lookAtIt(shown) + "), confirm the new key in"
                        + " LinkOps as admin, or pin it as ssh.hostKey in links.yaml.",
                shown.fingerprint(),
                null);
    }

    private static String lookAtIt(HostKey shown) {
        String type = shown.type().startsWith("ecdsa") ? "ecdsa" : shown.type().replace("ssh-", "");
        return "ssh-keygen -lf /etc/ssh/ssh_host_" + type + "_key.pub";
    }
}
