package io.linkops.oidc;

import io.linkops.config.OidcConfig;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.PemTrustOptions;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the provider, with an end to everything: the time from the connection to the last byte, and the size of the
 * answer. Redirects are not followed.
 */
final class ProviderDoor {
    static final int MOST_BYTES = 512 * 1024;

    private static final int CONNECTIONS = 16;
    private static final int WAITING = 64;
    private static final Logger LOG = LoggerFactory.getLogger(ProviderDoor.class);

    /** An answer that is a JSON object. */
    record Answer(int status, JsonObject json) {}

    private final Vertx vertx;
    private final HttpClient client;
    private final Duration timeout;

    ProviderDoor(Vertx vertx, OidcConfig config) {
        this.vertx = vertx;
        this.timeout = config.timeout();
        this.client = vertx.createHttpClient(
                options(config), new PoolOptions().setHttp1MaxSize(CONNECTIONS).setMaxWaitQueueSize(WAITING));
    }

    private static HttpClientOptions options(OidcConfig config) {
        var options = new HttpClientOptions()
                .setKeepAlive(false)
                .setConnectTimeout((int) config.timeout().toMillis())
                .setSslHandshakeTimeout(config.timeout().toMillis())
                .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS)
                .setMaxRedirects(0)
                .setVerifyHost(true);
        var file = config.caFile();
        return file == null ? options : options.setTrustOptions(new PemTrustOptions().addCertPath(file.toString()));
    }

    /** A document; fails unless the answer is 200. */
    Future<JsonObject> get(String url, @Nullable String authorization) {
        return ask(HttpMethod.GET, url, authorization, null).map(answer -> {
            if (answer.status() != 200) {
                throw Refusal.unreachable("The OpenID provider answered " + answer.status() + " to GET " + shown(url));
            }
            return answer.json();
        });
    }

    Future<Answer> post(String url, @Nullable String authorization, Buffer form) {
        return ask(HttpMethod.POST, url, authorization, form);
    }

    Future<Void> close() {
        return client.close();
    }

    private Future<Answer> ask(HttpMethod method, String url, @Nullable String authorization, @Nullable Buffer form) {
        Promise<Answer> done = Promise.promise();
        var options = new RequestOptions().setMethod(method).setAbsoluteURI(url).setFollowRedirects(false);
        client.request(options).onFailure(done::tryFail).onSuccess(request -> {
            if (done.future().isComplete()) {
                request.reset();
                return;
            }
            request.connection().exceptionHandler(cause -> LOG.debug("A connection failed", cause));
            done.future().onFailure(cause -> request.reset());
            request.response().onFailure(done::tryFail).onSuccess(response -> read(response, url, done));
            send(request, authorization, form).onFailure(done::tryFail);
        });
        var timer = vertx.setTimer(timeout.toMillis(), late -> done.tryFail(new TimeoutException("no answer in time")));
        return done.future()
                .onComplete(ended -> vertx.cancelTimer(timer))
                .recover(cause -> Future.failedFuture(
                        cause instanceof io.linkops.bus.Failure ? cause : Refusal.unreachable(said(cause, url))));
    }

    private static Future<Void> send(HttpClientRequest request, @Nullable String authorization, @Nullable Buffer form) {
        request.putHeader("Accept", "application/json").putHeader("User-Agent", "LinkOps");
        if (authorization != null) {
            request.putHeader("Authorization", authorization);
        }
        return form == null
                ? request.end()
                : request.putHeader("Content-Type", "application/x-www-form-urlencoded")
                        .end(form);
    }

    private static void read(HttpClientResponse response, String url, Promise<Answer> done) {
        var body = Buffer.buffer();
        response.exceptionHandler(done::tryFail);
        response.handler(piece -> {
            if (body.length() + piece.length() > MOST_BYTES) {
                done.tryFail(Refusal.unreachable(
                        "The OpenID provider's answer to " + shown(url) + " is longer than " + MOST_BYTES + " bytes"));
            } else if (!done.future().isComplete()) {
                body.appendBuffer(piece);
            }
        });
        response.endHandler(end -> {
            try {
                done.tryComplete(new Answer(response.statusCode(), new JsonObject(body)));
            } catch (DecodeException | ClassCastException e) {
                done.tryFail(Refusal.unreachable("The OpenID provider answered " + response.statusCode() + " to "
                        + shown(url) + " and no JSON object; look at oidc.issuer"));
            }
        });
    }

    /** What went wrong, for people. */
    private static String said(Throwable cause, String url) {
        for (@Nullable Throwable at = cause; at != null; at = at.getCause()) {
            if (at instanceof UnknownHostException) {
                return "The OpenID provider's name cannot be resolved: " + shown(url);
            }
            if (at instanceof SSLException) {
                return "The TLS connection to the OpenID provider failed (" + oneLine(at) + "); look at oidc.ca_file: "
                        + shown(url);
            }
            if (at instanceof TimeoutException) {
                return "The OpenID provider did not answer in time: " + shown(url);
            }
        }
        return "The OpenID provider cannot be reached (" + oneLine(cause) + "): " + shown(url);
    }

    private static String oneLine(Throwable cause) {
        var text = String.valueOf(cause.getMessage()).replaceAll("\\p{Cntrl}", "?");
        return text.length() <= 200 ? text : text.substring(0, 200) + "…";
    }

    private static String shown(String url) {
        var uri = URI.create(url);
        return uri.getScheme() + "://" + uri.getRawAuthority() + uri.getRawPath();
    }
}
