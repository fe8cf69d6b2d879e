package io.linkops.api;

import io.linkops.bus.Bus;
import io.linkops.journal.Journals;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Hears the journal's bell once for all streams of a verticle instance and wakes the readers of that stream only. */
final class Bells {
    private final Map<String, Set<Runnable>> readers = new HashMap<>();

    Bells(Bus bus) {
        bus.listen(Journals.Appended.class, bell -> ring(bell.stream()));
    }

    void add(String stream, Runnable reader) {
        readers.computeIfAbsent(stream, any -> new HashSet<>()).add(reader);
    }

    void remove(String stream, Runnable reader) {
        readers.computeIfPresent(stream, (any, some) -> some.remove(reader) && some.isEmpty() ? null : some);
    }

    private void ring(String stream) {
        List.copyOf(readers.getOrDefault(stream, Set.of())).forEach(Runnable::run);
    }

    boolean isEmpty() {
        return readers.isEmpty();
    }
}
