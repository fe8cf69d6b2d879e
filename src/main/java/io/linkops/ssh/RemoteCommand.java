package io.linkops.ssh;

import java.util.List;

/** A command line for a link: a program and its arguments, quoted in this one place for any POSIX shell. */
public record RemoteCommand(String program, List<String> arguments) {
    public RemoteCommand {
        arguments = List.copyOf(arguments);
    }
}
