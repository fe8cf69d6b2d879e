package io.linkops.demo;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.apache.sshd.server.Environment;
import org.apache.sshd.server.ExitCallback;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.command.Command;
import org.jspecify.annotations.Nullable;

/**
 * The shell of a demo link: a line editor in front of {@link DemoWords}, in this process. Nothing that is typed there
 * reaches the machine the demo runs on.
 */
final class DemoShell implements Command {
    private static final int LONGEST_LINE = 4096;
    private static final int MOST_HISTORY = 100;
    private static final int END_OF_INPUT = 4;
    private static final int INTERRUPT = 3;
    private static final int ESCAPE = 27;
    private static final int BACKSPACE = 127;

    private final String link;
    private final DemoWords words;
    private final InstantSource clock;
    private final StringBuilder line = new StringBuilder();
    private final List<String> history = new ArrayList<>();
    private int at;
    private @Nullable InputStream in;
    private @Nullable OutputStream out;
    private @Nullable ExitCallback exit;

    DemoShell(String link, InstantSource clock) {
        this.link = link;
        this.clock = clock;
        this.words = new DemoWords(link, clock.instant());
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
        // a terminal has one stream
    }

    @Override
    public void setExitCallback(ExitCallback exit) {
        this.exit = exit;
    }

    @Override
    public void start(ChannelSession channel, Environment env) throws IOException {
        var input = in;
        var ended = exit;
        if (input == null || out == null || ended == null) {
            throw new IOException("the channel has no streams");
        }
        Thread.ofVirtual().name("demo-shell-" + link).start(() -> ended.onExit(run(input)));
    }

    /** Blocking, until the input or the shell ends. @return the exit code */
    int run(InputStream input) {
        try (Reader reader = new InputStreamReader(input, StandardCharsets.UTF_8)) {
            print("Demo link " + link + ". Type help.\n" + prompt());
            for (int typed = reader.read(); typed >= 0; typed = reader.read()) {
                var code = typed == ESCAPE ? escape(reader) : key(typed);
                if (code != null) {
                    return code;
                }
            }
        } catch (IOException e) {
            // the other side has gone
        }
        return 0;
    }

    /** @return the exit code if the shell is over */
    private @Nullable Integer key(int typed) throws IOException {
        switch (typed) {
            case '\r', '\n' -> {
                return enter();
            }
            case END_OF_INPUT -> {
                if (line.isEmpty()) {
                    print("logout\n");
                    return 0;
                }
            }
            case INTERRUPT -> {
                line.setLength(0);
                print("^C\n" + prompt());
            }
            case BACKSPACE, '\b' -> {
                if (!line.isEmpty()) {
                    line.setLength(line.offsetByCodePoints(line.length(), -1));
                    redraw();
                }
            }
            default -> {
                if (typed >= ' ' && line.length() < LONGEST_LINE) {
                    line.append((char) typed);
                    if (!Character.isHighSurrogate((char) typed)) {
                        print(line.substring(line.offsetByCodePoints(line.length(), -1)));
                    }
                }
            }
        }
        return null;
    }

    private @Nullable Integer enter() throws IOException {
        var typed = line.toString();
        line.setLength(0);
        if (!typed.isBlank() && history.size() < MOST_HISTORY) {
            history.add(typed);
        }
        at = history.size();
        var said = typed.strip().equals("history")
                ? new DemoWords.Said(String.join("\n", history) + "\n", null)
                : words.answer(typed, clock.instant());
        print("\n" + said.text() + (said.exit() == null ? prompt() : ""));
        return said.exit();
    }

    /** Up and down go through the history; what else comes with an escape is left out. */
    private @Nullable Integer escape(Reader reader) throws IOException {
        int kind = reader.read();
        if (kind != '[' && kind != 'O') {
            return null;
        }
        int key = reader.read();
        while (key >= 0 && (Character.isDigit(key) || key == ';')) {
            key = reader.read();
        }
        if (key == 'A' || key == 'B') {
            at = Math.clamp(at + (key == 'A' ? -1 : 1), 0, history.size());
            line.setLength(0);
            line.append(at < history.size() ? history.get(at) : "");
            redraw();
        }
        return null;
    }

    private String prompt() {
        return "\u001b[32mdemo@" + link + "\u001b[0m:~$ ";
    }

    private void redraw() throws IOException {
        print("\r\u001b[K" + prompt() + line);
    }

    private void print(String text) throws IOException {
        var to = out;
        if (to != null) {
            to.write(text.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8));
            to.flush();
        }
    }

    @Override
    public void destroy(ChannelSession channel) {
        // its input ends, and with it the shell
    }
}
