package io.linkops;

import io.linkops.config.Settings;
import io.linkops.demo.DemoWorld;
import io.linkops.logging.Logs;
import io.linkops.vault.Masking;
import io.linkops.vault.Secret;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The command {@code demo}: the real server on a world made for it, synced and verified before it is announced. */
final class Demonstration {
    private static final Logger LOG = LoggerFactory.getLogger(Demonstration.class);
    private static final String LETTERS = "abcdefghjkmnpqrstuvwxyz23456789";
    private static final int PASSWORD_LENGTH = 16;
    private static final int PORTS_TRIED = 20;

    private Demonstration() {}

    static int run(int port, int links, @Nullable Path data, Masking masking) throws Exception {
        var directory = data == null ? Files.createTempDirectory("linkops-demo-") : Files.createDirectories(data);
        var world = DemoWorld.create(directory, links);
        var settings = Settings.of(new JsonObject(java.util.Map.copyOf(world.settings(free(port)))));
        Logs.configure(settings.logging(), masking);
        var isNew = !Files.exists(settings.database().path());
        var password = password();
        masking.register(password);
        return Serving.run(
                settings,
                masking,
                password,
                listening -> new DemoTour(listening, password).announce(world.links(), isNew, directory, data != null),
                () -> {
                    world.close();
                    if (data == null) {
                        DemoWorld.delete(directory);
                    }
                });
    }

    /** Another program may have the usual port: then the next one that is free. */
    private static int free(int port) {
        for (int candidate = port; port != 0 && candidate < port + PORTS_TRIED; candidate++) {
            try (var _ = new ServerSocket(candidate, 1, InetAddress.getLoopbackAddress())) {
                return candidate;
            } catch (IOException e) {
                LOG.debug("Port {} is taken", candidate, e);
            }
        }
        return 0;
    }

    private static Secret password() {
        var random = new SecureRandom();
        var password = new StringBuilder();
        for (int i = 0; i < PASSWORD_LENGTH; i++) {
            password.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
        }
        return new Secret(password.toString());
    }
}
