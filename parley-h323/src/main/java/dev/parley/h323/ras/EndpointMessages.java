package dev.parley.h323.ras;

import dev.parley.h323.wire.TransportAddress;
import dev.parley.h323.wire.Vendor;
import dev.parley.h323.wire.per.Octets;
import dev.parley.h323.wire.per.Value;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// The messages that an endpoint sends, as H.225.0 clause 7 lists their fields.
final class EndpointMessages {
    /// Calls in one message, so that it fits a datagram.
    static final int MOST_REPORTED = 400;

    private final EndpointConfig config;

    EndpointMessages(EndpointConfig config) {
        this.config = config;
    }

    RasMessage discovery(int sequence, Optional<String> gatekeeper) {
        var request = RasMessage.of("gatekeeperRequest", sequence).with("protocolIdentifier", Value.oid(RasMessage.PROTOCOL))
                .with("rasAddress", config.rasAddress().forH225()).with("endpointType", config.terminalType())
                .withText("gatekeeperIdentifier", gatekeeper).withList("endpointAlias", Alias.toValues(config.aliases()))
                .with("supportsAltGK", Value.NULL);
        if (config.credentials().isEmpty()) {
            return request;
        }
        var oid = config.credentials().get().scheme() == Credentials.Scheme.MD5 ? PasswordTokens.MD5 : PasswordTokens.HMAC_SHA1_96;
        return request.withList("authenticationCapability", List.of(Value.choice("pwdHash"))).withList("algorithmOIDs", List.of(Value.oid(oid)));
    }

    /// @param keepAlive the lightweight form, without aliases
    RasMessage registration(int sequence, Optional<String> gatekeeper, Optional<String> endpoint, boolean keepAlive) {
        var request = RasMessage.of("registrationRequest", sequence).with("protocolIdentifier", Value.oid(RasMessage.PROTOCOL))
                .with("discoveryComplete", true).with("callSignalAddress", addresses(config.signalAddresses()))
                .with("rasAddress", addresses(List.of(config.rasAddress()))).with("terminalType", config.terminalType())
                .withText("gatekeeperIdentifier", gatekeeper).with("endpointVendor", Vendor.identifier())
                .with("timeToLive", Math.max(1, config.timeToLive().toSeconds())).with("keepAlive", keepAlive)
                .withText("endpointIdentifier", endpoint).with("willSupplyUUIEs", false).with("maintainConnection", false);
        return keepAlive ? request : Usage.capable(
                request.withList("terminalAlias", Alias.toValues(config.aliases())).with("supportsAltGK", Value.NULL));
    }

    RasMessage unregistration(int sequence, Optional<String> gatekeeper, Optional<String> endpoint) {
        return RasMessage.of("unregistrationRequest", sequence).with("callSignalAddress", addresses(config.signalAddresses()))
                .withText("endpointIdentifier", endpoint).withText("gatekeeperIdentifier", gatekeeper);
    }

    RasMessage admission(int sequence, Optional<String> gatekeeper, String endpoint, Admission call) {
        return RasMessage.of("admissionRequest", sequence).with("callType", Value.choice("pointToPoint"))
                .with("endpointIdentifier", Value.text(endpoint)).withList("destinationInfo", Alias.toValues(call.destination()))
                .withAddress("destCallSignalAddress", call.destinationAddress())
                .with("srcInfo", new Value.Items(Alias.toValues(call.source()))).withAddress("srcCallSignalAddress", call.sourceAddress())
                .with("bandWidth", call.bandwidth()).with("callReferenceValue", call.callReference())
                .with("conferenceID", call.conferenceIdentifier()).with("activeMC", false).with("answerCall", call.answer())
                .with("canMapAlias", true).with("callIdentifier", RasMessage.callIdentifier(call.callIdentifier()))
                .withText("gatekeeperIdentifier", gatekeeper).with("willSupplyUUIEs", false);
    }

    RasMessage bandwidth(int sequence, String endpoint, Admission call, long bandwidth) {
        return ofCall("bandwidthRequest", sequence, endpoint, call).with("bandWidth", bandwidth);
    }

