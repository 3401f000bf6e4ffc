package dev.parley.h323.ras;

import dev.parley.api.SessionException;
import dev.parley.h323.wire.TransportAddress;
import dev.parley.h323.wire.per.Octets;
import dev.parley.h323.wire.per.Value;
import java.util.List;
import java.util.Optional;

/// The calls of an endpoint as its gatekeeper knows them: admission, bandwidth, state and end (H.225.0 clauses 7.11 to 7.15).
final class EndpointCalls {
    private final GatekeeperLine line;
    private final EndpointMessages messages;
    private final AdmittedCalls calls = new AdmittedCalls();

    EndpointCalls(GatekeeperLine line, EndpointMessages messages) {
        this.line = line;
        this.messages = messages;
    }

    List<Octets> identifiers() {
        return calls.identifiers();
    }

    /// @throws SessionException.OutOfSequence when the call is admitted already
    void admit(Admission call, RasTime now) {
        line.requireRoom();
        calls.begin(call);
        ask(call, now);
    }

    private void ask(Admission call, RasTime now) {
        line.send(messages.admission(line.nextSequence(), line.gatekeeperIdentifier(), line.endpointIdentifier().orElseThrow(), call),
                Optional.of(call.callIdentifier()), now);
    }

    void askAgain(RasTime now) {
        calls.unanswered().forEach(c -> ask(c.call, now));
    }

    /// Nobody is left to ask.
    void refuseUnanswered() {
        calls.unanswered().forEach(c -> refused(c.call.callIdentifier(), "noAnswer"));
    }

    void bandwidth(Octets callIdentifier, long bandwidth, RasTime now) {
        line.requireRoom();
        var call = calls.required(callIdentifier);
        line.send(messages.bandwidth(line.nextSequence(), line.endpointIdentifier().orElseThrow(), call.call, bandwidth), Optional.of(callIdentifier),
                now);
    }

    /// @param registered otherwise nobody is told
    void disengage(Octets callIdentifier, boolean registered, RasTime now) {
        var call = calls.of(callIdentifier);
        if (call.isEmpty() || !registered) {
            calls.end(callIdentifier);
            return;
        }
        line.send(messages.disengage(line.nextSequence(), line.endpointIdentifier().orElseThrow(), call.get().call),
                Optional.of(callIdentifier), now);
    }

    void bandwidthAnswered(Octets id, RasMessage answer) {
        boolean confirmed = answer.name().equals("bandwidthConfirm");
        long bandwidth = answer.body().numberAt(confirmed ? "bandWidth" : "allowedBandWidth").orElse(0L);
        calls.of(id).ifPresent(c -> c.bandwidth = bandwidth);
        line.tell(new EndpointEvent.BandwidthSet(id, bandwidth, confirmed));
    }

    void admitted(Octets id, RasMessage answer, boolean registered, RasTime now) {
        var call = calls.of(id);
        if (call.isEmpty()) {
            refused(id, "undefinedReason");
            return;
        }
        var known = call.get();
        var address = answer.body().at("destCallSignalAddress").flatMap(TransportAddress::fromH225);
        known.bandwidth = answer.body().numberAt("bandWidth").orElse(0L);
        known.routed = answer.body().chosenAt("callModel").equals(Optional.of("gatekeeperRouted"));
        if (address.isEmpty() || known.bandwidth < known.call.leastBandwidth()) {
            // The gatekeeper has admitted it: it hears that the call is not made.
            disengage(id, registered, now);
            refused(id, address.isEmpty() ? "noRouteToDestination" : "insufficientResources");
            return;
        }
        known.reportEvery = 1_000_000_000L * answer.body().numberAt("irrFrequency").orElse(0L);
        known.reportAt = known.reportEvery == 0 ? Long.MAX_VALUE : now.nanos() + known.reportEvery;
        known.reportIsAnswered = answer.body().flagAt("willRespondToIRR");
        line.tell(new EndpointEvent.Admitted(id, address.get(), known.routed, known.bandwidth));
    }

    void refused(Octets id, String reason) {
        calls.end(id);
        line.tell(new EndpointEvent.AdmissionRefused(id, reason));
    }

    /// The gatekeeper is silent. Admission can be asked of another one.
    void unanswered(Requests.Open<Optional<Octets>> request) {
        switch (request.name()) {
            case "admissionRequest" -> request.subject().flatMap(calls::of).ifPresent(c -> c.unanswered = true);
            case "disengageRequest" -> ended(request.subject().orElseThrow());
            case "bandwidthRequest" -> request.subject().flatMap(calls::of)
                    .ifPresent(c -> line.tell(new EndpointEvent.BandwidthSet(c.call.callIdentifier(), c.bandwidth, false)));
            default -> { }
        }
    }

    void ended(Octets call) {
        calls.end(call);
        line.tell(new EndpointEvent.Disengaged(call));
    }

    void disengageDemanded(RasMessage message, TransportAddress from, RasTime now) {
        var call = message.callIdentifier().filter(calls::end);
        line.reply(from, call.isPresent() ? RasMessage.of("disengageConfirm", message.sequence())
                : RasMessage.of("disengageReject", message.sequence()).with("rejectReason", Value.choice("requestToDropOther")), now);
        call.ifPresent(c -> line.tell(new EndpointEvent.DisengageDemanded(c,
                message.body().chosenAt("disengageReason").orElse("undefinedReason"))));
    }

    void bandwidthDemanded(RasMessage message, TransportAddress from, RasTime now) {
        long bandwidth = message.body().numberAt("bandWidth").orElse(0L);
        var call = message.callIdentifier().flatMap(calls::of);
        if (call.isPresent() && bandwidth >= call.get().call.lowestBandwidth()) {
            call.get().bandwidth = bandwidth;
            line.reply(from, RasMessage.of("bandwidthConfirm", message.sequence()).with("bandWidth", bandwidth), now);
            line.tell(new EndpointEvent.BandwidthSet(call.get().call.callIdentifier(), bandwidth, false));
        } else {
            line.reply(from, GatekeeperAnswers.bandwidthReject(message, call.isEmpty() ? "invalidConferenceID" : "insufficientResources",
                    call.map(c -> c.call.lowestBandwidth()).orElse(0L)), now);
        }
    }

    void stateDemanded(RasMessage message, TransportAddress from, RasTime now) {
        line.reply(message.body().at("replyAddress").flatMap(TransportAddress::fromH225).filter(a -> a.ip().equals(from.ip())).orElse(from),
                messages.information(message, line.endpointIdentifier(), calls.all()), now);
    }

    long nextReport() {
        return calls.all().stream().mapToLong(c -> c.reportAt).min().orElse(Long.MAX_VALUE);
    }

    /// Tells of the calls that the gatekeeper wants to hear of regularly (`irrFrequency`).
    ///
    /// @param registered otherwise nobody wants to
    void report(boolean registered, RasTime now) {
        for (var call : calls.all()) {
            if (call.reportAt <= now.nanos()) {
                call.reportAt = now.nanos() + call.reportEvery;
                if (registered && line.hasRoom()) {
                    report(call, now);
                }
            }
        }
    }

    private void report(AdmittedCalls.Known call, RasTime now) {
        var report = messages.report(line.nextSequence(), line.endpointIdentifier(), call);
        if (call.reportIsAnswered) {
            line.send(report, Optional.of(call.call.callIdentifier()), now);
        } else {
            line.report(report, now);
        }
    }
}
