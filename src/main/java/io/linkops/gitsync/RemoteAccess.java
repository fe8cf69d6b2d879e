package io.linkops.gitsync;

import io.linkops.bus.ErrorCode;
import io.linkops.config.GitConfig;
import io.linkops.vault.Secret;
import java.nio.file.Path;
import org.eclipse.jgit.transport.CredentialItem;
import org.eclipse.jgit.transport.CredentialsProvider;
import org.eclipse.jgit.transport.SshTransport;
import org.eclipse.jgit.transport.TagOpt;
import org.eclipse.jgit.transport.Transport;
import org.eclipse.jgit.transport.TransportHttp;
import org.eclipse.jgit.transport.URIish;
import org.jspecify.annotations.Nullable;

/** How LinkOps shows the repository's server who it is, and makes sure who the server is. */
final class RemoteAccess {
    private final GitConfig config;
    private final RemoteUrl url;
    private final @Nullable Path knownHosts;

    RemoteAccess(GitConfig config, RemoteUrl url, @Nullable Path knownHosts) {
        this.config = config;
        this.url = url;
        this.knownHosts = knownHosts;
    }

    void prepare(Transport transport) throws SyncException {
        transport.setTimeout(Math.max(1, Math.toIntExact(config.timeout().toSeconds())));
        transport.setTagOpt(TagOpt.NO_TAGS);
        if (url.kind() == RemoteUrl.Kind.HTTPS) {
            transport.setCredentialsProvider(new TokenProvider());
            if (config.caFile() != null && transport instanceof TransportHttp http) {
                http.setHttpConnectionFactory(CaTrust.of(config.caFile()));
            }
        }
        if (url.kind() == RemoteUrl.Kind.SSH) {
            if (!(transport instanceof SshTransport ssh)) {
                throw new SyncException(ErrorCode.GIT_FAILED, "git.repository_url is not usable over ssh");
            }
            ssh.setSshSessionFactory(DeployKey.sessions(config, knownHosts));
        }
    }

    CredentialMask mask() {
        return new CredentialMask(config.token(), url.password());
    }

    /** Gives the token to the configured server only, over https only. */
    private final class TokenProvider extends CredentialsProvider {
        @Override
        public boolean isInteractive() {
            return false;
        }

        @Override
        public boolean supports(CredentialItem... items) {
            for (var item : items) {
                if (!(item instanceof CredentialItem.Username) && !(item instanceof CredentialItem.Password)) {
                    return false;
                }
            }
            return true;
        }

        @Override
        public boolean get(URIish asking, CredentialItem... items) {
            @Nullable Secret token = config.token() != null ? config.token() : url.password();
            if (token == null || !isOurServer(asking) || !supports(items)) {
                return false;
            }
            for (var item : items) {
                switch (item) {
                    case CredentialItem.Username username ->
                        username.setValue(url.user() == null ? "oauth2" : url.user());
                    case CredentialItem.Password password ->
                        password.setValue(token.reveal().toCharArray());
                    default -> {}
                }
            }
            return true;
        }

        private boolean isOurServer(URIish asking) {
            return "https".equals(asking.getScheme())
                    && url.uri().getHost().equalsIgnoreCase(asking.getHost())
                    && url.uri().getPort() == asking.getPort();
        }
    }
}
