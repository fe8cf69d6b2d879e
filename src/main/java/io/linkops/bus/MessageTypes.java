package io.linkops.bus;

import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The closed list of classes that may cross the bus; anything else is refused on the wire. */
public final class MessageTypes {
    private final TreeMap<String, Class<?>> byName = new TreeMap<>();

    private MessageTypes() {}

    /** Every message record nested in the given contracts. The class name is the wire name. */
    public static MessageTypes declaredIn(Class<?>... contracts) {
        var types = new MessageTypes();
        for (var contract : contracts) {
            if (!contract.isAnnotationPresent(Contract.class)) {
                throw new IllegalArgumentException(contract.getName() + " is not a @Contract");
            }
            for (var nested : contract.getDeclaredClasses()) {
                if (nested.isRecord() && BusMessage.class.isAssignableFrom(nested)) {
                    types.byName.put(nested.getName(), nested);
                }
            }
        }
        return types;
    }

    /** The wire names, sorted. */
    public Set<String> names() {
        return java.util.Collections.unmodifiableSet(byName.keySet());
    }

    boolean contains(Class<?> type) {
        return byName.containsKey(type.getName());
    }

    Class<?> named(String name) {
        @Nullable Class<?> type = byName.get(name);
        if (type == null) {
            throw new IllegalArgumentException("not a bus message: " + name);
        }
        return type;
    }
}
