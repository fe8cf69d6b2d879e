package io.linkops;

import io.linkops.client.ClientCommands;
import io.linkops.client.Seat;
import io.linkops.config.Settings;
import io.linkops.doctor.GitProbe;
import io.linkops.gitsync.RepositoryProbe;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line. Exit codes: 0 done, 1 failed, 2 called wrongly. */
@Command(
        name = "linkops",
        description = "A self-hosted control plane for a fleet of Linux machines over SSH.",
        synopsisSubcommandLabel = "COMMAND",
        footer = "%nExit codes: 0 done, 1 failed, 2 called wrongly. 'linkops COMMAND --help' tells more.")
public final class Main implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    private Main() {}

    public static void main(String[] arguments) {
        System.exit(commandLine(Surroundings.ofProcess(), Serving::serve, Demonstration::run)
                .execute(arguments));
    }

    static CommandLine commandLine(Surroundings surroundings, ServeCommand.Launch serve, DemoCommand.Launch demo) {
        return commandLine(
                surroundings,
                serve,
                demo,
                Seat.ofProcess(surroundings.defaults().environment()));
    }

    static CommandLine commandLine(
            Surroundings surroundings, ServeCommand.Launch serve, DemoCommand.Launch demo, Seat seat) {
        var errors = new PlainErrors(surroundings.masking());
        var linkops = new CommandLine(new Main())
                .addSubcommand(new ServeCommand(surroundings, serve))
                .addSubcommand(new DemoCommand(surroundings, demo))
                .addSubcommand(new DoctorCommand(surroundings, Main::repository))
                .addSubcommand(new BackupCommand(surroundings))
                .addSubcommand(new RestoreCommand(surroundings))
                .addSubcommand(new UserCommand(surroundings))
                .addSubcommand(new TokenCommand(surroundings))
                .addSubcommand(new AuditCommand(surroundings))
                .addSubcommand(new ImportCommand())
                .addSubcommand(new SecretsCommand(surroundings))
                .addSubcommand(new VersionCommand())
                .addSubcommand(new CompletionCommand())
                .addSubcommand(new ManCommand());
        ClientCommands.addTo(linkops, seat);
        linkops.setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler(errors)
                .setParameterExceptionHandler(errors);
        addHelp(linkops);
        return linkops;
    }

    private static GitProbe repository(Settings settings) {
        return () -> RepositoryProbe.tip(settings.git(), settings.ssh().knownHostsPath());
    }

    private static void addHelp(CommandLine command) {
        command.getCommandSpec().addMixin("help", CommandSpec.forAnnotatedObject(new Help()));
        command.getSubcommands().values().forEach(Main::addHelp);
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Which command? See 'linkops --help' for all of them.");
    }
}
