package io.linkops.ssh;

import java.util.List;
import java.util.Map;

/**
 * A script and what it is run with.
 *
 * @param environment variables besides those of the log-in; LINKOPS_EXECUTION is added
 * @param bashOptions options from its shebang, such as {@code -eu}
 * @param name file name for {@code $0}: {@code [A-Za-z0-9._-]}, no leading dash or dot
 * @param arguments arrive exactly; any text without NUL
 * @param script the bytes of the file, without NUL
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Payload(
        Map<String, String> environment, List<String> bashOptions, String name, List<String> arguments, byte[] script) {
    public Payload {
        environment = Map.copyOf(environment);
        bashOptions = List.copyOf(bashOptions);
        arguments = List.copyOf(arguments);
    }
}
