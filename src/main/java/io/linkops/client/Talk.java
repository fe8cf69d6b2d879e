package io.linkops.client;

/**
 * One command's talk with its server.
 *
 * @param isJson whether a machine reads what is printed
 */
record Talk(LinkOpsServer server, Screen screen, boolean isJson) {

    /** What a command does. */
    @FunctionalInterface
    interface Act {
        /** @return the exit code */
        int with(Talk talk) throws ServerRefusal, ServerUnreachable, InterruptedException;
    }
}
