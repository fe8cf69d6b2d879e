package io.linkops.gitsync;

import io.linkops.bus.Failure;
import io.linkops.config.GitConfig;
import io.linkops.gitsync.GitSync.Content;
import io.linkops.gitsync.GitSync.ReadFile;
import io.linkops.gitsync.GitSync.Sync;
import io.linkops.gitsync.GitSync.SyncResult;
import io.linkops.inventory.Inventory;
import io.linkops.inventory.InventoryVerticle;
import io.linkops.vault.Secret;
import io.linkops.worlds.BareRepository;
import io.linkops.worlds.Kernel;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** A bare repository, a database, and the rooms between them. */
@SuppressWarnings("try") // closing waits, and may be interrupted
final class GitWorld implements AutoCloseable {
    static final String WEBHOOK_SECRET = "a-secret-of-the-webhook";

    final BareRepository repository;
    final Kernel kernel;
    private final Path directory;

    GitWorld(Path directory) throws Exception {
        this.directory = directory;
        this.repository = new BareRepository(directory.resolve("repository.git"));
        this.kernel = new Kernel(directory, Inventory.class, GitSync.class);
        kernel.deploy(new InventoryVerticle(kernel.database(), InstantSource.system()));
    }

    /** Starts gitsync on the bare repository. */
    GitWorld start() throws Exception {
        return start(config(repository.directory().toString(), null, null, null));
    }

    GitWorld start(GitConfig config) throws Exception {
        var pool = kernel.vertx().createSharedWorkerExecutor("git", 2);
        kernel.deploy(new RepositoryVerticle(config, null, pool, InstantSource.system()));
        kernel.deploy(new GitSyncVerticle(config, kernel.database(), InstantSource.system()));
        return this;
    }

    GitConfig config(String url, @Nullable Path key, @Nullable Path knownHosts, @Nullable String token) {
        return new GitConfig(
                url,
                "main",
                directory.resolve("git"),
                Duration.ZERO,
                key,
                knownHosts,
                token == null ? null : new Secret(token),
                null,
                new Secret(WEBHOOK_SECRET),
                20,
                GitConfig.Writable.AUTO,
                "example.org",
                Duration.ofSeconds(20),
                1,
                Duration.ofMillis(10),
                64 * 1024,
                1000);
    }

    SyncResult sync() throws Exception {
        return kernel.ask(new Sync("tester"));
    }

    Failure failedSync() throws Exception {
        return kernel.refusal(new Sync("tester"));
    }

    Content read(String commit, String path) throws Exception {
        return kernel.ask(new ReadFile(commit, path));
    }

    @Override
    public void close() throws Exception {
        kernel.close();
        repository.close();
    }
}
