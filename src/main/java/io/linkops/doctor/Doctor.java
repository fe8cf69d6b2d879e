package io.linkops.doctor;

import io.linkops.config.Settings;
import java.util.List;
import java.util.function.Consumer;

/**
 * All checks, in the order in which things stand on each other. Works beside a running server and without one; changes
 * nothing here and nothing on a link.
 */
public final class Doctor {
    private final Settings settings;
    private final GitProbe git;
    private final Circumstances circumstances;

    public Doctor(Settings settings, GitProbe git, Circumstances circumstances) {
        this.settings = settings;
        this.git = git;
        this.circumstances = circumstances;
    }

    /** Hears each finding as it comes, and how far the links are. */
    public interface Listener extends Consumer<Finding> {
        default void progress(int done, int all) {}
    }

    /** Blocking; not on a Vert.x thread. */
    public void examine(Listener listener) throws Exception {
        new DirectoryChecks(settings).run(listener);
        new KeyChecks(settings).run(listener);
        boolean isReadable = new DatabaseChecks(settings.database()).run(listener);
        new GitChecks(settings.git(), git).run(listener);
        new PostureChecks(settings, circumstances).run(listener);
        if (isReadable) {
            links(listener);
        }
    }

    private void links(Listener listener) throws Exception {
        var ways = List.<StoredLinks.Way>of();
        try {
            ways = StoredLinks.read(settings.database());
        } catch (RuntimeException e) {
            listener.accept(Finding.of("link", "inventory", "stored links", () -> {
                throw e;
            }));
        }
        var all = ways;
        if (settings.ssh().knownHostsPath() == null && !all.isEmpty()) {
            listener.accept(PostureChecks.hostKeys(all.stream()
                    .filter(way -> !way.isPinned())
                    .map(StoredLinks.Way::link)
                    .toList()));
        }
        new LinkChecks(settings.ssh()).run(all, listener, done -> listener.progress(done, all.size()));
    }
}
