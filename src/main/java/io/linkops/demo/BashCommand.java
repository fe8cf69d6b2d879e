package io.linkops.demo;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import org.apache.sshd.server.Environment;
import org.apache.sshd.server.ExitCallback;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.command.Command;
import org.jspecify.annotations.Nullable;

/** One exec request of an embedded SSH server: a real bash, its streams carried both ways as they come. */
final class BashCommand implements Command {
    private static final int BUFFER = 32 * 1024;

    private final List<String> command;
    private final Map<String, String> environment;
    private @Nullable InputStream in;
    private @Nullable OutputStream out;
    private @Nullable OutputStream err;
    private @Nullable ExitCallback exit;
    private volatile @Nullable Process process;

    BashCommand(List<String> command, Map<String, String> environment) {
        this.command = List.copyOf(command);
        this.environment = Map.copyOf(environment);
    }

    @Override
    public void setInputStream(InputStream in) {
        this.in = in;
    }

    @Override
    public void setOutputStream(OutputStream out) {
        this.out = out;
    }

    @Override
    public void setErrorStream(OutputStream err) {
        this.err = err;
    }

    @Override
    public void setExitCallback(ExitCallback exit) {
        this.exit = exit;
    }

    @Override
    public void start(ChannelSession channel, Environment env) throws IOException {
        var builder = new ProcessBuilder(command);
        builder.environment().putAll(environment);
        // Not where LinkOps stands: another user may not be let in there.
        builder.directory(new java.io.File("/"));
        var started = builder.start();
        process = started;
        var input = in;
        var output = out;
        var errors = err;
        var ended = exit;
        if (input == null || output == null || errors == null || ended == null) {
            throw new IOException("the channel has no streams");
        }
        Thread.ofVirtual().start(() -> copy(input, started.getOutputStream(), true));
        var stderr = Thread.ofVirtual().start(() -> copy(started.getErrorStream(), errors, false));
        Thread.ofVirtual().start(() -> {
            copy(started.getInputStream(), output, false);
            ended.onExit(await(started, stderr));
        });
    }

    private static int await(Process process, Thread stderr) {
        try {
            stderr.join();
            return process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 255;
        }
    }

    /** A stream that breaks is a side that has gone: the other side hears of it by its own end. */
    private static void copy(InputStream from, OutputStream to, boolean closes) {
        var buffer = new byte[BUFFER];
        try {
            for (int read = from.read(buffer); read >= 0; read = from.read(buffer)) {
                to.write(buffer, 0, read);
                to.flush();
            }
        } catch (IOException e) {
            // nothing to do: see above
        } finally {
            if (closes) {
                close(to);
            }
        }
    }

    private static void close(OutputStream to) {
        try {
            to.close();
        } catch (IOException e) {
            // the process has gone
        }
    }

    /** As with a real sshd, a channel that closes does not end what runs behind it. */
    @Override
    public void destroy(ChannelSession channel) {
        var running = process;
        if (running != null) {
            close(running.getOutputStream());
        }
    }
}
