package dev.parley.cli.netbios;

import dev.parley.cli.term.ExitCode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// Groups the commands of NetBIOS.
@Command(
        name = "netbios",
        description = "Find computers by NetBIOS name, talk to them, and fetch and store their files.",
        footer = {
            "",
            "Examples:",
            "  parley netbios lookup SERVER                  who has the name",
            "  parley netbios scan 192.168.1.0/24            who is there",
            "  parley netbios get //SERVER/share/report.pdf  fetch a file",
        },
        subcommands = {
            LookupCommand.class, StatusCommand.class, ScanCommand.class, ServeCommand.class, CallCommand.class, ListenCommand.class,
            ListCommand.class, GetCommand.class, PutCommand.class
        })
public final class NetbiosCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        spec.commandLine().usage(spec.commandLine().getErr());
        return ExitCode.USAGE.number();
    }
}
