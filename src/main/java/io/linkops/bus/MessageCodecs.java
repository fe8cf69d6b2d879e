package io.linkops.bus;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.MessageCodec;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** How records and failures look on the wire: a length-prefixed class name, then a length-prefixed JSON text. */
final class MessageCodecs {
    /** Additive changes pass between versions: unknown properties are ignored. */
    static final ObjectMapper MAPPER = JsonMapper.builder()
            .addModule(new Jdk8Module())
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS, SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private MessageCodecs() {}

    static final class Records implements MessageCodec<Object, Object> {
        private final MessageTypes types;

        Records(MessageTypes types) {
            this.types = types;
        }

        @Override
        public void encodeToWire(Buffer buffer, Object message) {
            write(buffer, message.getClass().getName().getBytes(StandardCharsets.UTF_8));
            write(buffer, json(message));
        }

        @Override
        public Object decodeFromWire(int position, Buffer buffer) {
            var type = types.named(new String(read(position, buffer), StandardCharsets.UTF_8));
            return parse(read(next(position, buffer), buffer), type);
        }

        /** Local delivery hands over the same, immutable instance. */
        @Override
        public Object transform(Object message) {
            return message;
        }

        @Override
        public String name() {
            return "linkops-record";
        }

        @Override
        public byte systemCodecID() {
            return -1;
        }
    }

    static final class Failures implements MessageCodec<Failure, Failure> {
        private record Wire(ErrorCode code, String message, Map<String, Object> details) {}

        @Override
        public void encodeToWire(Buffer buffer, Failure failure) {
            write(buffer, json(new Wire(failure.code(), failure.text(), failure.details())));
        }

        @Override
        public Failure decodeFromWire(int position, Buffer buffer) {
            var wire = parse(read(position, buffer), Wire.class);
            return new Failure(wire.code, wire.message, wire.details);
        }

        @Override
        public Failure transform(Failure failure) {
            return failure;
        }

        @Override
        public String name() {
            return "linkops-failure";
        }

        @Override
        public byte systemCodecID() {
            return -1;
        }
    }

    private static byte[] json(Object value) {
        try {
            return MAPPER.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    "cannot encode " + value.getClass().getName(), e);
        }
    }

    private static <T> T parse(byte[] json, Class<T> type) {
        try {
            return MAPPER.readValue(json, type);
        } catch (java.io.IOException e) {
            throw new IllegalArgumentException("cannot decode " + type.getName(), e);
        }
    }

    private static void write(Buffer buffer, byte[] bytes) {
        buffer.appendInt(bytes.length).appendBytes(bytes);
    }

    private static byte[] read(int position, Buffer buffer) {
        var start = position + Integer.BYTES;
        return buffer.getBytes(start, start + buffer.getInt(position));
    }

    private static int next(int position, Buffer buffer) {
        return position + Integer.BYTES + buffer.getInt(position);
    }
}
