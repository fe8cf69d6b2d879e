package io.linkops;

import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Signals that tell LinkOps to end. The JVM's own handling hears the first one only: a second one, sent by somebody who
 * will not wait, would be lost. Its type has no public name (decision 20), so it is called by reflection.
 */
final class Signals {
    private static final Logger LOG = LoggerFactory.getLogger(Signals.class);
    private static final List<String> NAMES = List.of("TERM", "INT", "HUP");

    private Signals() {}

    /**
     * @param heard called with 1 for the first signal, 2 for the second, …, on a thread of the JVM
     * @return false if this JVM leaves signals to the system
     */
    static boolean listen(IntConsumer heard) {
        var count = new AtomicInteger();
        try {
            for (var name : NAMES) {
                listen(name, () -> heard.accept(count.incrementAndGet()));
            }
            return true;
        } catch (ReflectiveOperationException | IllegalArgumentException e) {
            LOG.debug("Signals are not heard", e);
            return false;
        }
    }

    private static void listen(String name, Runnable heard) throws ReflectiveOperationException {
        var signal = Class.forName("sun.misc.Signal");
        var handler = Class.forName("sun.misc.SignalHandler");
        var listener =
                Proxy.newProxyInstance(handler.getClassLoader(), new Class<?>[] {handler}, (proxy, method, given) -> {
                    if (method.getName().equals("handle")) {
                        heard.run();
                        return null;
                    }
                    return switch (method.getName()) {
                        case "hashCode" -> System.identityHashCode(proxy);
                        case "equals" -> System.identityHashCode(proxy) == System.identityHashCode(given[0]);
                        default -> name;
                    };
                });
        signal.getMethod("handle", signal, handler)
                .invoke(null, signal.getConstructor(String.class).newInstance(name), listener);
    }
}
