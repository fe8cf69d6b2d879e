package io.linkops.gitsync;

import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import io.linkops.config.GitConfig;
import io.linkops.gitsync.GitSync.Change;
import io.linkops.gitsync.GitSync.Content;
import io.linkops.gitsync.GitSync.FindStatus;
import io.linkops.gitsync.GitSync.Held;
import io.linkops.gitsync.GitSync.LinkDraft;
import io.linkops.gitsync.GitSync.LinkWritten;
import io.linkops.gitsync.GitSync.ReadFile;
import io.linkops.gitsync.GitSync.Sync;
import io.linkops.gitsync.GitSync.SyncResult;
import io.linkops.gitsync.GitSync.WriteLink;
import io.linkops.inventory.Inventory;
import io.linkops.inventory.InventoryVerticle;
import io.linkops.vault.Secret;
import io.linkops.worlds.BareRepository;
import io.linkops.worlds.Kernel;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A bare repository, a database, and the rooms between them. */
@SuppressWarnings("try") // closing waits, and may be interrupted
final class GitWorld implements AutoCloseable {
    static final String WEBHOOK_SECRET = "a-secret-of-the-webhook";

    final BareRepository repository;
    final Kernel kernel;
    private final Path directory;
    private final List<String> deployed = new ArrayList<>();

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
        deployed.add(kernel.deploy(new RepositoryVerticle(config, null, pool, InstantSource.system())));
        deployed.add(kernel.deploy(new GitSyncVerticle(config, kernel.database(), InstantSource.system())));
        return this;
    }

    /** Ends gitsync; what it knows is in the database and the mirror. */
    GitWorld stop() throws Exception {
        for (var id : deployed.reversed()) {
            kernel.undeploy(id);
        }
        deployed.clear();
        return this;
    }

    /** A sync that must end with what is held. */
    Held heldSync() throws Exception {
        var failure = failedSync();
        if (failure.code() != ErrorCode.SYNC_HELD) {
            throw new AssertionError("not held, but " + failure);
        }
        return kernel.ask(new FindStatus()).held();
    }

    LinkWritten write(Change change, String id, @Nullable LinkDraft draft, @Nullable String base) throws Exception {
        return kernel.ask(new WriteLink(id, change, draft, null, base, "alice"));
    }

    GitConfig config(String url, @Nullable Path key, @Nullable Path knownHosts, @Nullable String token) {
        return config(url, key, knownHosts, token, GitConfig.Writable.AUTO);
    }

    GitConfig config(
            @Nullable String url,
            @Nullable Path key,
            @Nullable Path knownHosts,
            @Nullable String token,
            GitConfig.Writable writable) {
        return config(url, key, knownHosts, token, null, writable);
    }

    GitConfig config(
            @Nullable String url,
            @Nullable Path key,
            @Nullable Path knownHosts,
            @Nullable String token,
            @Nullable Path caFile,
            GitConfig.Writable writable) {
        return new GitConfig(
                url,
                "main",
                directory.resolve("git"),
                Duration.ZERO,
                key,
                knownHosts,
                token == null ? null : new Secret(token),
                caFile,
                new Secret(WEBHOOK_SECRET),
                20,
                writable,
                "example.org",
                Duration.ofSeconds(20),
                1,
                Duration.ofMillis(10),
                64 * 1024,
                1000);
    }

    Path mirror() {
        return directory.resolve("git").resolve("mirror.git");
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
