package io.linkops;

import io.linkops.UserCommand.RoleName;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** API tokens from the machine itself, with or without a running LinkOps. */
@Command(
        name = "token",
        description = "Make and revoke API tokens on this machine, whether LinkOps runs or not.",
        synopsisSubcommandLabel = "WHAT",
        footer = "%nRun it as the user LinkOps runs as (or as root while it runs).")
final class TokenCommand implements Runnable {
    private static final List<String> COLUMNS =
            List.of("id", "username", "name", "role", "expires_at", "last_used_at", "scope");

    private final Surroundings surroundings;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    TokenCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Command(name = "list", description = "Show API tokens, without their secrets.")
    int list(
            @Mixin AdminOptions options,
            @Option(names = "--user", paramLabel = "NAME", description = "Of this user alone.") @Nullable String user)
            throws Exception {
        options.printer().table(options.order(surroundings, act("token.list").put("username", user)), COLUMNS);
        return 0;
    }

    @Command(name = "create", description = "Make an API token and print it, this once.")
    int create(
            @Mixin AdminOptions options,
            @Mixin AdminOptions.ScopeOptions scope,
            @Parameters(paramLabel = "USER", description = "Whose it is.") String user,
            @Parameters(paramLabel = "NAME", description = "What it is called.") String name,
            @Option(
                            names = "--role",
                            paramLabel = "ROLE",
                            required = true,
                            description = "viewer, operator or admin; at most the user's.")
                    RoleName role,
            @Option(names = "--days", paramLabel = "N", description = "How long it lasts (default: without an end).")
                    @Nullable
                    Integer days)
            throws Exception {
        var order = act("token.create")
                .put("username", user)
                .put("name", name)
                .put("role", role.name())
                .put("scope", scope.json());
        if (days != null) {
            order.put("expires_at", Instant.now().plus(days, ChronoUnit.DAYS));
        }
        var made = options.order(surroundings, order);
        options.printer().say(made, made.getString("secret"));
        return 0;
    }

    @Command(name = "revoke", description = "Revoke an API token.")
    int revoke(
            @Mixin AdminOptions options,
            @Parameters(paramLabel = "ID", description = "Its id, as 'token list' shows it.") String id)
            throws Exception {
        options.printer().say(options.order(surroundings, act("token.revoke").put("id", id)), "Revoked " + id);
        return 0;
    }

    private static JsonObject act(String act) {
        return new JsonObject().put("act", act);
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Do what? list, create or revoke.");
    }
}
