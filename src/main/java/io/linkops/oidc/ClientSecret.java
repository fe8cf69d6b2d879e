package io.linkops.oidc;

import io.linkops.bus.Blocking;
import io.linkops.config.OidcConfig;
import io.linkops.vault.Secret;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Optional;

/** The client's secret, from the configuration or from its file, which may change while LinkOps runs. */
final class ClientSecret {
    private static final long MOST_BYTES = 4_096;
    private static final EnumSet<PosixFilePermission> OTHERS = EnumSet.of(
            PosixFilePermission.GROUP_READ,
            PosixFilePermission.GROUP_WRITE,
            PosixFilePermission.OTHERS_READ,
            PosixFilePermission.OTHERS_WRITE);

    private final Vertx vertx;
    private final OidcConfig config;

    ClientSecret(Vertx vertx, OidcConfig config) {
        this.vertx = vertx;
        this.config = config;
    }

    /** Empty for a public client. */
    Future<Optional<Secret>> read() {
        var file = config.clientSecretFile();
        return file == null
                ? Future.succeededFuture(Optional.ofNullable(config.clientSecret()))
                : Blocking.on(vertx, () -> Optional.of(read(file)));
    }

    private static Secret read(Path file) {
        try {
            if (Files.getPosixFilePermissions(file).stream().anyMatch(OTHERS::contains)) {
                throw unusable(file, "others may read or write it; run chmod 600 " + file);
            }
            if (Files.size(file) > MOST_BYTES) {
                throw unusable(file, "it is too long for a secret");
            }
            var secret = Files.readString(file).strip();
            if (secret.isEmpty()) {
                throw unusable(file, "it is empty");
            }
            return new Secret(secret);
        } catch (IOException e) {
            throw unusable(file, "it cannot be read (" + e.getClass().getSimpleName() + ")");
        }
    }

    private static RuntimeException unusable(Path file, String why) {
        return Refusal.unreachable("oidc.client_secret_file " + file + " cannot be used: " + why);
    }
}
