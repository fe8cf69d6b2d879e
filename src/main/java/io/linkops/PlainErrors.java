package io.linkops;

import io.linkops.bus.Failure;
import io.linkops.config.ConfigException;
import io.linkops.vault.Masking;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** Turns what a command throws into one clear message on standard error and an exit code. */
final class PlainErrors implements IExecutionExceptionHandler, IParameterExceptionHandler {
    private static final Logger LOG = LoggerFactory.getLogger(Main.class);
    private static final int FAILED = 1;
    private static final int MISUSED = 2;

    private final Masking masking;

    PlainErrors(Masking masking) {
        this.masking = masking;
    }

    @Override
    public int handleExecutionException(Exception failure, CommandLine command, ParseResult parsed) {
        var err = command.getErr();
        if (failure instanceof ConfigException || failure instanceof Failure) {
            err.println(masking.mask("linkops: " + failure.getMessage()));
        } else {
            LOG.error("The command {} failed", command.getCommandName(), failure);
            err.println(masking.mask("linkops: " + command.getCommandName() + " failed: " + failure));
        }
        err.flush();
        return FAILED;
    }

    @Override
    public int handleParseException(ParameterException misuse, String[] arguments) {
        var command = misuse.getCommandLine();
        var err = command.getErr();
        err.println(masking.mask("linkops: " + misuse.getMessage()));
        err.println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
        err.flush();
        return MISUSED;
    }
}
