package io.linkops.world;

import io.linkops.Server;
import io.linkops.bus.Bus;
import io.linkops.bus.Reply;
import io.linkops.bus.Request;
import io.linkops.config.LoadOptions;
import io.linkops.config.Settings;
import io.linkops.vault.Secret;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A whole LinkOps inside this JVM, on a {@link World}: quick to start, and its bus and its database can be looked at.
 */
public final class LinkOpsHere implements Closeable {
    private final Vertx vertx;
    private final Server server;
    private final Settings settings;
    private final ApiClient admin;

    private LinkOpsHere(Vertx vertx, Server server, Settings settings, ApiClient admin) {
        this.vertx = vertx;
        this.server = server;
        this.settings = settings;
        this.admin = admin;
    }

    /** Starts it, and logs in as admin. */
    public static LinkOpsHere start(World world, Map<String, Object> overrides) throws Exception {
        var vertx = Vertx.vertx();
        var file = world.configure(overrides);
        var options = new LoadOptions(file, world.directory(), Map.of(), Map.of());
        var settings = await(Settings.load(vertx, options)).settings();
        var password = new Secret(LinkOpsProcess.PASSWORD);
        var server = await(Server.start(vertx, settings, password, _ -> {}));
        var admin = ApiClient.login(server.port(), "admin", LinkOpsProcess.PASSWORD);
        return new LinkOpsHere(vertx, server, settings, admin);
    }

    /** The API, as admin. */
    public ApiClient api() {
        return admin;
    }

    public int port() {
        return server.port();
    }

    public Settings settings() {
        return settings;
    }

    /** Asks past the API, on the bus. */
    public <R extends Reply> R ask(Request<R> request) throws Exception {
        return await(Bus.of(vertx).request(request));
    }

    /** A second look at the database, past everything LinkOps keeps in memory. */
    public Connection connect() throws SQLException {
        Path file = settings.database().path();
        return DriverManager.getConnection("jdbc:sqlite:" + file);
    }

    /** The first column of what the database holds. */
    public List<String> column(String sql, Object... values) throws SQLException {
        List<String> column = new ArrayList<>();
        try (var connection = connect();
                var statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i]);
            }
            var rows = statement.executeQuery();
            while (rows.next()) {
                column.add(rows.getString(1));
            }
        }
        return column;
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.await(60, TimeUnit.SECONDS);
    }

    @Override
    public void close() throws IOException {
        try {
            await(server.stop());
            await(vertx.close());
        } catch (Exception e) {
            throw new IOException("LinkOps did not stop", e);
        }
    }
}
