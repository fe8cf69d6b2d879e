package io.linkops.gitsync;

import io.linkops.bus.ErrorCode;
import io.linkops.vault.Secret;
import java.net.URISyntaxException;
import java.util.Locale;
import org.eclipse.jgit.transport.URIish;
import org.jspecify.annotations.Nullable;

/**
 * The repository's address, of an allowed kind: https, ssh or file. Credentials are taken out of it at once.
 *
 * @param uri without password, for https without user too
 * @param user from an https URL
 * @param password from the URL
 */
record RemoteUrl(
        URIish uri,
        Kind kind,
        @Nullable String user,
        @Nullable Secret password) {

    enum Kind {
        HTTPS,
        SSH,
        FILE
    }

    static RemoteUrl parse(String url) throws SyncException {
        if (url.isBlank() || url.startsWith("-") || Texts.hasUnprintable(url) || url.contains("::")) {
            throw refused();
        }
        try {
            return of(new URIish(url));
        } catch (URISyntaxException e) {
            throw refused(); // without the cause: it quotes the URL, which may hold a password
        }
    }

    private static RemoteUrl of(URIish uri) throws SyncException {
        var password = uri.getPass() == null ? null : new Secret(uri.getPass());
        return switch (kind(uri)) {
            case HTTPS -> new RemoteUrl(uri.setUser(null).setPass(null), Kind.HTTPS, uri.getUser(), password);
            case SSH -> new RemoteUrl(uri.setPass(null), Kind.SSH, null, password);
            case FILE -> new RemoteUrl(uri, Kind.FILE, null, null);
        };
    }

    private static Kind kind(URIish uri) throws SyncException {
        if (uri.getScheme() == null) {
            return uri.getHost() == null ? Kind.FILE : Kind.SSH;
        }
        return switch (uri.getScheme().toLowerCase(Locale.ROOT)) {
            case "https" -> Kind.HTTPS;
            case "ssh" -> Kind.SSH;
            case "file" -> Kind.FILE;
            default -> throw refused();
        };
    }

    /** The address for people. */
    String shown() {
        return uri.toString();
    }

    private static SyncException refused() {
        return new SyncException(
                ErrorCode.GIT_FAILED,
                "git.repository_url is not an allowed address: give an https, ssh or file URL"
                        + " (https://host/path.git, git@host:path.git, /path/to/repository.git)");
    }
}
