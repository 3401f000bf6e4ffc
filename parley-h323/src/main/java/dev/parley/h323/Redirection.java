package dev.parley.h323;

import dev.parley.h323.machine.CallConfig;
import dev.parley.h323.machine.CallEnd;
import dev.parley.h323.wire.AliasKind;
import dev.parley.h323.wire.TransportAddress;
import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// Where one call has been sent on to (Facility with `callForwarded`, `routeCallToGatekeeper` or `routeCallToMC`). Nobody is asked twice, and
/// not too many.
final class Redirection {
    private final Function<CallEnd.Redirected, Optional<InetSocketAddress>> resolver;
    private final int most;
    private final Set<Asked> asked = new HashSet<>();
    private int count;

    Redirection(TransportAddress first, List<String> aliases, int most, Function<CallEnd.Redirected, Optional<InetSocketAddress>> resolver) {
        this.most = most;
        this.resolver = resolver;
        asked.add(new Asked(first, aliases));
    }

    /// A gatekeeper that routes is asked at the same address for somebody else.
    private record Asked(TransportAddress address, List<String> aliases) {}

    /// @param aliases whom to ask for there
    record Next(TransportAddress address, List<String> aliases) {
        InetSocketAddress socket() {
            return Streams.socket(address);
        }

        CallConfig.Callee callee(CallConfig.Callee before) {
            return new CallConfig.Callee(aliases, address, before.tokens());
        }
    }

    static final class Refused extends Exception {
        private static final long serialVersionUID = 1;

        Refused(String why) {
            super(why);
        }
    }

    Next next(CallEnd.Redirected elsewhere, List<String> before) throws Refused {
        if (count == most) {
            throw new Refused(most == 0 ? "which we do not follow" : "for the " + (count + 1) + "th time");
        }
        count++;
        for (var alias : elsewhere.aliases()) {
            if (AliasKind.of(alias).isEmpty()) {
                throw new Refused("under a name that we cannot write: " + AliasKind.refusal(alias));
            }
        }
        var address = resolver.apply(elsewhere).map(Streams::address);
        if (address.isEmpty()) {
            throw new Refused("and where that is nobody knows");
        }
        var aliases = elsewhere.aliases().isEmpty() ? before : elsewhere.aliases();
        if (!asked.add(new Asked(address.get(), aliases))) {
            throw new Refused("where it was before");
        }
        return new Next(address.get(), aliases);
    }
}
