package io.linkops.ssh;

/** A borrowed connection: host key proven, logged in, shared with other borrowers; closing gives it back. */
public final class SshConnection implements AutoCloseable {
    private final Route route;

    SshConnection(Route route) {
        this.route = route;
    }

    public Route route() {
        return route;
    }

    /** Gives the connection back; channels that were opened on it must be closed before. */
    @Override
    public void close() {}
}
