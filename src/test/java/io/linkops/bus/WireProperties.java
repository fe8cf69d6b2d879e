package io.linkops.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class WireProperties {
    private static final MessageTypes TYPES = Contracts.types();
    private static final List<Class<?>> MESSAGES = Contracts.messages();
    private static final List<Class<?>> RECORDS = Contracts.records();

    private final MessageCodecs.Records codec = new MessageCodecs.Records(TYPES);

    /** Every message of every contract comes off the wire as it was put on it. */
    @Property(tries = 100)
    void everyMessageComesOffTheWireAsItWasPutOnIt(@ForAll long seed, @ForAll("places") int place) throws Exception {
        var samples = new Samples(seed);
        for (var type : MESSAGES) {
            var message = samples.record(type);
            var buffer = Buffer.buffer(new byte[place]);
            codec.encodeToWire(buffer, message);
            assertThat(codec.decodeFromWire(place, buffer)).isEqualTo(message);
        }
    }

    @Provide
    Arbitrary<Integer> places() {
        return Arbitraries.integers().between(0, 100);
    }

    /**
     * Messages never change: what is done to a collection after it was given, or to one that was handed out, is lost.
     */
    @Property(tries = 100)
    void noMessageCanBeChanged(@ForAll long seed) throws Exception {
        for (var type : RECORDS) {
            var arguments = new Samples(seed).arguments(type, true);
            var message = Samples.construct(type, arguments);
            var same = new Samples(seed).record(type, true);
            for (var argument : arguments) {
                change(argument);
            }
            assertThat(message).as(type.getName()).isEqualTo(same);
            for (var component : type.getRecordComponents()) {
                component.getAccessor().setAccessible(true);
                var value = component.getAccessor().invoke(message);
                if (value instanceof Collection<?> || value instanceof Map<?, ?>) {
                    assertThatThrownBy(() -> change(value))
                            .as(type.getName() + "." + component.getName())
                            .isInstanceOf(UnsupportedOperationException.class);
                }
            }
        }
    }

    private static void change(Object value) {
        switch (value) {
            case Collection<?> collection -> {
                List.copyOf(collection).stream()
                        .filter(ArrayList.class::isInstance)
                        .forEach(WireProperties::change);
                collection.clear();
            }
            case Map<?, ?> map -> {
                map.values().stream().filter(ArrayList.class::isInstance).forEach(WireProperties::change);
                map.clear();
            }
            case null, default -> {}
        }
    }

    /** Failures keep code, sentence and details. */
    @Property(tries = 500)
    void aFailureComesOffTheWireAsItWasPutOnIt(
            @ForAll ErrorCode code, @ForAll("texts") String text, @ForAll("texts") String detail) {
        var details = Map.of("a", detail, "n", 7, "list", List.of(Map.of("target", detail, "ok", true)));
        var buffer = Buffer.buffer("before");
        var failures = new MessageCodecs.Failures();
        failures.encodeToWire(buffer, new Failure(code, text, details));
        var read = failures.decodeFromWire("before".length(), buffer);
        assertThat(read.code()).isEqualTo(code);
        assertThat(read.text()).isEqualTo(text);
        assertThat(read.details()).isEqualTo(details);
    }

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.strings().withChars("a\"\\\n\0é€\u2028{").ofMaxLength(20);
    }

    @Example
    void aClassThatIsInNoContractIsRefusedOnTheWire() {
        for (var name : List.of("java.lang.String", "java.util.ArrayList", "io.linkops.bus.Failure", "", "x")) {
            var bytes = name.getBytes(java.nio.charset.StandardCharsets.UTF_8);
            var buffer = Buffer.buffer()
                    .appendInt(bytes.length)
                    .appendBytes(bytes)
                    .appendInt(2)
                    .appendString("{}");
            assertThatThrownBy(() -> codec.decodeFromWire(0, buffer))
                    .hasMessageContaining("not a bus message: " + name);
        }
    }

    @Example
    void unknownFieldsOfANewerVersionAreIgnored() throws Exception {
        var name = MESSAGES.stream()
                .filter(type -> type.getSimpleName().equals("FindOperation"))
                .findFirst()
                .orElseThrow()
                .getName();
        var json = "{\"id\":\"x\",\"newer\":{\"a\":[1]}}";
        var buffer = Buffer.buffer()
                .appendInt(name.length())
                .appendString(name)
                .appendInt(json.length())
                .appendString(json);
        assertThat(codec.decodeFromWire(0, buffer)).hasFieldOrPropertyWithValue("id", "x");
    }

    @Example
    void anInterfaceWithoutTheMarkIsNoContract() {
        assertThatThrownBy(() -> MessageTypes.declaredIn(Runnable.class)).hasMessageContaining("not a @Contract");
    }
}
