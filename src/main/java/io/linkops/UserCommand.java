package io.linkops;

import io.vertx.core.json.JsonObject;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Users from the machine itself: for whoever is locked out, with or without a running LinkOps. */
@Command(
        name = "user",
        description = "Make and change users on this machine, whether LinkOps runs or not.",
        synopsisSubcommandLabel = "WHAT",
        footer = "%nRun it as the user LinkOps runs as (or as root while it runs).")
final class UserCommand implements Runnable {
    private static final List<String> COLUMNS = List.of("username", "role", "is_disabled", "last_login_at", "scope");

    enum RoleName {
        VIEWER,
        OPERATOR,
        ADMIN
    }

    private final Surroundings surroundings;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    UserCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Command(name = "list", description = "Show all users.")
    int list(@Mixin AdminOptions options) throws Exception {
        options.printer().table(options.order(surroundings, act("user.list")), COLUMNS);
        return 0;
    }

    @Command(name = "add", description = "Make a user; the password is asked for.")
    int add(
            @Mixin AdminOptions options,
            @Mixin AdminOptions.ScopeOptions scope,
            @Parameters(paramLabel = "NAME", description = "The user.") String name,
            @Option(names = "--role", paramLabel = "ROLE", required = true, description = "viewer, operator or admin.")
                    RoleName role,
            @Option(names = "--password-stdin", description = "Read the password from standard input.")
                    boolean isFromStdin)
            throws Exception {
        var order = act("user.add", name).put("role", role.name()).put("scope", scope.json());
        order.put("password", NewPassword.read(isFromStdin));
        return say(options, order, "Made user " + name);
    }

    @Command(name = "passwd", description = "Set a user's password; it ends every session of theirs, and a lock.")
    int passwd(
            @Mixin AdminOptions options,
            @Parameters(paramLabel = "NAME", description = "The user.") String name,
            @Option(names = "--password-stdin", description = "Read the password from standard input.")
                    boolean isFromStdin)
            throws Exception {
        var order = act("user.change", name).put("password", NewPassword.read(isFromStdin));
        return say(options, order, "Changed the password of " + name + "; every session of theirs has ended");
    }

    @Command(name = "enable", description = "Let a disabled user in again.")
    int enable(@Mixin AdminOptions options, @Parameters(paramLabel = "NAME", description = "The user.") String name)
            throws Exception {
        return say(options, act("user.change", name).put("is_disabled", false), "Enabled " + name);
    }

    @Command(name = "disable", description = "Keep a user out; it ends every session and API token of theirs.")
    int disable(@Mixin AdminOptions options, @Parameters(paramLabel = "NAME", description = "The user.") String name)
            throws Exception {
        return say(options, act("user.change", name).put("is_disabled", true), "Disabled " + name);
    }

    @Command(name = "unlock", description = "End the lock that failed log-ins have led to.")
    int unlock(@Mixin AdminOptions options, @Parameters(paramLabel = "NAME", description = "The user.") String name)
            throws Exception {
        return say(options, act("user.unlock", name), "Unlocked " + name);
    }

    @Command(name = "role", description = "Give a user another role; it ends every session of theirs.")
    int role(
            @Mixin AdminOptions options,
            @Parameters(paramLabel = "NAME", description = "The user.") String name,
            @Parameters(paramLabel = "ROLE", description = "viewer, operator or admin.") RoleName role)
            throws Exception {
        return say(options, act("user.change", name).put("role", role.name()), "Changed the role of " + name);
    }

    @Command(name = "scope", description = "Narrow what a user may do; it ends every session of theirs.")
    int scope(
            @Mixin AdminOptions options,
            @Mixin AdminOptions.ScopeOptions scope,
            @Parameters(paramLabel = "NAME", description = "The user.") String name,
            @Option(names = "--none", description = "Take the scope away.") boolean isNone)
            throws Exception {
        if (!isNone) {
            scope.requireSome();
        } else if (!scope.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "--none takes the scope away: leave out the others.");
        }
        return say(options, act("user.change", name).put("scope", scope.json()), "Changed the scope of " + name);
    }

    private int say(AdminOptions options, JsonObject order, String sentence) throws Exception {
        options.printer().say(options.order(surroundings, order), sentence);
        return 0;
    }

    private static JsonObject act(String act) {
        return new JsonObject().put("act", act);
    }

    private static JsonObject act(String act, String username) {
        return act(act).put("username", username);
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "Do what? list, add, passwd, enable, disable, unlock, role or scope.");
    }
}
