package io.linkops.oidc;

import io.linkops.bus.Bus;
import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import io.linkops.config.OidcConfig;
import io.linkops.oidc.SingleSignOn.Beginning;
import io.linkops.oidc.SingleSignOn.Complete;
import io.linkops.oidc.SingleSignOn.Entrance;
import io.linkops.oidc.SingleSignOn.FindProvider;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.security.SecureRandom;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs people in at the configured OpenID provider, if there is one. One instance, on an event loop. It starts without
 * asking the provider, whose troubles are those of its users' log-ins and of nothing else.
 */
public final class SingleSignOnVerticle extends VerticleBase {
    private static final Logger LOG = LoggerFactory.getLogger(SingleSignOnVerticle.class);

    private final OidcConfig config;
    private final InstantSource clock;
    private final SecureRandom random;
    private @Nullable ProviderDoor door;

    public SingleSignOnVerticle(OidcConfig config, InstantSource clock, SecureRandom random) {
        this.config = config;
        this.clock = clock;
        this.random = random;
    }

    @Override
    public Future<?> start() {
        var bus = Bus.of(vertx);
        if (!config.isOn()) {
            bus.answer(FindProvider.class, question -> Future.succeededFuture(new SingleSignOn.Provider(null, null)));
            bus.<Beginning, SingleSignOn.Begin>answer(SingleSignOn.Begin.class, request -> Future.failedFuture(none()));
            bus.<Entrance, Complete>answer(Complete.class, request -> Future.failedFuture(none()));
            return Future.succeededFuture();
        }
        var opened = new ProviderDoor(vertx, config);
        door = opened;
        var discovery = new Discovery(vertx, config, opened, clock);
        var exchange = new CodeExchange(opened, new ClientSecret(vertx, config));
        var flow = new LogInFlow(config, discovery, opened, exchange, random, clock);
        bus.answer(FindProvider.class, question -> Future.succeededFuture(provider(discovery)));
        bus.answer(SingleSignOn.Begin.class, request -> flow.begin(request).onFailure(SingleSignOnVerticle::tell));
        bus.answer(
                Complete.class,
                request -> Future.succeededFuture(request)
                        .compose(flow::complete)
                        .compose(outcome ->
                                bus.request(outcome.person()).map(session -> new Entrance(session, outcome.returnTo())))
                        .onFailure(SingleSignOnVerticle::tell));
        return Future.succeededFuture();
    }

    @Override
    public Future<?> stop() {
        return door == null ? Future.succeededFuture() : door.close();
    }

    private SingleSignOn.Provider provider(Discovery discovery) {
        return new SingleSignOn.Provider(
                config.displayName(),
                discovery.seen().map(KnownProvider::logOutUrl).orElse(null));
    }

    /** The browser is told in few words; whoever looks into it finds the rest here. */
    private static void tell(Throwable cause) {
        if (cause instanceof Failure failure) {
            LOG.warn("A log-in at the OpenID provider failed: {} {}", failure.code(), failure.text());
        } else {
            LOG.error("A log-in at the OpenID provider failed unexpectedly", cause);
        }
    }

    private static Failure none() {
        return new Failure(ErrorCode.NOT_FOUND, "There is no OpenID provider here; log in with name and password");
    }
}
