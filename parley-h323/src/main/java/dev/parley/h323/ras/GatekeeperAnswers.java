package dev.parley.h323.ras;

import dev.parley.h323.wire.TransportAddress;
import dev.parley.h323.wire.per.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The messages that a gatekeeper answers with.
final class GatekeeperAnswers {
    private static final List<String> REPORTS = List.of("setup", "callProceeding", "connect", "alerting", "information", "releaseComplete",
            "facility", "progress", "empty");

    private GatekeeperAnswers() {}

    private static RasMessage confirm(RasMessage request) {
        return RasMessage.of(request.name().replaceFirst("Request$", "Confirm"), request.sequence());
    }

    /// @param reason without a value
    static RasMessage reject(RasMessage request, String reason) {
        return rejectWith(request, Value.choice(reason));
    }

    private static RasMessage rejectWith(RasMessage request, Value reason) {
        var answer = RasMessage.of(request.name().replaceFirst("Request$", "Reject"), request.sequence()).with("rejectReason", reason);
        return request.name().startsWith("gatekeeper") || request.name().startsWith("registration")
                ? withProtocol(answer) : answer;
    }

    private static RasMessage withProtocol(RasMessage answer) {
        return answer.with("protocolIdentifier", Value.oid(RasMessage.PROTOCOL));
    }

    static RasMessage duplicateAlias(RasMessage request, List<Alias> taken) {
        return rejectWith(request, Value.choice("duplicateAlias", new Value.Items(Alias.toValues(taken))));
    }

    static RasMessage bandwidthReject(RasMessage request, String reason, long allowed) {
        return reject(request, reason).with("allowedBandWidth", Math.max(0, allowed));
    }

    /// With passwords the best scheme that both have is chosen.
    static RasMessage discoveryConfirm(RasMessage request, TransportAddress from, GatekeeperConfig config) {
        var answer = withProtocol(confirm(request)).with("gatekeeperIdentifier", Value.text(config.identifier()))
                .with("rasAddress", config.rasAddress(from).forH225()).withList("alternateGatekeeper", alternates(config));
        var offered = request.body().listAt("algorithmOIDs");
        var chosen = List.of(PasswordTokens.HMAC_SHA1_96, PasswordTokens.MD5).stream().filter(oid -> offered.contains(Value.oid(oid))).findFirst();
        return config.passwords().areRequired() && chosen.isPresent()
                ? answer.with("authenticationMode", Value.choice("pwdHash")).with("algorithmOID", Value.oid(chosen.get()))
                : answer;
    }

    static List<Value> alternates(GatekeeperConfig config) {
        var alternates = new ArrayList<Value>();
        for (var address : config.alternates()) {
            alternates.add(Value.struct().with("rasAddress", address.forH225()).with("needToRegister", true).with("priority", alternates.size()));
        }
        return alternates;
    }

    static RasMessage registrationConfirm(
            RasMessage request, TransportAddress from, GatekeeperConfig config, Registration registration) {
        var signal = config.routed() ? List.<Value>of(config.signalAddress(from).forH225()) : List.<Value>of();
        var answer = withProtocol(confirm(request)).with("callSignalAddress", new Value.Items(signal))
                .withList("terminalAlias", Alias.toValues(registration.aliases())).withText("gatekeeperIdentifier", Optional.of(config.identifier()))
                .with("endpointIdentifier", Value.text(registration.identifier())).with("timeToLive", registration.timeToLive().toSeconds())
                .withList("alternateGatekeeper", alternates(config))
                .with("willRespondToIRR", true).with("maintainConnection", false);
        var asking = Usage.wanted(request, answer);
        return config.preGrant() ? asking.with("preGrantedARQ", granted(config)) : asking;
    }

    /// An endpoint keeps to the bandwidth by itself.
    private static Value.Struct granted(GatekeeperConfig config) {
        var granted = Value.struct().with("makeCall", true).with("useGKCallSignalAddressToMakeCall", false)
                .with("answerCall", true).with("useGKCallSignalAddressToAnswer", false).with("totalBandwidthRestriction", config.callBandwidth());
        return config.stateEvery().isZero() ? granted : granted.with("irrFrequencyInCall", config.stateEvery().toSeconds());
    }

    static RasMessage admissionConfirm(
            RasMessage request, TransportAddress from, GatekeeperConfig config, long bandwidth, TransportAddress destination) {
        var reports = Value.struct();
        for (var report : REPORTS) {
            reports = reports.with(report, false);
        }
        var answer = confirm(request).with("bandWidth", bandwidth).with("callModel", Value.choice(config.routed() ? "gatekeeperRouted" : "direct"))
                .with("destCallSignalAddress", (config.routed() ? config.signalAddress(from) : destination).forH225())
                .with("willRespondToIRR", true).with("uuiesRequested", reports);
        return config.stateEvery().isZero() ? answer : answer.with("irrFrequency", config.stateEvery().toSeconds());
    }

    static RasMessage locationConfirm(RasMessage request, TransportAddress signal, TransportAddress ras) {
        return confirm(request).with("callSignalAddress", signal.forH225()).with("rasAddress", ras.forH225());
    }

    static RasMessage resourcesConfirm(RasMessage request) {
        return withProtocol(RasMessage.of("resourcesAvailableConfirm", request.sequence()));
    }
}
