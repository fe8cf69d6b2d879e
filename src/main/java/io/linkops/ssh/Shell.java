package io.linkops.ssh;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import net.schmizz.sshj.transport.TransportException;
import org.jspecify.annotations.Nullable;

/**
 * A log-in shell in a terminal on a link. One thread reads, one writes, any thread resizes or closes.
 *
 * <p>Whoever does not read stops the program over there: at most the receive window is on its way.
 */
public final class Shell implements AutoCloseable {
    private static final Duration GOODBYE = Duration.ofSeconds(3);

    private final SshConnection connection;
    private final ExecChannel channel;
    private final InputStream output;
    private final OutputStream input;

    Shell(SshConnection connection, ExecChannel channel) {
        this.connection = connection;
        this.channel = channel;
        this.output = channel.getInputStream();
        this.input = channel.getOutputStream();
    }

    /**
     * Blocks until there is output. @return how many bytes; -1 when the shell, the channel or the connection is over
     */
    public int read(byte[] buffer) {
        try {
            return output.read(buffer);
        } catch (IOException e) {
            return -1; // exit() tells the shell's own end from others
        }
    }

    /**
     * Blocks until all of it is sent, for as long as the program over there does not read.
     *
     * @return false if the shell was over before
     */
    public boolean write(byte[] bytes) throws InterruptedException {
        try {
            for (int sent = 0; sent < bytes.length; ) {
                // sshj would wait by itself, but only for a while, and then give up the stream
                int length = (int) Math.min(bytes.length - sent, channel.awaitRoom());
                if (length == 0) {
                    return false;
                }
                input.write(bytes, sent, length);
                input.flush();
                sent += length;
            }
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Tells the program over there of another size; nothing happens when it is over. */
    public void resize(PtySize size) {
        try {
            channel.changeWindowDimensions(size.cols(), size.rows(), 0, 0);
        } catch (TransportException e) {
            return; // the reader hears of the end
        }
    }

    /** How the shell ended, waited for a little; null if that was not heard: cut, or closed from this side. */
    public @Nullable Exit exit(Duration patience) throws InterruptedException {
        try {
            CompletableFuture.anyOf(channel.exit(), channel.ended()).get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            return null;
        }
        return channel.exit().getNow(null);
    }

    /**
     * Ends the terminal: the shell and what runs in it get a hang-up from the server. Does not wait.
     *
     * <p>OpenSSH keeps a terminal as long as a program in it has not read what was typed, and that can be for ever; it
     * hangs up at the end of the connection, which therefore is used no more and ends with its last user.
     */
    @Override
    public void close() {
        channel.abandon();
        channel.gone().orTimeout(GOODBYE.toMillis(), TimeUnit.MILLISECONDS).exceptionally(late -> {
            Thread.ofVirtual().name("ssh-distrust").start(connection::distrust);
            return false;
        });
    }
}
