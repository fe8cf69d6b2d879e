package io.linkops.planted.gitsync;

import io.linkops.planted.ssh.Turn;

/** The other half of the circle, public though no contract. */
public class Round {
    private Turn turn;

    public Turn turn() {
        return turn;
    }
}
