package dev.parley.cli.netbios;

import dev.parley.cli.term.CommandFailed;
import dev.parley.cli.term.ExitCode;
import dev.parley.cli.term.OutputOptions;
import dev.parley.netbios.name.NameService;
import dev.parley.netbios.name.Output;
import dev.parley.netbios.wire.Ipv4;
import dev.parley.netbios.wire.NetbiosName;
import dev.parley.netbios.wire.Resource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Semaphore;
import java.util.function.Predicate;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// Asks every address of a network for its names.
@Command(
        name = "scan",
        description = "Ask every address of a network for its NetBIOS names.",
        footer = {
            "",
            "Examples:",
            "  parley netbios scan 192.168.1.0/24",
            "  parley netbios scan 10.0.0.0/20 --json",
        })
final class ScanCommand implements Callable<Integer> {
    /// Addresses that one scan asks at most: a /16.
    private static final int LEAST_PREFIX = 16;
    private static final int AT_A_TIME = 512;

    @Mixin
    private final OutputOptions output = new OutputOptions();

    @Mixin
    private final NetworkOptions network = new NetworkOptions();

    @Parameters(paramLabel = "NET/MASK", description = "A network with the bits of its mask, 16 to 32.")
    private String net = "";

    @Override
    public Integer call() throws Exception {
        return network.recorded(output.terminal(), this::scan);
    }

    private int scan() throws IOException, InterruptedException {
        var addresses = addresses(net);
        var answers = new ConcurrentSkipListMap<Ipv4, Resource.Status>();
        var turn = new Semaphore(AT_A_TIME);
        var threads = new ArrayList<Thread>();
        try (var names = network.asking()) {
            for (var address : addresses) {
                turn.acquire();
                threads.add(Thread.ofVirtual().start(() -> {
                    try {
                        ask(names, address, answers);
                    } finally {
                        turn.release();
                    }
                }));
            }
            for (var thread : threads) {
                thread.join();
            }
        }
        print(new TreeMap<>(answers), addresses.size());
        return ExitCode.DONE.number();
    }

    private void ask(NameService names, Ipv4 address, ConcurrentSkipListMap<Ipv4, Resource.Status> answers) {
        if (names.status(address, NetbiosName.WILDCARD) instanceof Output.Outcome.StatusOf of) {
            answers.put(address, of.status());
            output.terminal().tell(StatusCommand.event("host", address, of.status()));
        }
    }

    private void print(TreeMap<Ipv4, Resource.Status> answers, int asked) {
        if (!output.terminal().isJson()) {
            var table = new Table("ADDRESS", "NAME", "GROUP", "FILES", "UNIT");
            answers.forEach((address, status) -> table.row(address.toString(), first(status, n -> !n.group() && n.name().suffix() == 0),
                    first(status, n -> n.group() && n.name().suffix() == 0),
                    status.names().stream().anyMatch(n -> n.name().suffix() == 0x20) ? "yes" : "-", StatusCommand.unit(status)));
            if (!table.isEmpty()) {
                output.terminal().data(table.toString());
            }
        }
        output.terminal().say(answers.size() + " of " + asked + " addresses answered");
    }

    private static String first(Resource.Status status, Predicate<Resource.StatusName> wanted) {
        return status.names().stream().filter(wanted).findFirst().map(n -> n.name().text()).orElse("-");
    }

    static List<Ipv4> addresses(String net) {
        var cut = net.split("/", -1);
        try {
            int prefix = cut.length == 1 ? 32 : Integer.parseInt(cut[1]);
            if (cut.length > 2 || prefix < LEAST_PREFIX || prefix > 32) {
                throw new CommandFailed(ExitCode.USAGE, "expected ADDRESS/BITS with 16 to 32 bits, not " + net);
            }
            int mask = prefix == 32 ? -1 : ~(-1 >>> prefix);
            int first = Ipv4.of(cut[0]).bits() & mask;
            int count = prefix == 32 ? 1 : 1 << (32 - prefix);
            var addresses = new ArrayList<Ipv4>();
            for (int i = 0; i < count; i++) {
                // The first and the last of a network are the network itself and its broadcast.
                if (count <= 2 || (i > 0 && i < count - 1)) {
                    addresses.add(new Ipv4(first + i));
                }
            }
            return addresses;
        } catch (IllegalArgumentException e) {
            throw new CommandFailed(ExitCode.USAGE, net + ": " + e.getMessage());
        }
    }
}
