package io.linkops;

import io.linkops.config.Version;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The manual page linkops(1), in roff, made from the commands themselves. */
final class ManualPage {
    private final CommandSpec linkops;
    private final StringBuilder roff = new StringBuilder();

    ManualPage(CommandSpec linkops) {
        this.linkops = linkops;
    }

    String roff() {
        line(".TH LINKOPS 1 \"\" \"LinkOps " + escaped(Version.current().version()) + "\" \"LinkOps\"");
        line(".SH NAME");
        line("linkops \\- a control plane for a fleet of Linux machines over SSH");
        line(".SH SYNOPSIS");
        line(".B linkops");
        line("COMMAND [OPTIONS]");
        line(".SH DESCRIPTION");
        paragraph(linkops.usageMessage().description());
        line(".SH COMMANDS");
        linkops.subcommands().values().forEach(command -> command(command.getCommandSpec()));
        environment();
        exits();
        return roff.toString();
    }

    private void command(CommandSpec command) {
        line(".SS " + escaped(command.qualifiedName()));
        paragraph(command.usageMessage().description());
        command.positionalParameters().forEach(parameter -> item(parameter.paramLabel(), parameter.description()));
        command.options().stream()
                .filter(option -> !option.usageHelp())
                .forEach(option -> item(name(option), option.description()));
        for (var text : command.usageMessage().footer()) {
            paragraph(text);
        }
        command.subcommands().values().forEach(below -> command(below.getCommandSpec()));
    }

    private static String name(OptionSpec option) {
        var names = String.join(", ", option.names());
        return option.arity().max() == 0 ? names : names + " " + option.paramLabel();
    }

    private void item(String name, String... description) {
        line(".TP");
        line("\\fB" + escaped(plain(name)) + "\\fR");
        paragraphText(description);
    }

    private void environment() {
        line(".SH ENVIRONMENT");
        item("LINKOPS_URL", "The server that the commands speak to.");
        item("LINKOPS_TOKEN", "The token for it. It is never an argument, which everybody on the machine could see.");
        item("LINKOPS_CA_FILE", "Certificates in PEM to trust besides Java's own.");
        item("LINKOPS_ALLOW_HTTP", "true lets the token travel in clear text to another machine.");
        item("NO_COLOR", "Any value: no colours.");
    }

    private void exits() {
        line(".SH EXIT STATUS");
        item("0", "Success.");
        item("1", "The operation, or the command, failed; or the server refused what was asked.");
        item("2", "Called wrongly.");
        item("3", "The server cannot be reached or trusted.");
        item("4", "The token is refused or may not do this.");
        item("130", "Left by Ctrl-C; an operation that was watched goes on.");
    }

    private void paragraph(String... text) {
        line(".PP");
        paragraphText(text);
    }

    private void paragraphText(String... text) {
        for (var part : text) {
            plain(part).strip().lines().forEach(one -> line(escaped(one)));
        }
    }

    /** As the usage help shows it: without markup, {@code %n} and the like resolved. */
    private static String plain(String text) {
        return Ansi.OFF.string(text.replace("%n", "\n").replace("%%", "%"));
    }

    private static String escaped(String text) {
        var safe = text.replace("\\", "\\e").replace("-", "\\-");
        return safe.startsWith(".") || safe.startsWith("'") ? "\\&" + safe : safe;
    }

    private void line(String text) {
        roff.append(text).append('\n');
    }
}