    RasMessage disengage(int sequence, String endpoint, AdmittedCalls.Known known, DisengageReason reason, Usage usage) {
        var request = ofCall("disengageRequest", sequence, endpoint, known.call)
                .with("disengageReason", Value.choice(reason.inH225()));
        return used(request, known, usage);
    }

    /// The gatekeeper ends the call.
    static RasMessage disengageConfirm(RasMessage demand, AdmittedCalls.Known known, Usage usage) {
        return used(RasMessage.of("disengageConfirm", demand.sequence()), known, usage);
    }

    private static RasMessage used(RasMessage end, AdmittedCalls.Known known, Usage usage) {
        return known.connectedSeconds.filter(_ -> usage.atEnd()).map(s -> end.with("usageInformation", Usage.information(s))).orElse(end);
    }

    private static RasMessage ofCall(String name, int sequence, String endpoint, Admission call) {
        return RasMessage.of(name, sequence).with("endpointIdentifier", Value.text(endpoint)).with("conferenceID", call.conferenceIdentifier())
                .with("callReferenceValue", call.callReference()).with("callIdentifier", RasMessage.callIdentifier(call.callIdentifier()))
                .with("answeredCall", call.answer());
    }

    /// Which calls we are in: all, or the one that was asked for.
    RasMessage information(RasMessage request, Optional<String> endpoint, Collection<AdmittedCalls.Known> calls, Usage usage) {
        var asked = request.callIdentifier().filter(_ -> request.body().numberAt("callReferenceValue").orElse(0L) != 0);
        var meant = calls.stream().filter(c -> asked.isEmpty() || asked.get().equals(c.call.callIdentifier())).limit(MOST_REPORTED).toList();
        boolean whole = asked.isPresent() || calls.size() == meant.size();
        var status = asked.isPresent() && meant.isEmpty() ? "invalidCall" : whole ? "complete" : "incomplete";
        return information(request.sequence(), endpoint, meant, usage, false).with("irrStatus", Value.choice(status));
    }

    /// What the gatekeeper wants to hear of a call from time to time.
    RasMessage report(int sequence, Optional<String> endpoint, AdmittedCalls.Known call, Usage usage) {
        return information(sequence, endpoint, List.of(call), usage, call.reportIsAnswered).with("unsolicited", true);
    }

    private RasMessage information(
            int sequence, Optional<String> endpoint, List<AdmittedCalls.Known> calls, Usage usage, boolean needResponse) {
        return RasMessage.of("infoRequestResponse", sequence).with("endpointType", config.terminalType())
                .with("endpointIdentifier", Value.text(endpoint.orElse("none"))).with("rasAddress", config.rasAddress().forH225())
                .with("callSignalAddress", addresses(config.signalAddresses())).withList("endpointAlias", Alias.toValues(config.aliases()))
                .withList("perCallInfo", calls.stream().map(c -> inCall(c, usage)).toList()).with("needResponse", needResponse)
                .with("unsolicited", false);
    }

    private static Value inCall(AdmittedCalls.Known known, Usage usage) {
        var call = known.call;
        return Value.struct().with("callReferenceValue", call.callReference()).with("conferenceID", call.conferenceIdentifier())
                .with("originator", !call.answer()).with("h245", Value.struct()).with("callSignaling", Value.struct())
                .with("callType", Value.choice("pointToPoint")).with("bandWidth", known.bandwidth)
                .with("callModel", Value.choice(known.routed ? "gatekeeperRouted" : "direct"))
                .with("callIdentifier", RasMessage.callIdentifier(call.callIdentifier()))
                .withOptional("usageInformation", known.connectedSeconds.filter(_ -> usage.inReports()).map(Usage::information));
    }

    private static Value addresses(List<TransportAddress> addresses) {
        return new Value.Items(addresses.stream().map(TransportAddress::forH225).toList());
    }

    /// The answer to what we do not understand: it goes back whole.
    static RasMessage notUnderstood(RasMessage message, Octets datagram) {
        return RasMessage.of("unknownMessageResponse", message.sequence()).with("messageNotUnderstood", datagram);
    }
}
