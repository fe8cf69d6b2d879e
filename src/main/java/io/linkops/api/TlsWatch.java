package io.linkops.api;

import io.linkops.bus.Blocking;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * TLS of the HTTP server (decision 22): looks every few seconds whether certificate or key changed, and if both fit
 * takes them for every connection from then on. Connections that are open stay as they are; files that do not fit leave
 * the old ones in force.
 */
final class TlsWatch {
    private static final Logger LOG = LoggerFactory.getLogger(TlsWatch.class);
    private static final Duration LOOK = Duration.ofSeconds(5);
    private static final Duration SOON = Duration.ofDays(14);

    private final Vertx vertx;
    private final TlsFiles files;
    private final InstantSource clock;
    private List<String> seen = List.of();

    TlsWatch(Vertx vertx, TlsFiles files, InstantSource clock) {
        this.vertx = vertx;
        this.files = files;
        this.clock = clock;
    }

    /** The options, with TLS; fails with a sentence for people when the files cannot be used. */
    Future<HttpServerOptions> secure(HttpServerOptions options) {
        return Blocking.on(vertx, this::changed).map(pair -> {
            // one protocol for requests, streams and sockets: each has its own connection
            options.setSsl(true)
                    .setUseAlpn(false)
                    .setKeyCertOptions(pair.getFirst().options());
            options.setEnabledSecureTransportProtocols(Set.of("TLSv1.2", "TLSv1.3"));
            return options;
        });
    }

    /** Empty if nothing changed. */
    private List<TlsFiles.Pair> changed() throws java.io.IOException {
        var now = files.stamps();
        if (now.equals(seen)) {
            return List.of();
        }
        // also if they are refused: to be told once
        seen = now;
        var pair = files.read(vertx);
        tell(pair.leaf());
        return List.of(pair);
    }

    private void tell(X509Certificate leaf) {
        var end = leaf.getNotAfter().toInstant();
        LOG.info("TLS with the certificate of {}, valid until {}", leaf.getSubjectX500Principal(), end);
        if (clock.instant().plus(SOON).isAfter(end)) {
            LOG.warn("The certificate {} ends at {}: renew it", files.certificate(), end);
        }
    }

    /** On the event loop of the caller, until that is undeployed. */
    void follow(HttpServer server, HttpServerOptions options) {
        vertx.setTimer(
                LOOK.toMillis(),
                _ -> Blocking.on(vertx, this::changed)
                        .compose(pairs -> pairs.isEmpty()
                                ? Future.succeededFuture()
                                : server.updateSSLOptions(options.getSslOptions()
                                        .copy()
                                        .setKeyCertOptions(pairs.getFirst().options())))
                        .onFailure(cause ->
                                LOG.error("The changed certificate or key is not used: {}", cause.getMessage()))
                        .onComplete(_ -> follow(server, options)));
    }
}
