package dev.parley.h323.machine;

import dev.parley.h323.wire.AliasKind;
import dev.parley.h323.wire.Cause;
import dev.parley.h323.wire.InformationElement;
import dev.parley.h323.wire.Q931;
import dev.parley.h323.wire.TransportAddress;
import dev.parley.h323.wire.Vendor;
import dev.parley.h323.wire.per.Octets;
import dev.parley.h323.wire.per.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The bodies of H.225.0 call signalling messages.
public final class Signals {
    /// H.225.0 version 7.
    public static final String PROTOCOL = "0.0.8.2250.0.7";

    private static final Map<String, Cause> CAUSES = Map.ofEntries(
            Map.entry("noBandwidth", Cause.CONGESTION), Map.entry("gatekeeperResources", Cause.NO_RESOURCES),
            Map.entry("unreachableDestination", Cause.NO_ROUTE), Map.entry("destinationRejection", Cause.REJECTED),
            Map.entry("invalidRevision", Cause.INCOMPATIBLE), Map.entry("noPermission", Cause.REJECTED),
            Map.entry("unreachableGatekeeper", Cause.NETWORK_OUT_OF_ORDER), Map.entry("gatewayResources", Cause.CONGESTION),
            Map.entry("badFormatAddress", Cause.INVALID_NUMBER), Map.entry("adaptiveBusy", Cause.TEMPORARY_FAILURE),
            Map.entry("inConf", Cause.USER_BUSY), Map.entry("undefinedReason", Cause.NORMAL_UNSPECIFIED),
            Map.entry("facilityCallDeflection", Cause.NORMAL_CLEARING), Map.entry("securityDenied", Cause.NORMAL_UNSPECIFIED),
            Map.entry("calledPartyNotRegistered", new Cause(20)), Map.entry("callerNotRegistered", Cause.NORMAL_UNSPECIFIED));

    private Signals() {}

    /// AliasAddress, of the kind that the name looks like.
    ///
    /// @throws IllegalArgumentException when no kind can hold the name
    public static Value alias(String name) {
        return AliasKind.toValue(name);
    }

    public static List<Value> aliases(List<String> names) {
        return names.stream().map(Signals::alias).toList();
    }

    /// The names in a list of AliasAddress; kinds that are not known here are left out.
    public static List<String> names(List<Value> aliases) {
        return aliases.stream().flatMap(a -> AliasKind.toText(a).stream()).toList();
    }

    /// EndpointType of a terminal without a multipoint controller.
    public static Value endpoint() {
        return Value.struct().with("vendor", Vendor.identifier()).with("terminal", Value.struct()).with("mc", false).with("undefinedNode", false);
    }

    static Value identifier(Octets guid) {
        return Value.struct().with("guid", guid);
    }

    private static Value.Struct body() {
        return Value.struct().with("protocolIdentifier", Value.oid(PROTOCOL));
    }

    static Value.Struct setup(CallConfig config, CallConfig.Callee callee, Optional<TransportAddress> control) {
        var setup = body().withOptional("h245Address", control.map(TransportAddress::forH225))
                .with("sourceAddress", aliases(config.aliases())).with("sourceInfo", endpoint());
        if (!callee.aliases().isEmpty()) {
            setup = setup.with("destinationAddress", aliases(callee.aliases()));
        }
        setup = setup.with("destCallSignalAddress", callee.address().forH225()).with("activeMC", false)
                .with("conferenceID", config.conferenceId()).with("conferenceGoal", Value.choice("create"))
                .with("callType", Value.choice("pointToPoint"))
                .withOptional("sourceCallSignalAddress", config.takesCalls().map(TransportAddress::forH225))
                .with("callIdentifier", identifier(config.callIdentifier()))
                .with("mediaWaitForConnect", false).with("canOverlapSend", false)
                .with("multipleCalls", false).with("maintainConnection", true);
        for (var token : callee.tokens().entrySet()) {
            setup = setup.with(token.getKey(), token.getValue());
        }
        return setup;
    }

    /// The elements of Q.931 in Setup; numbers go there too, for gateways.
    static List<InformationElement> setupElements(CallConfig config, CallConfig.Callee callee) {
        var elements = new ArrayList<InformationElement>();
        elements.add(InformationElement.bearerForPackets());
        elements.add(InformationElement.display(config.display()));
        numberIn(config.aliases()).map(InformationElement::callingNumber).ifPresent(elements::add);
        numberIn(callee.aliases()).map(InformationElement::calledNumber).ifPresent(elements::add);
        return elements;
    }

    private static Optional<String> numberIn(List<String> aliases) {
        return aliases.stream().flatMap(a -> AliasKind.dialled(a).stream()).findFirst();
    }

    /// Who calls, by the aliases and the numbers of a Setup.
    static Effect.Caller caller(Q931 message, Value setup, Octets callIdentifier, Octets conferenceId) {
        var called = new ArrayList<>(names(setup.listAt("destinationAddress")));
        message.calledNumber().filter(n -> !n.isEmpty() && !called.contains(n)).ifPresent(called::add);
        var names = new ArrayList<>(names(setup.listAt("sourceAddress")));
        message.callingNumber().filter(n -> !n.isEmpty() && !names.contains(n)).ifPresent(names::add);
        return new Effect.Caller(names, message.display(), called, callIdentifier, conferenceId);
    }

    /// CallProceeding, Alerting and Connect differ little.
    static Value.Struct answer(Octets callIdentifier, Optional<TransportAddress> control, List<Octets> fastStart) {
        var answer = body().withOptional("h245Address", control.map(TransportAddress::forH225)).with("destinationInfo", endpoint())
                .with("callIdentifier", identifier(callIdentifier)).with("multipleCalls", false).with("maintainConnection", true);
        return fastStart.isEmpty() ? answer : answer.with("fastStart", octets(fastStart));
    }

    static Value.Struct connect(Octets callIdentifier, Octets conferenceId, Optional<TransportAddress> control, List<Octets> fastStart) {
        return answer(callIdentifier, control, fastStart).with("conferenceID", conferenceId);
    }

    static Value.Struct facility(Octets callIdentifier, String reason) {
        return body().with("reason", Value.choice(reason)).with("callIdentifier", identifier(callIdentifier))
                .with("multipleCalls", false).with("maintainConnection", true);
    }

    static Value.Struct releaseComplete(Optional<Octets> callIdentifier, Cause cause) {
        // What stands for the normal causes is the end of a call that was sent elsewhere, or says more than we know; for 88 it is that H.225.0 is
        // too old.
        boolean normal = cause.equals(Cause.NORMAL_CLEARING) || cause.equals(Cause.NORMAL_UNSPECIFIED) || cause.equals(Cause.INCOMPATIBLE);
        var reason = CAUSES.entrySet().stream().filter(e -> e.getValue().equals(cause) && !normal).map(Map.Entry::getKey).sorted().findFirst();
        return body().withOptional("reason", reason.map(Value::choice)).withOptional("callIdentifier", callIdentifier.map(Signals::identifier));
    }

    static Value.Struct withCallIdentifier(Octets callIdentifier) {
        return body().with("callIdentifier", identifier(callIdentifier));
    }

    /// The Q.850 cause that stands for a reason (table 5/H.225.0).
    static Cause cause(String reason) {
        return CAUSES.getOrDefault(reason, Cause.NORMAL_UNSPECIFIED);
    }

    static List<Value> octets(List<Octets> list) {
        return list.stream().<Value>map(Value.Bytes::new).toList();
    }
}
