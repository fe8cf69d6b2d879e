package io.linkops.ssh;

/**
 * All connections to links: kept, shared by executions, proven before use, bounded in number.
 *
 * <p>Safe for any number of threads; every call blocks its caller.
 */
public final class SshConnections implements AutoCloseable {
    public SshConnections(SshSettings settings) {}

    /**
     * A connection to the route's destination, kept or new; closing it gives it back.
     *
     * <p>Only connecting is retried, and only after faults that can pass: never after a refused host key, key file or
     * log-in.
     *
     * @throws SshException naming the hop and the stage that failed
     */
    public SshConnection borrow(Route route) throws SshException {
        return new SshConnection(route);
    }

    /** Connects anew, without retries, and tells each stage with its time: for {@code doctor}. */
    public RouteCheck check(Route route) {
        return new RouteCheck(java.util.List.of());
    }

    /** How many connections are open now, jump hosts' included. */
    public int openConnections() {
        return 0;
    }

    /** Closes every connection, also those in use. */
    @Override
    public void close() {}
}
