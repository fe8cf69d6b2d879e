package io.linkops.api;

import static io.linkops.api.Access.OPEN;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;

/** The browser's files: hashed ones for ever, the page anew each time with its own nonce. */
final class PageRoutes {
    private static final String PAGE = "index.html";
    private static final String NO_PAGE = "<!doctype html><html lang=\"en\"><title>LinkOps</title>"
            + "<h1>LinkOps</h1><p>This LinkOps was built without its browser frontend. The API is at "
            + "<a href=\"/api/openapi.yaml\">/api/openapi.yaml</a>; build without -Dfrontend.skip to have both.</p>";

    private final WebFiles files;
    private final SecureRandom random = new SecureRandom();

    PageRoutes(WebFiles files) {
        this.files = files;
    }

    /** After all others: the last one takes what is left. */
    void register(Routes routes) {
        routes.get("/assets/*", OPEN, this::asset).get("/*", OPEN, this::page);
    }

    private Future<Answer> asset(Call call) {
        var path = call.path().substring(1);
        return files.find(path)
                .map(found -> Answer.of(200, WebFiles.type(path), require(found, call))
                        .with("Cache-Control", "public, immutable, max-age=31536000"));
    }

    private Future<Answer> page(Call call) {
        var path = call.path().substring(1);
        if (path.isEmpty() || path.equals(PAGE)) {
            return files.find(PAGE).map(this::withNonce);
        }
        return files.find(path)
                .compose(found -> found.isPresent()
                        ? Future.succeededFuture(
                                Answer.of(200, WebFiles.type(path), found.get()).with("Cache-Control", "no-cache"))
                        : fallback(call));
    }

    /** Addresses of the browser's own making: the page knows what to show. */
    private Future<Answer> fallback(Call call) {
        var accepted = call.request().getHeader("Accept");
        if (accepted == null || !accepted.contains("text/html")) {
            throw ApiRouter.notFound(call.path());
        }
        return files.find(PAGE).map(this::withNonce);
    }

    private Answer withNonce(Optional<Buffer> page) {
        var bytes = new byte[18];
        random.nextBytes(bytes);
        var nonce = Base64.getEncoder().encodeToString(bytes);
        var html = page.map(file -> file.toString(StandardCharsets.UTF_8)).orElse(NO_PAGE);
        return Answer.of(200, WebFiles.type(PAGE), Buffer.buffer(html.replace("@nonce@", nonce)))
                .with("Content-Security-Policy", SecurityHeaders.pagePolicy(nonce))
                .with("Cache-Control", "no-cache");
    }

    private static Buffer require(Optional<Buffer> file, Call call) {
        return file.orElseThrow(() -> ApiRouter.notFound(call.path()));
    }
}
