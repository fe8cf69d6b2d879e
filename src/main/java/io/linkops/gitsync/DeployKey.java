package io.linkops.gitsync;

import io.linkops.bus.ErrorCode;
import io.linkops.config.GitConfig;
import io.linkops.vault.KeyFileException;
import io.linkops.vault.KeyFiles;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.sshd.common.NamedResource;
import org.apache.sshd.common.config.keys.FilePasswordProvider;
import org.apache.sshd.common.util.security.SecurityUtils;
import org.eclipse.jgit.transport.SshConfigStore;
import org.eclipse.jgit.transport.sshd.SshdSessionFactory;
import org.eclipse.jgit.transport.sshd.SshdSessionFactoryBuilder;
import org.jspecify.annotations.Nullable;

/**
 * The key that opens the repository over ssh, and the known hosts it may be shown to. Nothing in anybody's
 * {@code ~/.ssh} counts.
 */
final class DeployKey {
    private DeployKey() {}

    static SshdSessionFactory sessions(GitConfig config, @Nullable Path sshKnownHosts) throws SyncException {
        var knownHosts = config.knownHostsPath() != null ? config.knownHostsPath() : sshKnownHosts;
        if (knownHosts == null || !Files.isReadable(knownHosts)) {
            throw new SyncException(
                    ErrorCode.GIT_FAILED,
                    "The server's host key cannot be checked: "
                            + (knownHosts == null ? "git.known_hosts_path is not set" : knownHosts + " is not readable")
                            + ". Put the server's line (ssh-keyscan HOST, compared with what its owner publishes) into"
                            + " a known_hosts file and name it there");
        }
        var keys = keys(config.sshKeyPath());
        var nowhere = config.localPath().resolve("ssh-home").toFile();
        return new SshdSessionFactoryBuilder()
                .setHomeDirectory(nowhere)
                .setSshDirectory(nowhere)
                .setConfigStoreFactory((_, _, _) -> new Strict())
                .setDefaultKeysProvider(_ -> keys)
                .setDefaultIdentities(_ -> List.of())
                .setDefaultKnownHostsFiles(_ -> List.of(knownHosts))
                .setPreferredAuthentications("publickey")
                .setConnectorFactory(null)
                .build(null);
    }

    private static List<KeyPair> keys(@Nullable Path file) throws SyncException {
        if (file == null) {
            throw unusable("git.ssh_key_path is not set: name the deploy key's file there", null);
        }
        try {
            var path = file.toAbsolutePath();
            var directory = path.getParent();
            if (directory == null) {
                throw unusable("git.ssh_key_path " + file + " is not the name of a file", null);
            }
            var text = new KeyFiles(directory).read(path.getFileName().toString());
            var in = new ByteArrayInputStream(text.reveal().getBytes(StandardCharsets.UTF_8));
            var keys = new ArrayList<KeyPair>();
            var found = SecurityUtils.loadKeyPairIdentities(
                    null, NamedResource.ofName("deploy key"), in, FilePasswordProvider.EMPTY);
            if (found != null) {
                found.forEach(keys::add);
            }
            if (keys.isEmpty()) {
                throw unusable("The deploy key " + file + " is not a private key", null);
            }
            return keys;
        } catch (KeyFileException e) {
            throw unusable("The deploy key cannot be used. " + e.getMessage(), e);
        } catch (IOException | GeneralSecurityException e) {
            throw unusable(
                    "The deploy key " + file
                            + " cannot be read; it must be an OpenSSH private key without a passphrase",
                    null); // without the cause: it may quote the key
        }
    }

    private static SyncException unusable(String message, @Nullable Throwable cause) {
        return new SyncException(ErrorCode.GIT_AUTH_FAILED, message, cause);
    }

    /** Any host, as given; its key must be known. */
    private static final class Strict implements SshConfigStore, SshConfigStore.HostConfig {
        private static final Map<String, String> OPTIONS = Map.of(
                "StrictHostKeyChecking", "yes",
                "GlobalKnownHostsFile", "none",
                "PreferredAuthentications", "publickey");

        @Override
        public SshConfigStore.HostConfig lookup(String host, int port, String user) {
            return this;
        }

        @Override
        public SshConfigStore.HostConfig lookupDefault(String host, int port, String user) {
            return this;
        }

        @Override
        public @Nullable String getValue(String key) {
            return OPTIONS.entrySet().stream()
                    .filter(option -> option.getKey().equalsIgnoreCase(key))
                    .map(Map.Entry::getValue)
                    .findFirst()
                    .orElse(null);
        }

        @Override
        public List<String> getValues(String key) {
            var value = getValue(key);
            return value == null || value.equals("none") ? List.of() : List.of(value);
        }

        @Override
        public Map<String, String> getOptions() {
            return OPTIONS;
        }

        @Override
        public Map<String, List<String>> getMultiValuedOptions() {
            return Map.of();
        }
    }
}
