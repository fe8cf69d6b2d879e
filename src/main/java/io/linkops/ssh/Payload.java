package io.linkops.ssh;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A script and what it is run with; built only if all of it can travel.
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
    private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,199}");
    private static final Set<String> READ_ONLY =
            Set.of("BASHOPTS", "BASH_VERSINFO", "EUID", "LINKOPS_EXECUTION", "PPID", "SHELLOPTS", "UID");

    public Payload {
        environment = Map.copyOf(environment);
        bashOptions = List.copyOf(bashOptions);
        arguments = List.copyOf(arguments);
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("the script's name '" + name + "' must be like " + NAME.pattern());
        }
        environment.forEach(Payload::requireVariable);
        for (String option : bashOptions) {
            RemoteCommand.requireNoNul("a bash option", option);
        }
        for (int i = 0; i < arguments.size(); i++) {
            RemoteCommand.requireNoNul("argument " + (i + 1) + " of " + name, arguments.get(i));
        }
        for (int i = 0; i < script.length; i++) {
            if (script[i] == 0) {
                throw new IllegalArgumentException("the script " + name + " has a NUL byte at position " + i
                        + "; bash cannot run it: is it a text file?");
            }
        }
    }

    private static void requireVariable(String variable, String value) {
        if (!VARIABLE.matcher(variable).matches() || READ_ONLY.contains(variable)) {
            throw new IllegalArgumentException("'" + variable + "' cannot be set as an environment variable");
        }
        RemoteCommand.requireNoNul("the environment variable " + variable, value);
    }
}
