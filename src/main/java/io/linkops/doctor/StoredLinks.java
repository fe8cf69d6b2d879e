package io.linkops.doctor;

import io.linkops.bus.Bus;
import io.linkops.bus.Failure;
import io.linkops.bus.MessageTypes;
import io.linkops.config.DatabaseConfig;
import io.linkops.inventory.Inventory;
import io.linkops.inventory.InventoryVerticle;
import io.linkops.store.Database;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.InstantSource;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** The links of the stored inventory, read beside the server, if one runs, and never written. */
final class StoredLinks {
    private static final long PATIENCE_SECONDS = 60;

    private StoredLinks() {}

    /** A link, and how to get there; or why there is no way. */
    sealed interface Way {
        String link();

        /** Whether Git or an admin has vouched for its host key. */
        boolean isPinned();
    }

    record Known(String link, boolean isPinned, Inventory.Target target) implements Way {}

    record Lost(String link, boolean isPinned, String reason) implements Way {}

    /** Blocking; not on a Vert.x thread. */
    static List<Way> read(DatabaseConfig config) throws Exception {
        var vertx = Vertx.vertx();
        try {
            Bus.install(vertx, MessageTypes.declaredIn(Inventory.class));
            return Database.openForReading(vertx, config)
                    .compose(database -> vertx.deployVerticle(new InventoryVerticle(database, InstantSource.system()))
                            .compose(_ -> ways(Bus.of(vertx)))
                            .eventually(database::close))
                    .await(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } finally {
            vertx.close().await(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }
    }

    private static Future<List<Way>> ways(Bus bus) {
        var all = new Inventory.FindLinks(null, null, null, null, null, "id", false, false);
        return bus.request(all).compose(links -> {
            var ways = new TreeMap<String, Way>();
            var asked = links.links().stream()
                    .map(state -> way(bus, state).onSuccess(way -> ways.put(way.link(), way)))
                    .toList();
            return Future.all(asked).map(_ -> List.copyOf(ways.values()));
        });
    }

    private static Future<Way> way(Bus bus, Inventory.LinkState state) {
        var link = state.link().id();
        boolean isPinned = !state.hostKey().trusted().isEmpty();
        return bus.request(new Inventory.Resolve(List.of(link)))
                .<Way>map(targets -> new Known(link, isPinned, targets.targets().getFirst()))
                .otherwise(cause ->
                        new Lost(link, isPinned, cause instanceof Failure failure ? failure.text() : cause.toString()));
    }
}
