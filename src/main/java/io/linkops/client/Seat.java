package io.linkops.client;

import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Where the person sits who gives the commands.
 *
 * @param isTerminal whether standard input and output are a terminal
 * @param answers a line the person types; null at the end of input
 */
public record Seat(Map<String, String> environment, boolean isTerminal, Supplier<@Nullable String> answers) {
    public Seat {
        environment = Map.copyOf(environment);
    }

    /** Of this process. */
    public static Seat ofProcess(Map<String, String> environment) {
        return new Seat(
                environment,
                Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false),
                Seat::line);
    }

    private static @Nullable String line() {
        try {
            return new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset())).readLine();
        } catch (IOException e) {
            return null;
        }
    }

    /** Whether the bottom line may be drawn anew. */
    boolean mayRedraw() {
        return isTerminal && !"dumb".equals(environment.get("TERM"));
    }

    /** Colours on a terminal, unless NO_COLOR says otherwise (no-color.org). */
    boolean hasColours() {
        return mayRedraw() && environment.getOrDefault("NO_COLOR", "").isEmpty();
    }

    int width() {
        var columns = environment.getOrDefault("COLUMNS", "");
        return columns.matches("[1-9][0-9]{1,3}") ? Integer.parseInt(columns) : 80;
    }
}
