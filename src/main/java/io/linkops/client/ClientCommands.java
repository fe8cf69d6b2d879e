package io.linkops.client;

import picocli.CommandLine;

/** The commands that speak to a server. */
public final class ClientCommands {
    private ClientCommands() {}

    public static void addTo(CommandLine linkops, Seat seat) {
        linkops.addSubcommand(new RunCommand(seat))
                .addSubcommand(new VerifyCommand(seat))
                .addSubcommand(new LinksCommand(seat))
                .addSubcommand(new ScriptsCommand(seat))
                .addSubcommand(new OpsCommand(seat))
                .addSubcommand(new LogsCommand(seat))
                .addSubcommand(new RetryCommand(seat))
                .addSubcommand(new SyncCommand(seat));
        order(linkops, seat, "stop", "End what runs in an operation, skip what waits.");
        order(linkops, seat, "pause", "Start nothing more in an operation until it is resumed.");
        order(linkops, seat, "resume", "Let an operation go on, whatever it paused for.");
    }

    private static void order(CommandLine linkops, Seat seat, String name, String description) {
        var order = new CommandLine(new OrderCommand(seat));
        order.getCommandSpec().name(name).usageMessage().description(description);
        linkops.addSubcommand(name, order);
    }
}
