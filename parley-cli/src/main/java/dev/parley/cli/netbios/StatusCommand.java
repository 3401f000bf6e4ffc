package dev.parley.cli.netbios;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.cli.term.CommandFailed;
import dev.parley.cli.term.ExitCode;
import dev.parley.cli.term.OutputOptions;
import dev.parley.cli.term.Terminal;
import dev.parley.netbios.name.NameService;
import dev.parley.netbios.name.Output;
import dev.parley.netbios.wire.Ipv4;
import dev.parley.netbios.wire.NetbiosName;
import dev.parley.netbios.wire.Resource;
import dev.parley.netbios.wire.Suffix;
import java.io.IOException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// Asks a host which names it has.
@Command(
        name = "status",
        description = "Ask a host which NetBIOS names it has.",
        footer = {
            "",
            "Examples:",
            "  parley netbios status 192.0.2.7",
            "  parley netbios status SERVER --json",
        })
final class StatusCommand implements Callable<Integer> {
    @Mixin
    private final OutputOptions output = new OutputOptions();

    @Mixin
    private final NetworkOptions network = new NetworkOptions();

    @Parameters(paramLabel = "HOST|NAME", description = "An IPv4 address or a NetBIOS name.")
    private String host = "";

    @Override
    public Integer call() throws Exception {
        return network.recorded(output.terminal(), this::status);
    }

    private int status() throws IOException {
        try (var names = network.asking()) {
            var address = NetworkOptions.address(host).orElseGet(() -> resolve(names));
            if (!(names.status(address, NetbiosName.WILDCARD) instanceof Output.Outcome.StatusOf of)) {
                throw new CommandFailed(ExitCode.LOST, address + " does not answer a status request");
            }
            var terminal = output.terminal();
            terminal.tell(event("status", address, of.status()));
            if (!terminal.isJson()) {
                print(terminal, address, of.status());
            }
            return ExitCode.DONE.number();
        }
    }

    private Ipv4 resolve(NameService names) {
        var name = network.name(host, Suffix.FILE_SERVER.octet());
        var found = names.find(name);
        return found.isEmpty() ? NetworkOptions.host(names, name.withSuffix(0)) : found.getFirst();
    }

    private static void print(Terminal terminal, Ipv4 address, Resource.Status status) {
        var table = new Table("NAME", "KIND", "STATE", "MEANING");
        for (var name : status.names()) {
            table.row(name.name().toString(), name.group() ? "group" : "unique", state(name), Suffix.describe(name.name().suffix(), name.group()));
        }
        terminal.data(address + ", unit " + unit(status) + "\n" + table);
    }

    static ObjectNode event(String type, Ipv4 address, Resource.Status status) {
        var event = Terminal.event(type).put("address", address.toString()).put("unit", unit(status));
        var names = event.putArray("names");
        for (var name : status.names()) {
            names.addObject().put("name", name.name().text()).put("suffix", name.name().suffix()).put("group", name.group())
                    .put("state", state(name)).put("meaning", Suffix.describe(name.name().suffix(), name.group()));
        }
        return event;
    }

    static String state(Resource.StatusName name) {
        if ((name.flags() & Resource.StatusName.CONFLICT) != 0) {
            return "conflict";
        }
        if ((name.flags() & Resource.StatusName.DEREGISTERING) != 0) {
            return "leaving";
        }
        return (name.flags() & Resource.StatusName.ACTIVE) != 0 ? "active" : "inactive";
    }

    /// The unit identifier, mostly the address of the network card; zeros where a stack does not tell it.
    static String unit(Resource.Status status) {
        var statistics = status.statistics();
        var octets = new byte[Math.min(6, statistics.remaining())];
        statistics.get(octets);
        return octets.length < 6 ? "unknown" : HexFormat.ofDelimiter(":").formatHex(octets).toLowerCase(Locale.ROOT);
    }
}
