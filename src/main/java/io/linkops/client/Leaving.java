package io.linkops.client;

/**
 * What is said when the person leaves with Ctrl-C while an operation is watched: it goes on. Leaving never stops
 * anything, however often: half a fleet in the middle of an upgrade is no place for a slip of the hand (decision 23).
 */
final class Leaving implements AutoCloseable {
    private final Thread hook;

    Leaving(String id, Screen screen) {
        this.hook = Thread.ofPlatform()
                .name("linkops-leave")
                .unstarted(() -> screen.note("""
                    The operation goes on at the server. Watch it again: linkops logs -f %s
                    Stop it: linkops stop %s\
                    """.formatted(id, id).replace("\n", " · ")));
        Runtime.getRuntime().addShutdownHook(hook);
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // It is said already: the process ends.
        }
    }
}
