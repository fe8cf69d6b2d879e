package io.linkops.config;

import io.linkops.vault.Masking;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Which places a repository may be fetched from. */
final class RepositoryUrl {
    private static final Pattern WITH_HOST =
            Pattern.compile("(https|ssh)://([^/@:\\s]+@)?([A-Za-z0-9._-]+|\\[[0-9a-fA-F:.]+])(:[0-9]{1,5})?/\\S+");
    private static final Pattern PASSWORD = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*://[^/\\s]*:[^/\\s]*@.*");
    private static final Pattern FILE = Pattern.compile("(file://)?/[^\\p{Cntrl}]+");
    private static final Pattern SCP_LIKE =
            Pattern.compile("([A-Za-z0-9._-]+@)?([A-Za-z0-9][A-Za-z0-9._-]*|\\[[0-9a-fA-F:.]+]):(?!//)[^\\s-]\\S*");

    private RepositoryUrl() {}

    /** What is wrong with it, following the key's name; empty if nothing is. */
    static Optional<String> violation(@Nullable String url) {
        if (url == null
                || WITH_HOST.matcher(url).matches()
                || FILE.matcher(url).matches()
                || SCP_LIKE.matcher(url).matches()) {
            return Optional.empty();
        }
        if (PASSWORD.matcher(url).matches()) {
            return Optional.of("holds a password; put it into git.token and leave it out of the URL.");
        }
        return Optional.of(
                "is '" + Shown.name(Masking.urls(url)) + "', expected https://HOST/PATH, ssh://USER@HOST/PATH,"
                        + " USER@HOST:PATH, file:///PATH or an absolute path.");
    }
}
