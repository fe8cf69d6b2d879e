package io.linkops;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints what a shell needs to complete commands and options; needs no server. */
@Command(
        name = "completion",
        description = "Print a script that lets a shell complete commands and options.",
        footer = {
            "%nbash: source <(linkops completion bash)",
            "zsh:  source <(linkops completion zsh)",
            "For good: put what it prints into /usr/share/bash-completion/completions/linkops."
        })
final class CompletionCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "SHELL", description = "bash or zsh.")
    private Shell shell = Shell.BASH;

    /** Which shell. */
    enum Shell {
        BASH,
        ZSH
    }

    @Override
    public Integer call() {
        var line = spec.commandLine();
        if (shell == Shell.ZSH) {
            line.getOut().println("autoload -Uz +X compinit && compinit\nautoload -Uz +X bashcompinit && bashcompinit");
        }
        line.getOut().print(AutoComplete.bash("linkops", spec.root().commandLine()));
        line.getOut().flush();
        return 0;
    }
}
