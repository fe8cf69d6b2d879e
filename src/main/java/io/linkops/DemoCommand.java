package io.linkops;

import io.linkops.vault.Masking;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Starts the real product against a fleet that it brings along. */
@Command(
        name = "demo",
        description = "Start LinkOps on a fleet of embedded SSH servers: nothing to install or configure.")
final class DemoCommand implements Callable<Integer> {
    private static final int MOST_LINKS = 1000;

    /** The demo itself. */
    @FunctionalInterface
    interface Launch {
        /**
         * Runs until it is told to stop. The demo sets up its own logging, from its own settings.
         *
         * @param data where its files are kept; null for a temporary directory that is gone afterwards
         * @return the exit code
         */
        int run(int port, int links, @Nullable Path data, Masking masking) throws Exception;
    }

    private final Surroundings surroundings;
    private final Launch launch;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "8080",
            description = "TCP port on 127.0.0.1; 0 takes a free one (default: ${DEFAULT-VALUE}).")
    private int port;

    @Option(
            names = "--links",
            paramLabel = "N",
            defaultValue = "40",
            description = "Links in the fleet, 1 to " + MOST_LINKS + "; the example's ten are always there"
                    + " (default: ${DEFAULT-VALUE}).")
    private int links;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Keep the demo's files there (default: a temporary directory).")
    private @Nullable Path data;

    DemoCommand(Surroundings surroundings, Launch launch) {
        this.surroundings = surroundings;
        this.launch = launch;
    }

    @Override
    public Integer call() throws Exception {
        if (port < 0 || port > 65535) {
            throw new ParameterException(spec.commandLine(), "--port is " + port + ", expected 0 to 65535.");
        }
        if (links < 1 || links > MOST_LINKS) {
            throw new ParameterException(
                    spec.commandLine(), "--links is " + links + ", expected 1 to " + MOST_LINKS + ".");
        }
        return launch.run(port, links, data, surroundings.masking());
    }
}
