package io.linkops.api;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.linkops.bus.Bytes;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a terminal's socket is sent by its client; each kind has exactly the fields it needs. */
sealed interface ClientFrame {
    int MOST_PANES = 4;

    /** @param confirm whether the client wants to be told when it was taken */
    record Stdin(List<Integer> panes, Bytes data, boolean confirm) implements ClientFrame {}

    record StdinResume(int pane) implements ClientFrame {}

    record Resize(int pane, int cols, int rows) implements ClientFrame {}

    record Connect(int pane) implements ClientFrame {}

    record Disconnect(int pane) implements ClientFrame {}

    record Ack(int pane, long offset) implements ClientFrame {}

    record TakeOver() implements ClientFrame {}

    /** One byte that says which pane, then what was typed. @throws io.linkops.bus.Failure MALFORMED_REQUEST */
    static ClientFrame of(Buffer binary) {
        if (binary.length() < 2 || binary.getByte(0) < 0 || binary.getByte(0) >= MOST_PANES) {
            throw BodyReader.malformed(
                    "A binary frame is one byte with the number of the pane, then at least one byte of input");
        }
        return new Stdin(List.of((int) binary.getByte(0)), Bytes.of(binary.getBytes(), 1, binary.length() - 1), false);
    }

    /** @throws io.linkops.bus.Failure MALFORMED_REQUEST or VALIDATION_FAILED, naming the field */
    static ClientFrame of(String text) {
        return new Reader(parse(text)).frame();
    }

    private static JsonNode parse(String text) {
        try {
            var node = Reader.MAPPER.readTree(text);
            if (node != null && node.isObject()) {
                return node;
            }
        } catch (IOException e) {
            throw BodyReader.malformed("A text frame must be a JSON object: {\"type\": …}");
        }
        throw BodyReader.malformed("A text frame must be a JSON object: {\"type\": …}");
    }

    /** Reads the fields of one frame, and refuses those it does not know. */
    final class Reader {
        private static final ObjectMapper MAPPER = new ObjectMapper(JsonFactory.builder()
                        .streamReadConstraints(StreamReadConstraints.builder()
                                .maxNestingDepth(3)
                                .maxNumberLength(20)
                                .maxNameLength(100)
                                .build())
                        .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                        .build())
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

        private final JsonNode node;
        private final Set<String> known = new HashSet<>(Set.of("type"));

        private Reader(JsonNode node) {
            this.node = node;
        }

        private ClientFrame frame() {
            var type = node.path("type").asText("");
            var frame = switch (type) {
                case "stdin" -> new Stdin(panes(), data(), confirm());
                case "stdin_resume" -> new StdinResume(pane());
                case "resize" -> new Resize(pane(), (int) number("cols", 1000), (int) number("rows", 1000));
                case "connect" -> new Connect(pane());
                case "disconnect" -> new Disconnect(pane());
                case "ack" -> new Ack(pane(), number("offset", 1L << 53));
                case "take_over" -> new TakeOver();
                default ->
                    throw Problems.of(
                            "type", "must be one of: stdin, stdin_resume, resize, connect, disconnect, ack, take_over");
            };
            node.fieldNames().forEachRemaining(name -> {
                if (!known.contains(name)) {
                    throw Problems.of(name, "is not known in a frame of type " + type);
                }
            });
            return frame;
        }

        private int pane() {
            return (int) number("pane", MOST_PANES - 1);
        }

        private List<Integer> panes() {
            var several = field("panes");
            if (several == null) {
                return List.of(pane());
            }
            var panes = new ArrayList<Integer>();
            for (var each : several) {
                if (!each.isIntegralNumber()
                        || each.longValue() < 0
                        || each.longValue() >= MOST_PANES
                        || panes.contains(each.intValue())) {
                    throw Problems.of("panes", "must be numbers of panes, each once");
                }
                panes.add(each.intValue());
            }
            if (panes.isEmpty()) {
                throw Problems.of("panes", "must be a list with at least one number");
            }
            return panes;
        }

        private Bytes data() {
            var data = field("data");
            if (data == null || !data.isTextual() || data.textValue().isEmpty()) {
                throw Problems.of("data", "must be a text that is not empty");
            }
            if (!StandardCharsets.UTF_8.newEncoder().canEncode(data.textValue())) {
                throw Problems.of("data", "must be valid Unicode; send other bytes in a binary frame");
            }
            return Bytes.utf8(data.textValue());
        }

        private boolean confirm() {
            var confirm = field("confirm");
            if (confirm != null && !confirm.isBoolean()) {
                throw Problems.of("confirm", "must be true or false");
            }
            return confirm != null && confirm.booleanValue();
        }

        private long number(String name, long most) {
            var number = field(name);
            if (number == null
                    || !number.isIntegralNumber()
                    || !number.canConvertToLong()
                    || number.longValue() < 0
                    || number.longValue() > most) {
                throw Problems.of(name, "must be a whole number from 0 to " + most);
            }
            return number.longValue();
        }

        private @Nullable JsonNode field(String name) {
            known.add(name);
            var value = node.get(name);
            return value == null || value.isNull() ? null : value;
        }
    }
}
