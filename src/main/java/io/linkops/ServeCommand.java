package io.linkops;

import io.linkops.config.Loaded;
import io.linkops.config.Settings;
import io.linkops.config.Version;
import io.linkops.logging.Logs;
import io.linkops.vault.Masking;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Starts the server with the configuration of this machine. */
@Command(name = "serve", description = "Start LinkOps.")
final class ServeCommand implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(ServeCommand.class);

    /** The server itself. */
    @FunctionalInterface
    interface Launch {
        /**
         * Runs until it is told to stop; logging is set up already.
         *
         * @param masking knows the configured secrets; whoever makes another one registers it
         * @return the exit code
         */
        int run(Settings settings, Masking masking, ServerRole role) throws Exception;
    }

    private final Surroundings surroundings;
    private final Launch launch;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "Configuration file, YAML or INI (default: /etc/linkops/config.yaml).")
    private @Nullable Path config;

    @Option(
            names = "--role",
            paramLabel = "ROLE",
            defaultValue = "all",
            description = "Which part to be: all, control or runner (default: all).")
    private ServerRole role = ServerRole.ALL;

    ServeCommand(Surroundings surroundings, Launch launch) {
        this.surroundings = surroundings;
        this.launch = launch;
    }

    @Override
    public Integer call() throws Exception {
        var loaded = surroundings.load(config);
        Logs.configure(loaded.settings().logging(), surroundings.masking());
        tell(loaded);
        return launch.run(loaded.settings(), surroundings.masking(), role);
    }

    private static void tell(Loaded loaded) {
        LOG.info(
                "{}, configured by {}",
                Version.current().line(),
                loaded.sources().isEmpty() ? "defaults" : String.join(", ", loaded.sources()));
        loaded.warnings().forEach(LOG::warn);
    }
}
