package io.linkops.backup;

import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is in a backup; its last entry.
 *
 * @param version of the LinkOps that made it
 * @param schema migrations the database has, in order
 * @param hasKeys whether private keys and secrets are in it
 * @param configuredAt where the configuration file was; null if there was none, or it is not in it
 */
public record Manifest(
        String version,
        Instant createdAt,
        List<String> schema,
        boolean hasKeys,
        @Nullable String configuredAt,
        List<Part> parts) {
    static final String ENTRY = "manifest.json";
    /** Raised when what older versions make of a backup would be wrong. */
    private static final int FORMAT = 1;

    /**
     * One file of it.
     *
     * @param name in the backup, with slashes
     * @param sha256 of its bytes, hexadecimal
     */
    public record Part(String name, long bytes, String sha256) {}

    public Manifest {
        schema = List.copyOf(schema);
        parts = List.copyOf(parts);
    }

    String json() {
        var list = new JsonArray();
        parts.forEach(part -> list.add(new JsonObject()
                .put("name", part.name())
                .put("bytes", part.bytes())
                .put("sha256", part.sha256())));
        return new JsonObject()
                .put("format", FORMAT)
                .put("version", version)
                .put("created_at", createdAt.toString())
                .put("schema", new JsonArray(schema))
                .put("has_keys", hasKeys)
                .put("configured_at", configuredAt)
                .put("parts", list)
                .encodePrettily();
    }

    /** Fails with VALIDATION_FAILED when this is none, or one of a later format. */
    static Manifest of(String text) {
        try {
            var json = new JsonObject(text);
            if (json.getInteger("format", 0) != FORMAT) {
                throw refused("it has format " + json.getValue("format") + ", and this LinkOps reads " + FORMAT
                        + "; use the LinkOps that made it, " + json.getString("version"));
            }
            var parts = json.getJsonArray("parts").stream()
                    .map(JsonObject.class::cast)
                    .map(part -> new Part(part.getString("name"), part.getLong("bytes"), part.getString("sha256")))
                    .toList();
            parts.forEach(part -> requireName(part.name()));
            if (new HashSet<>(parts.stream().map(Part::name).toList()).size() != parts.size()) {
                throw refused("its manifest names a part twice");
            }
            return new Manifest(
                    json.getString("version"),
                    Instant.parse(json.getString("created_at")),
                    json.getJsonArray("schema").stream().map(String.class::cast).toList(),
                    json.getBoolean("has_keys"),
                    json.getString("configured_at"),
                    parts);
        } catch (DecodeException | ClassCastException | NullPointerException | DateTimeException e) {
            throw refused("its manifest is not one");
        }
    }

    /** No name leads out of the place it belongs to. */
    private static void requireName(String name) {
        for (var segment : name.split("/", -1)) {
            if (segment.isEmpty()
                    || segment.equals(".")
                    || segment.equals("..")
                    || segment.chars().anyMatch(each -> each == '\\' || Character.isISOControl(each))) {
                throw refused("its manifest has a part with a name that is none");
            }
        }
    }

    static Failure refused(String why) {
        return new Failure(ErrorCode.VALIDATION_FAILED, "The backup cannot be used: " + why);
    }
}
