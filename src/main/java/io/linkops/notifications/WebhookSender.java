package io.linkops.notifications;

import io.linkops.bus.Blocking;
import io.linkops.config.NotificationsConfig;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.net.TrustOptions;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A signed POST. The name is resolved here, every address is looked at, and the connection goes to the very address
 * that was looked at: a name that changes its mind meanwhile changes nothing. Redirects are not followed, proxies not
 * used, connections not kept.
 */
final class WebhookSender implements Sender {
    /** Nobody needs the answer's body: so much of it is read, so that the receiver sees an orderly end. */
    private static final int MOST_ANSWER_BYTES = 16 * 1024;

    private static final int MOST_HEADER_BYTES = 8 * 1024;
    private static final int MOST_CONNECTIONS = 1_000;
    private static final Logger LOG = LoggerFactory.getLogger(WebhookSender.class);
    private static final Duration READING = Duration.ofSeconds(2);

    private final Vertx vertx;
    private final HttpClient client;
    private final Resolver resolver;
    private final WorkerExecutor names;
    private final AddressPolicy policy;
    private final NotificationsConfig config;
    private final InstantSource clock;

    /** @param names the pool on which names are resolved */
    WebhookSender(
            Vertx vertx,
            NotificationsConfig config,
            TrustOptions trust,
            Resolver resolver,
            WorkerExecutor names,
            InstantSource clock) {
        this.vertx = vertx;
        this.client =
                vertx.createHttpClient(options(config, trust), new PoolOptions().setHttp1MaxSize(MOST_CONNECTIONS));
        this.resolver = resolver;
        this.names = names;
        this.policy = new AddressPolicy(config.privateAddresses());
        this.config = config;
        this.clock = clock;
    }

    private static HttpClientOptions options(NotificationsConfig config, TrustOptions trust) {
        return new HttpClientOptions()
                .setProtocolVersion(HttpVersion.HTTP_1_1)
                .setKeepAlive(false)
                .setConnectTimeout((int) config.connectTimeout().toMillis())
                .setSslHandshakeTimeout(config.connectTimeout().toMillis())
                .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS)
                .setMaxHeaderSize(MOST_HEADER_BYTES)
                .setMaxRedirects(0)
                .setTrustOptions(trust)
                .setVerifyHost(true);
    }

    @Override
    public Future<Attempt> send(StoredChannel channel, String id, String body) {
        var uri = URI.create(Objects.requireNonNull(channel.channel().url(), "a webhook has a url"));
        var host = uri.getHost().replaceAll("^\\[|]$", "");
        return Blocking.on(names, () -> resolver.resolve(host))
                .timeout(config.connectTimeout().toMillis(), TimeUnit.MILLISECONDS)
                .compose(addresses -> {
                    if (addresses.isEmpty() || !addresses.stream().allMatch(policy::admits)) {
                        return Future.succeededFuture(
                                Attempt.refused("The name " + host + " leads to an address that webhooks must not go to"
                                        + (policy.isPrivateAllowed()
                                                ? " (link-local, metadata service or reserved)"
                                                : " (private, link-local, metadata service or reserved; see"
                                                        + " notifications.private_addresses)")));
                    }
                    return post(channel, uri, host, addresses, id, body);
                })
                .otherwise(cause -> Attempt.later(said(cause, host)));
    }

    private Future<Attempt> post(
            StoredChannel channel, URI uri, String host, List<InetAddress> addresses, String id, String body) {
        var isTls = "https".equals(uri.getScheme().toLowerCase(Locale.ROOT));
        var port = uri.getPort() > 0 ? uri.getPort() : isTls ? 443 : 80;
        // Another address with each try, where there is more than one.
        var address = addresses.get((int) Math.floorMod(clock.millis() / 1000, (long) addresses.size()));
        var options = new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setServer(SocketAddress.inetSocketAddress(port, address.getHostAddress()))
                .setHost(host)
                .setPort(port)
                .setSsl(isTls)
                .setURI(target(uri))
                .setFollowRedirects(false);
        var bytes = Buffer.buffer(body);
        // From the connection to the head of the answer: drops of it do not prolong the time.
        Promise<Attempt> done = Promise.promise();
        client.request(options).onFailure(cause -> done.tryFail(cause)).onSuccess(request -> {
            if (done.future().isComplete()) {
                request.reset();
                return;
            }
            // What happens to the connection is told by the request already; Vert.x would log it as an error.
            request.connection().exceptionHandler(cause -> LOG.debug("A connection failed", cause));
            done.future().onFailure(_ -> request.reset());
            head(request, channel, id, body, bytes);
            request.response().onFailure(done::tryFail).onSuccess(response -> {
                var attempt = Attempt.of(
                        response.statusCode(), RetryAfter.read(response.getHeader("Retry-After"), clock.instant()));
                drain(request, response).onComplete(_ -> done.tryComplete(attempt));
            });
            request.end(bytes).onFailure(done::tryFail);
        });
        var patience = config.connectTimeout().plus(config.answerTimeout());
        var timer = vertx.setTimer(patience.toMillis(), _ -> done.tryFail(new TimeoutException("no answer in time")));
        return done.future().onComplete(_ -> vertx.cancelTimer(timer));
    }

    private static String target(URI uri) {
        var path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        return uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery();
    }

    private void head(HttpClientRequest request, StoredChannel channel, String id, String body, Buffer bytes) {
        var timestamp = clock.instant().getEpochSecond();
        var secret = Objects.requireNonNull(channel.secret(), "a webhook has a secret");
        request.putHeader("Content-Type", "application/json")
                .putHeader("User-Agent", "LinkOps")
                .putHeader("X-LinkOps-Event", new JsonObject(body).getString("event"))
                .putHeader("X-LinkOps-Delivery", id)
                .putHeader("X-LinkOps-Timestamp", Long.toString(timestamp))
                .putHeader("X-LinkOps-Signature", Signature.of(secret.reveal(), timestamp, bytes.getBytes()));
    }

    /** The status has decided already: whatever the body does, it is not waited for long. */
    private Future<Void> drain(HttpClientRequest request, HttpClientResponse response) {
        Promise<Void> over = Promise.promise();
        var read = new int[1];
        response.exceptionHandler(_ -> over.tryComplete());
        response.endHandler(_ -> over.tryComplete());
        response.handler(piece -> {
            read[0] += piece.length();
            if (read[0] > MOST_ANSWER_BYTES) {
                over.tryComplete();
            }
        });
        var timer = vertx.setTimer(READING.toMillis(), _ -> over.tryComplete());
        return over.future().onComplete(_ -> {
            vertx.cancelTimer(timer);
            request.reset();
        });
    }

    /** What went wrong, for people; a URL's path may be a secret and is not in it. */
    private static String said(Throwable cause, String host) {
        for (@Nullable Throwable at = cause; at != null; at = at.getCause()) {
            if (at instanceof UnknownHostException) {
                return "The name " + host + " cannot be resolved";
            }
            if (at instanceof SSLException) {
                return "The TLS connection to " + host + " failed: " + Wording.clean(String.valueOf(at.getMessage()));
            }
            if (at instanceof TimeoutException) {
                return host + " did not answer in time";
            }
        }
        return "The connection to " + host + " failed: " + Wording.clean(String.valueOf(cause.getMessage()));
    }

    Future<Void> close() {
        return client.close();
    }
}
