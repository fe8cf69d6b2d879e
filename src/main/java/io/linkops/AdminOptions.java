package io.linkops;

import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What all commands about users and tokens take. */
final class AdminOptions {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "Configuration file, YAML or INI (default: /etc/linkops/config.yaml).")
    private @Nullable Path config;

    @Option(names = "--json", description = "Print JSON.")
    private boolean isJson;

    JsonObject order(Surroundings surroundings, JsonObject order) throws Exception {
        var settings = surroundings.load(config).settings();
        var err = spec.commandLine().getErr();
        return new LocalAdmin(settings, made -> {
                    err.println("There was no user yet. The first one is admin with the password " + made.reveal()
                            + " (shown this once)");
                    err.flush();
                })
                .order(order);
    }

    AdminPrinter printer() {
        return new AdminPrinter(spec.commandLine().getOut(), isJson);
    }

    /** What a scope is made of. */
    static final class ScopeOptions {
        @Option(
                names = "--target",
                paramLabel = "SELECTOR",
                description = "Links in the scope: an id, a glob, tag:NAME, type:NAME, !... to exclude; repeatable.")
        private List<String> targets = new ArrayList<>();

        @Option(
                names = "--script",
                paramLabel = "NAME",
                description = "Scripts in the scope: a name, a glob, !... to exclude; repeatable.")
        private List<String> scripts = new ArrayList<>();

        boolean isEmpty() {
            return targets.isEmpty() && scripts.isEmpty();
        }

        JsonObject json() {
            return new JsonObject().put("targets", new JsonArray(targets)).put("scripts", new JsonArray(scripts));
        }

        void requireSome() {
            if (isEmpty()) {
                throw new Failure(
                        ErrorCode.VALIDATION_FAILED,
                        "Say what the scope is with --target and --script, or take it away with --none");
            }
        }
    }
}
