package io.linkops.ssh;

import java.util.List;

/**
 * A command line for a link: a program and its arguments, quoted in this one place for any POSIX shell.
 *
 * <p>A word with a NUL is refused (IllegalArgumentException): no command line can carry one.
 */
public record RemoteCommand(String program, List<String> arguments) {
    public RemoteCommand {
        arguments = List.copyOf(arguments);
        if (program.isEmpty()) {
            throw new IllegalArgumentException("a remote command needs a program");
        }
        requireNoNul("the program", program);
        for (int i = 0; i < arguments.size(); i++) {
            requireNoNul("argument " + (i + 1), arguments.get(i));
        }
    }

    public static RemoteCommand of(String program, String... arguments) {
        return new RemoteCommand(program, List.of(arguments));
    }

    /** The line to send: every word that is not plainly harmless stands in single quotes. */
    public String line() {
        var line = new StringBuilder(quoted(program));
        for (String argument : arguments) {
            line.append(' ').append(quoted(argument));
        }
        return line.toString();
    }

    @Override
    public String toString() {
        return line();
    }

    private static String quoted(String word) {
        return isPlain(word) ? word : "'" + word.replace("'", "'\\''") + "'";
    }

    private static boolean isPlain(String word) {
        return !word.isEmpty() && word.chars().allMatch(RemoteCommand::isPlain);
    }

    private static boolean isPlain(int character) {
        return (character >= 'a' && character <= 'z')
                || (character >= 'A' && character <= 'Z')
                || (character >= '0' && character <= '9')
                || "/._-".indexOf(character) >= 0;
    }

    static void requireNoNul(String what, String text) {
        int index = text.indexOf('\0');
        if (index >= 0) {
            throw new IllegalArgumentException(what + " has a NUL character at position " + index
                    + "; no Unix program can be given one: remove it");
        }
    }
}
