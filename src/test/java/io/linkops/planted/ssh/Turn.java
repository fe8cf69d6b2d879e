package io.linkops.planted.ssh;

import io.linkops.planted.gitsync.Round;

/** Half of a circle, and what prints. */
public class Turn {
    private Round round;

    public Round round() {
        System.out.println("planted");
        return round;
    }
}
