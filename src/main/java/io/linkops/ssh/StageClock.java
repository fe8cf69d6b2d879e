package io.linkops.ssh;

import io.linkops.ssh.RouteCheck.Act;
import io.linkops.ssh.RouteCheck.Stage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Takes the time of the acts of connecting; the key exchange reports from another thread. */
final class StageClock {
    private final List<Stage> stages = new ArrayList<>();
    private String hop = "";
    private @Nullable Act act;
    private long since;
    private int stagesBeforeHop;

    synchronized void begin(String name) {
        hop = name;
        stagesBeforeHop = stages.size();
        act = null;
    }

    /** The hop is tried once more: what was taken of it so far does not count. */
    synchronized void beginAgain() {
        stages.subList(stagesBeforeHop, stages.size()).clear();
        act = null;
    }

    synchronized void begin(Act next) {
        end(null);
        act = next;
        since = System.nanoTime();
    }

    synchronized void end(@Nullable SshException failure) {
        var current = act;
        if (current == Act.HOST_KEY && failure != null && Act.of(failure) != Act.HOST_KEY) {
            // the key was taken, but it is only a step of the key exchange, which went on after it
            stages.add(new Stage(hop, Act.HOST_KEY, Duration.ofNanos(System.nanoTime() - since), null));
            stages.add(new Stage(hop, Act.KEY_EXCHANGE, Duration.ZERO, failure));
        } else if (current != null) {
            stages.add(new Stage(hop, current, Duration.ofNanos(System.nanoTime() - since), failure));
        }
        act = null;
    }

    /** A failure that was not taken with an act of its own. */
    synchronized void endWith(SshException failure) {
        if (stages.isEmpty() || stages.getLast().failure() == null) {
            stages.add(new Stage(failure.hop(), Act.of(failure), Duration.ZERO, failure));
        }
    }

    synchronized RouteCheck check() {
        return new RouteCheck(stages);
    }
}
