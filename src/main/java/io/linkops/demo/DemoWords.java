package io.linkops.demo;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** What the demo's shell answers to a line. It knows a few words and touches nothing. Pure. */
final class DemoWords {
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern(
                    "EEE MMM d HH:mm:ss 'UTC' yyyy", Locale.ROOT)
            .withZone(ZoneOffset.UTC);
    private static final int MOST_NUMBERS = 10_000;
    private static final String HELP = """
        This is the demo: a shell that only plays one, in LinkOps itself. It knows
          help, hostname, whoami, pwd, date, uptime, uname, ls, echo WORDS, seq N,
          colors, clear, history, exit [CODE]
        On links of your own, this is the real log-in shell.
        """;

    private final String link;
    private final Instant since;

    DemoWords(String link, Instant since) {
        this.link = link;
        this.since = since;
    }

    /**
     * What comes of a line.
     *
     * @param text to print, with \n at each end of a line
     * @param exit the exit code if the shell is over
     */
    record Said(String text, @Nullable Integer exit) {
        private Said(String text) {
            this(text, null);
        }
    }

    Said answer(String line, Instant now) {
        var words = line.strip().split("\\s+", 2);
        var rest = words.length > 1 ? words[1] : "";
        return switch (words[0]) {
            case "" -> new Said("");
            case "help" -> new Said(HELP);
            case "hostname" -> new Said(link + "\n");
            case "whoami" -> new Said("demo\n");
            case "pwd" -> new Said("/home/demo\n");
            case "date" -> new Said(DATE.format(now) + "\n");
            case "uptime" -> new Said("up " + Duration.between(since, now).toMinutes() + " min, 1 user\n");
            case "uname" -> new Said("Demo " + link + "\n");
            case "ls" -> new Said("backups  client_id  \u001b[34mlogs\u001b[0m  notes.txt\n");
            case "echo" -> new Said(rest + "\n");
            case "seq" -> new Said(numbers(rest));
            case "colors" -> new Said(colors());
            case "clear" -> new Said("\u001b[H\u001b[2J\u001b[3J");
            case "exit", "logout" -> new Said("logout\n", rest.matches("\\d{1,2}") ? Integer.parseInt(rest) : 0);
            default -> new Said(words[0] + ": the demo's shell does not know this; try help\n");
        };
    }

    private static String numbers(String last) {
        if (!last.matches("\\d{1,5}") || Integer.parseInt(last) > MOST_NUMBERS) {
            return "seq: give a number up to " + MOST_NUMBERS + "\n";
        }
        return IntStream.rangeClosed(1, Integer.parseInt(last))
                .mapToObj(number -> number + "\n")
                .collect(Collectors.joining());
    }

    private static String colors() {
        return IntStream.range(0, 8)
                        .mapToObj(i -> "\u001b[3" + i + "mcolor " + i + "\u001b[0m \u001b[9" + i + "mbright " + i
                                + "\u001b[0m")
                        .collect(Collectors.joining("\n"))
                + "\n";
    }
}
