package dev.parley.h323.ras;

import dev.parley.h323.wire.TransportAddress;
import dev.parley.h323.wire.per.Value;
import java.util.ArrayList;
import java.util.List;

/// What an endpoint says of itself in a RegistrationRequest, within limits.
///
/// @param signalAddresses with the sender's own address where it gave 0.0.0.0
record Endpoints(List<TransportAddress> signalAddresses, List<Alias> aliases, List<String> prefixes) {
    private static final int MOST_ADDRESSES = 8;
    private static final int MOST_ALIASES = 100;
    private static final int MOST_PREFIXES = 1_000;

    static Endpoints read(RasMessage message, TransportAddress from) {
        var addresses = message.body().listAt("callSignalAddress").stream().limit(MOST_ADDRESSES)
                .flatMap(a -> TransportAddress.fromH225(a).stream())
                .map(a -> a.ip().hex().matches("0+") ? new TransportAddress(from.ip(), a.port()) : a).toList();
        var aliases = Alias.from(message.body().listAt("terminalAlias")).stream().distinct().limit(MOST_ALIASES).toList();
        var prefixes = new ArrayList<String>();
        for (var protocol : message.body().listAt("terminalType/gateway/protocol")) {
            if (protocol instanceof Value.Chosen(String kind, Value caps)) {
                caps.listAt("supportedPrefixes").forEach(p -> p.at("prefix").flatMap(Alias::from).map(Alias::text).ifPresent(prefixes::add));
            }
        }
        return new Endpoints(addresses, aliases, prefixes.stream().distinct().limit(MOST_PREFIXES).toList());
    }
}
