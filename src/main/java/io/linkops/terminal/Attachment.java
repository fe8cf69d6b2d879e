package io.linkops.terminal;

import io.linkops.terminal.Terminals.Actor;

/** Somebody who reads a workspace, and types if they have the right. */
record Attachment(String id, Actor actor, ActiveWorkspace workspace, boolean confirms) {

    boolean mayType() {
        return workspace.mayType(actor);
    }
}
