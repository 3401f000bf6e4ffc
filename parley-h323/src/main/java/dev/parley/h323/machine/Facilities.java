package dev.parley.h323.machine;

import dev.parley.h323.wire.Cause;
import dev.parley.h323.wire.MessageType;
import dev.parley.h323.wire.TransportAddress;
import dev.parley.h323.wire.per.Value;
import java.util.List;
import java.util.Optional;

/// What a Facility asks for or tells by its reason (clause 7.4.1/H.225.0): the call elsewhere, no H.245. Others carry something, which is read
/// before.
final class Facilities {
    private final CallMachine call;
    private final ControlCarriage carriage;

    Facilities(CallMachine call, ControlCarriage carriage) {
        this.call = call;
        this.carriage = carriage;
    }

    void forward(Optional<TransportAddress> to, List<String> names) {
        var facility = Signals.facility(call.callIdentifier(), "callForwarded")
                .withOptional("alternativeAddress", to.map(TransportAddress::forH225));
        call.send(MessageType.FACILITY, List.of(), names.isEmpty() ? facility : facility.with("alternativeAliasAddress", Signals.aliases(names)));
        call.release(Cause.NORMAL_CLEARING, new CallEnd.Redirected(to, names, "callForwarded"));
    }

    void received(Value body) {
        var reason = body.chosenAt("reason").orElse("");
        switch (reason) {
            case "callForwarded", "routeCallToGatekeeper", "routeCallToMC" -> call.release(Cause.NORMAL_CLEARING, new CallEnd.Redirected(
                    body.at("alternativeAddress").flatMap(TransportAddress::fromH225),
                    Signals.names(body.listAt("alternativeAliasAddress")), reason));
            case "noH245" -> carriage.peerHasNone();
            default -> { }
        }
    }
}
