package io.linkops.api;

import static io.linkops.api.Access.OPEN;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.Map;

/**
 * openapi.yaml as a page to read and to try (Swagger UI, from our own origin). It runs under a policy without inline
 * scripts or styles; only Trusted Types are not asked of it (decision 23).
 */
final class ExplorerRoutes {
    static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
            + "connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static final String FOLDER = "META-INF/resources/webjars/swagger-ui/5.27.1";

    private static final String PAGE = """
        <!doctype html>
        <html lang="en">
        <meta charset="utf-8">
        <title>LinkOps API</title>
        <link rel="icon" href="data:,">
        <link rel="stylesheet" href="docs/swagger-ui.css">
        <div id="swagger-ui"></div>
        <script src="docs/swagger-ui-bundle.js"></script>
        <script src="docs/start.js"></script>
        """;

    /** What a page of our own origin changes it says so in a header, which other sites cannot. */
    private static final String START = """
        SwaggerUIBundle({
          url: "openapi.yaml",
          dom_id: "#swagger-ui",
          deepLinking: true,
          validatorUrl: null,
          docExpansion: "list",
          requestInterceptor: (request) => {
            if (!["GET", "HEAD"].includes((request.method || "GET").toUpperCase())) {
              request.headers["X-LinkOps"] = "1";
            }
            return request;
          },
        });
        """;

    private static final Map<String, String> OWN = Map.of("start.js", START);

    private final WebFiles files;

    /** @param files of {@link #FOLDER} */
    ExplorerRoutes(WebFiles files) {
        this.files = files;
    }

    static String folder() {
        return FOLDER;
    }

    void register(Routes routes) {
        routes.get("/api/docs", OPEN, call -> Future.succeededFuture(page())).get("/api/docs/*", OPEN, this::file);
    }

    private static Answer page() {
        return Answer.of(200, "text/html; charset=utf-8", Buffer.buffer(PAGE))
                .with("Content-Security-Policy", POLICY)
                .with("Cache-Control", "no-cache");
    }

    private Future<Answer> file(Call call) {
        var name = call.path().substring(call.path().lastIndexOf('/') + 1);
        var own = OWN.get(name);
        if (own != null) {
            return Future.succeededFuture(
                    Answer.of(200, WebFiles.type(name), Buffer.buffer(own)).with("Cache-Control", "no-cache"));
        }
        if (!name.equals("swagger-ui.css") && !name.equals("swagger-ui-bundle.js")) {
            throw ApiRouter.notFound(call.path());
        }
        return files.find(name)
                .map(found -> Answer.of(
                                200, WebFiles.type(name), found.orElseThrow(() -> ApiRouter.notFound(call.path())))
                        .with("Cache-Control", "public, max-age=86400"));
    }
}
