package io.linkops.api;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;

/** Parses a body that must be one JSON object: no deeper, no longer in its parts, and no looser than JSON is. */
final class JsonBody {
    private static final int DEEPEST = 8;
    private static final ObjectMapper MAPPER = new ObjectMapper(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(DEEPEST)
                            .maxNumberLength(40)
                            .maxNameLength(1_000)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private JsonBody() {}

    /** The object that the body is, or MALFORMED_REQUEST or UNSUPPORTED_MEDIA_TYPE. */
    static JsonNode parse(HttpServerRequest request, Buffer body) {
        requireJson(request);
        try {
            var node = MAPPER.readTree(body.getBytes());
            if (node.isObject()) {
                return node;
            }
        } catch (JacksonException e) {
            var where = e.getLocation();
            throw BodyReader.malformed("The body is not a JSON object as it should be"
                    + (where == null ? "" : ": look at line " + where.getLineNr() + ", column " + where.getColumnNr()));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        throw BodyReader.malformed("The body must be a JSON object: {…}");
    }

    private static void requireJson(HttpServerRequest request) {
        var given = request.getHeader("Content-Type");
        var type = given == null
                ? ""
                : given.toLowerCase(java.util.Locale.ROOT).replace(" ", "").replace("\"", "");
        if (!type.equals("application/json") && !type.equals("application/json;charset=utf-8")) {
            throw new Failure(
                    ErrorCode.UNSUPPORTED_MEDIA_TYPE, "The body must be sent as Content-Type: application/json");
        }
    }
}
