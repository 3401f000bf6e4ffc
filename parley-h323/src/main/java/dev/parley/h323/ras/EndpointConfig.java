package dev.parley.h323.ras;

import dev.parley.h323.wire.TransportAddress;
import dev.parley.h323.wire.Vendor;
import dev.parley.h323.wire.per.Value;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// An endpoint as its gatekeeper shall know it.
///
/// @param signalAddresses where it takes calls
/// @param gatekeeper nothing: it is looked for by multicast
/// @param prefixes of numbers beyond a gateway; none for a terminal
/// @param timeToLive of a registration, as we wish it; the gatekeeper decides
/// @param answerWithin how long to wait before the same request is sent again
/// @param tries of one request
/// @param retryAfter how long to wait before looking for a gatekeeper again that told us to go; for one that is silent 1 s at first, and twice as
///     long each time up to this
public record EndpointConfig(
        List<Alias> aliases, TransportAddress rasAddress, List<TransportAddress> signalAddresses, Optional<TransportAddress> gatekeeper,
        Optional<String> gatekeeperIdentifier, List<String> prefixes, Optional<Credentials> credentials, Duration timeToLive,
        Duration answerWithin, int tries, Duration retryAfter) {
    public EndpointConfig {
        aliases = List.copyOf(aliases);
        signalAddresses = List.copyOf(signalAddresses);
        prefixes = List.copyOf(prefixes);
        if (signalAddresses.isEmpty() || tries < 1) {
            throw new IllegalArgumentException("an endpoint takes calls at one address at least, and tries once at least");
        }
    }

    /// A terminal with the usual times: 300 s to live, three tries of 3 s, again after 30 s at most.
    public static EndpointConfig of(List<Alias> aliases, TransportAddress ras, TransportAddress signal, Optional<TransportAddress> gatekeeper) {
        return new EndpointConfig(aliases, ras, List.of(signal), gatekeeper, Optional.empty(), List.of(), Optional.empty(),
                Duration.ofSeconds(300), Duration.ofSeconds(3), 3, Duration.ofSeconds(30));
    }

    public EndpointConfig with(Credentials proof) {
        return new EndpointConfig(aliases, rasAddress, signalAddresses, gatekeeper, gatekeeperIdentifier, prefixes, Optional.of(proof),
                timeToLive, answerWithin, tries, retryAfter);
    }

    public EndpointConfig withPrefixes(List<String> numbers) {
        return new EndpointConfig(aliases, rasAddress, signalAddresses, gatekeeper, gatekeeperIdentifier, numbers, credentials,
                timeToLive, answerWithin, tries, retryAfter);
    }

    /// A gateway's prefixes stand with the protocol that it reaches: voice.
    Value.Struct terminalType() {
        var type = Value.struct().with("vendor", Vendor.identifier());
        if (prefixes.isEmpty()) {
            type = type.with("terminal", Value.struct());
        } else {
            var supported = prefixes.stream().map(p -> Value.struct().with("prefix", Alias.of(p).toValue())).toList();
            var voice = Value.choice("voice", Value.struct().with("supportedPrefixes", supported));
            type = type.with("gateway", Value.struct().with("protocol", List.of(voice)));
        }
        return type.with("mc", false).with("undefinedNode", false);
    }
}
