package io.linkops.gitsync;

import io.linkops.bus.ErrorCode;
import java.io.EOFException;
import java.io.InterruptedIOException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.Map;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.SshException;
import org.eclipse.jgit.errors.NoRemoteRepositoryException;
import org.jspecify.annotations.Nullable;

/** What a fetch that failed means: whose fault it may be, whether to try again, what to do. */
final class FetchFailures {
    private static final Pattern SERVER_FAULT = Pattern.compile(": 5\\d\\d( |$)");

    private final RemoteUrl url;
    private final CredentialMask mask;

    FetchFailures(RemoteUrl url, CredentialMask mask) {
        this.url = url;
        this.mask = mask;
    }

    /** Of a push: most likely the key or token may only read. */
    SyncException explainPush(Exception e) {
        var text = mask.in(String.valueOf(e.getMessage()));
        var isReadOnly = text.contains("push not permitted")
                || text.contains("read-only")
                || text.contains("not authorized")
                || text.contains("git-receive-pack not permitted");
        if (!isReadOnly) {
            return explain(e);
        }
        return failure(
                ErrorCode.GIT_AUTH_FAILED,
                "The server of " + url.shown() + " does not let LinkOps push ("
                        + Texts.shown(text, 300) + "). Give "
                        + (url.kind() == RemoteUrl.Kind.SSH
                                ? "the deploy key of git.ssh_key_path"
                                : "the token of git.token")
                        + " the right to write, or edit links.yaml there and set git.writable: never",
                false,
                e);
    }

    SyncException explain(Exception e) {
        var text = mask.in(String.valueOf(e.getMessage())).replaceAll("\\p{Cntrl}+", " ");
        var said = text.length() > 300 ? text.substring(0, 300) + "…" : text;
        if (isHostKey(e)) {
            return failure(
                    ErrorCode.GIT_FAILED,
                    "The host key of the server of " + url.shown() + " is not in the known_hosts file, or is another"
                            + " one. If the change is known, correct git.known_hosts_path",
                    false,
                    e);
        }
        if (isAuthentication(e, text)) {
            return failure(
                    ErrorCode.GIT_AUTH_FAILED,
                    "The server of " + url.shown() + " refuses LinkOps (" + said + "). Check "
                            + (url.kind() == RemoteUrl.Kind.SSH
                                    ? "that the deploy key of git.ssh_key_path is allowed to read the repository"
                                    : "that git.token is valid and may read the repository"),
                    false,
                    e);
        }
        if (has(e, NoRemoteRepositoryException.class)) {
            return failure(
                    ErrorCode.GIT_FAILED,
                    "There is no repository at " + url.shown() + " (" + said
                            + "). Check git.repository_url, and that LinkOps may read it",
                    false,
                    e);
        }
        var isNetworkFault = isNetworkFault(e, text);
        return failure(
                ErrorCode.GIT_FAILED,
                url.shown() + " cannot be fetched (" + said + "). "
                        + (isNetworkFault ? "Check the network and the server" : "Look at the log for the details"),
                isNetworkFault,
                e);
    }

    private SyncException failure(ErrorCode code, String message, boolean isNetworkFault, Exception cause) {
        return new SyncException(code, message, isNetworkFault, Map.of("url", url.shown()), mask.in(cause));
    }

    private static boolean isAuthentication(Exception e, String text) {
        var ssh = find(e, SshException.class);
        return (ssh != null && ssh.getDisconnectCode() == SshConstants.SSH2_DISCONNECT_NO_MORE_AUTH_METHODS_AVAILABLE)
                || text.contains("not authorized")
                || text.contains("not permitted")
                || text.contains("authentication not supported")
                || text.contains("Authentication is required")
                || text.contains("Cannot log in");
    }

    private static boolean isHostKey(Exception e) {
        var ssh = find(e, SshException.class);
        return ssh != null && ssh.getDisconnectCode() == SshConstants.SSH2_DISCONNECT_HOST_KEY_NOT_VERIFIABLE;
    }

    private static boolean isNetworkFault(Exception e, String text) {
        return has(e, SocketException.class)
                || has(e, UnknownHostException.class)
                || has(e, InterruptedIOException.class)
                || has(e, EOFException.class)
                || has(e, SSLException.class)
                || has(e, SshException.class)
                || SERVER_FAULT.matcher(text).find();
    }

    private static boolean has(Throwable e, Class<? extends Throwable> type) {
        return find(e, type) != null;
    }

    private static <T extends Throwable> @Nullable T find(Throwable e, Class<T> type) {
        @Nullable Throwable at = e;
        for (int depth = 0; at != null && depth < 20; depth++) {
            if (type.isInstance(at)) {
                return type.cast(at);
            }
            at = at.getCause();
        }
        return null;
    }
}
