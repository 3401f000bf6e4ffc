package dev.parley.cli;

import dev.parley.cli.term.OutputOptions;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Prints a script that completes commands and options in a shell.
@Command(
        name = "completion",
        description = "Print a completion script for bash or zsh.",
        footer = {
            "",
            "Examples:",
            "  source <(parley completion bash)                  in ~/.bashrc",
            "  autoload -U +X bashcompinit && bashcompinit; source <(parley completion zsh)    in ~/.zshrc"
        })
final class CompletionCommand implements Runnable {
    enum Shell {
        BASH,
        ZSH
    }

    @Mixin
    private final OutputOptions output = new OutputOptions();

    @Parameters(paramLabel = "SHELL", description = "bash or zsh: the script serves both.", defaultValue = "bash")
    private Shell shell = Shell.BASH;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        output.terminal().detail("for " + shell);
        output.terminal().data(AutoComplete.bash("parley", spec.root().commandLine()));
    }
}
