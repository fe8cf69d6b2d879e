package io.linkops;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Prints the manual page; needs no server. */
@Command(name = "man", description = "Print the manual page, for man(1).", footer = "%nRead it: linkops man | man -l -")
final class ManCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        var out = spec.commandLine().getOut();
        out.print(new ManualPage(spec.root()).roff());
        out.flush();
        return 0;
    }
}
