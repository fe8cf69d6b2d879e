package io.linkops.bus;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes records of any kind a contract may have, by chance. */
final class Samples {
    private final Random random;

    Samples(long seed) {
        this.random = new Random(seed);
    }

    Object record(Class<?> type) throws ReflectiveOperationException {
        return record(type, false);
    }

    /** With lists and maps that can be changed from outside, never null. */
    Object record(Class<?> type, boolean isFull) throws ReflectiveOperationException {
        return construct(type, arguments(type, isFull));
    }

    Object[] arguments(Class<?> type, boolean isFull) throws ReflectiveOperationException {
        var components = type.getRecordComponents();
        var values = new Object[components.length];
        for (int i = 0; i < components.length; i++) {
            boolean mayBeNull = components[i].getAnnotatedType().isAnnotationPresent(Nullable.class);
            values[i] = mayBeNull && !isFull && random.nextInt(3) == 0
                    ? null
                    : value(components[i].getGenericType(), isFull);
        }
        return values;
    }

    static Object construct(Class<?> type, Object... values) throws ReflectiveOperationException {
        var types = Arrays.stream(type.getRecordComponents())
                .map(java.lang.reflect.RecordComponent::getType)
                .toArray(Class<?>[]::new);
        var constructor = type.getDeclaredConstructor(types);
        constructor.setAccessible(true);
        return constructor.newInstance(values);
    }

    private Object value(Type type, boolean isFull) throws ReflectiveOperationException {
        if (type instanceof ParameterizedType generic) {
            return collection(generic, isFull);
        }
        var plain = (Class<?>) type;
        if (plain.isEnum()) {
            return plain.getEnumConstants()[random.nextInt(plain.getEnumConstants().length)];
        }
        return plain.isRecord() ? record(plain, isFull) : simple(plain);
    }

    private Object collection(ParameterizedType type, boolean isFull) throws ReflectiveOperationException {
        int size = isFull ? 2 : random.nextInt(3) + (type.getRawType() == List.class ? 1 : 0);
        var arguments = type.getActualTypeArguments();
        if (type.getRawType() == List.class) {
            List<Object> list = new ArrayList<>();
            for (int i = 0; i < size; i++) {
                list.add(value(arguments[0], isFull));
            }
            return list;
        }
        if (type.getRawType() == Map.class) {
            Map<Object, Object> map = new LinkedHashMap<>();
            for (int i = 0; i < size; i++) {
                map.put(value(arguments[0], isFull), value(arguments[1], isFull));
            }
            return map;
        }
        if (type.getRawType() == Set.class) {
            Set<Object> set = new LinkedHashSet<>();
            for (int i = 0; i < size; i++) {
                set.add(value(arguments[0], isFull));
            }
            return set;
        }
        throw new IllegalArgumentException("teach the samples what a " + type + " is");
    }

    private Object simple(Class<?> type) {
        return switch (type.getName()) {
            case "java.lang.String" -> text();
            case "int", "java.lang.Integer" -> random.nextInt();
            case "long", "java.lang.Long" -> random.nextLong();
            case "boolean", "java.lang.Boolean" -> random.nextBoolean();
            case "java.time.Instant" -> Instant.ofEpochSecond(random.nextInt(), random.nextInt(1_000_000_000));
            case "java.time.Duration" -> Duration.ofSeconds(random.nextInt(), random.nextInt(1_000_000_000));
            case "io.linkops.bus.Bytes" -> bytes();
            default -> throw new IllegalArgumentException("teach the samples what a " + type + " is");
        };
    }

    private Bytes bytes() {
        var bytes = new byte[random.nextInt(20)];
        random.nextBytes(bytes);
        return Bytes.of(bytes);
    }

    private String text() {
        var letters = List.of("a", "Z", "\"", "\\", "\n", "\0", "é", "€", "😀", "\u2028", "{", "null", " ");
        var text = new StringBuilder();
        for (int i = random.nextInt(8); i > 0; i--) {
            text.append(letters.get(random.nextInt(letters.size())));
        }
        return text.toString();
    }
}
