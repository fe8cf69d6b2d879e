package io.linkops.api;

import io.linkops.accounts.Accounts.StandingChanged;
import io.linkops.bus.Bus;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The streams and sockets that are open for each user: when what the user may do changes, all of them ask again at
 * once. Should the word get lost, they ask by themselves every now and then ({@link StreamPace#recheck}).
 */
final class OpenDoors {
    private final Map<String, List<Runnable>> byUser = new HashMap<>();

    OpenDoors(Bus bus) {
        bus.listen(
                StandingChanged.class,
                changed -> byUser.getOrDefault(changed.username(), List.of()).forEach(Runnable::run));
    }

    void add(String username, Runnable recheck) {
        byUser.merge(
                username,
                List.of(recheck),
                (some, more) -> Stream.concat(some.stream(), more.stream()).toList());
    }

    void remove(String username, Runnable recheck) {
        byUser.computeIfPresent(username, (any, all) -> {
            var left = all.stream().filter(other -> !other.equals(recheck)).toList();
            return left.isEmpty() ? null : left;
        });
    }
}
