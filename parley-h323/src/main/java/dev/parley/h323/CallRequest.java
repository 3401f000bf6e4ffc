package dev.parley.h323;

import dev.parley.h323.machine.CallConfig;
import dev.parley.h323.machine.CallEnd;
import dev.parley.h323.wire.AliasKind;
import dev.parley.h323.wire.per.Value;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// Whom to call, and how.
///
/// @param to where Setup goes
/// @param aliases whom we want there; empty for whoever answers
/// @param tokens what a gatekeeper wants in Setup
/// @param identifiers what names the call
/// @param style nothing: as the endpoint sets up its calls
/// @param elsewhere finds out where a redirected call goes; may wait. With a gatekeeper it asks there, also for the address that the peer gave
public record CallRequest(InetSocketAddress to, List<String> aliases, Map<String, Value> tokens, H323Endpoint.Identifiers identifiers,
        Optional<CallConfig.Style> style, Function<CallEnd.Redirected, Optional<InetSocketAddress>> elsewhere) {
    public CallRequest {
        aliases = AliasKind.checked(aliases);
        tokens = Map.copyOf(tokens);
    }

    public static CallRequest to(InetSocketAddress address, List<String> aliases) {
        return new CallRequest(address, aliases, Map.of(), H323Endpoint.Identifiers.random(), Optional.empty(),
                elsewhere -> elsewhere.to().map(Streams::socket));
    }

    public CallRequest with(H323Endpoint.Identifiers others) {
        return new CallRequest(to, aliases, tokens, others, style, elsewhere);
    }

    public CallRequest with(CallConfig.Style other) {
        return new CallRequest(to, aliases, tokens, identifiers, Optional.of(other), elsewhere);
    }

    public CallRequest with(Function<CallEnd.Redirected, Optional<InetSocketAddress>> finder) {
        return new CallRequest(to, aliases, tokens, identifiers, style, finder);
    }
}
