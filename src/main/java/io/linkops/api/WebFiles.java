package io.linkops.api;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The browser's files on the class path; each is read once and kept: there are only so many in the jar. */
final class WebFiles {
    private static final Map<String, String> TYPES = Map.ofEntries(
            Map.entry("css", "text/css; charset=utf-8"),
            Map.entry("html", "text/html; charset=utf-8"),
            Map.entry("ico", "image/x-icon"),
            Map.entry("js", "text/javascript; charset=utf-8"),
            Map.entry("json", "application/json"),
            Map.entry("map", "application/json"),
            Map.entry("png", "image/png"),
            Map.entry("svg", "image/svg+xml"),
            Map.entry("txt", "text/plain; charset=utf-8"),
            Map.entry("wasm", "application/wasm"),
            Map.entry("webmanifest", "application/manifest+json"),
            Map.entry("webp", "image/webp"),
            Map.entry("woff", "font/woff"),
            Map.entry("woff2", "font/woff2"));

    private final Vertx vertx;
    private final String folder;
    private final Map<String, Buffer> kept = new ConcurrentHashMap<>();

    /** @param folder on the class path */
    WebFiles(Vertx vertx, String folder) {
        this.vertx = vertx;
        this.folder = folder;
    }

    /** A file by its path below the folder; empty when there is none, or the path is not a plain one. */
    Future<Optional<Buffer>> find(String path) {
        var known = kept.get(path);
        if (known != null) {
            return Future.succeededFuture(Optional.of(known));
        }
        if (!path.matches("(assets/)?[A-Za-z0-9_-][A-Za-z0-9._-]*\\.[a-z0-9]+")) {
            return Future.succeededFuture(Optional.empty());
        }
        return vertx.executeBlocking(() -> read(path), false).map(Optional::ofNullable);
    }

    private @Nullable Buffer read(String path) throws IOException {
        try (var file = WebFiles.class.getClassLoader().getResourceAsStream(folder + "/" + path)) {
            if (file == null) {
                return null;
            }
            var content = Buffer.buffer(file.readAllBytes());
            kept.put(path, content);
            return content;
        }
    }

    static String type(String path) {
        return TYPES.getOrDefault(path.substring(path.lastIndexOf('.') + 1), "application/octet-stream");
    }
}
