package dev.parley.cli.netbios;

import dev.parley.cli.term.CommandFailed;
import dev.parley.cli.term.ExitCode;
import dev.parley.cli.term.OutputOptions;
import dev.parley.cli.term.Terminal;
import dev.parley.netbios.name.NameService;
import dev.parley.netbios.name.Output;
import dev.parley.netbios.wire.NetbiosName;
import dev.parley.netbios.wire.Suffix;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// Finds who has a name.
@Command(
        name = "lookup",
        description = "Find the addresses of a NetBIOS name, by broadcast or from a name server.",
        footer = {
            "",
            "Without a suffix the file server (20) is looked for, then the workstation (00).",
            "",
            "Examples:",
            "  parley netbios lookup SERVER",
            "  parley netbios lookup WORKGROUP#1B             the domain's master browser",
            "  parley netbios lookup SERVER --name-server 192.0.2.1 --json",
        })
final class LookupCommand implements Callable<Integer> {
    @Mixin
    private final OutputOptions output = new OutputOptions();

    @Mixin
    private final NetworkOptions network = new NetworkOptions();

    @Parameters(paramLabel = "NAME[#SUFFIX]", description = "The name; the suffix in hexadecimal.")
    private String name = "";

    @Override
    public Integer call() throws Exception {
        return network.recorded(output.terminal(), this::lookup);
    }

    private int lookup() throws IOException {
        var terminal = output.terminal();
        var wanted = network.name(name, Suffix.FILE_SERVER.octet());
        boolean said = name.indexOf('#') >= 0 || name.indexOf('<') >= 0;
        try (var names = network.asking()) {
            boolean found = tell(names, wanted, terminal) || (!said && tell(names, wanted.withSuffix(0), terminal));
            if (!found) {
                throw new CommandFailed(ExitCode.LOST, "nobody says that he has " + wanted + (said ? "" : " or " + wanted.withSuffix(0)));
            }
            return ExitCode.DONE.number();
        }
    }

    private static boolean tell(NameService names, NetbiosName name, Terminal terminal) {
        if (!(names.query(name) instanceof Output.Outcome.Found found)) {
            return false;
        }
        var table = new Table("ADDRESS", "NAME", "KIND", "NODE", "MEANING");
        var event = Terminal.event("name").put("name", name.text()).put("suffix", name.suffix()).put("scope", name.scope())
                .put("readable", name.toString()).put("by", found.by().toString());
        var addresses = event.putArray("addresses");
        for (var holder : found.addresses()) {
            table.row(holder.address().toString(), name.toString(), holder.group() ? "group" : "unique", holder.nodeType().toString(),
                    Suffix.describe(name.suffix(), holder.group()));
            addresses.addObject().put("address", holder.address().toString()).put("group", holder.group()).put("node", holder.nodeType().toString());
        }
        terminal.tell(event);
        if (!terminal.isJson()) {
            terminal.data(table.toString());
        }
        return true;
    }
}
