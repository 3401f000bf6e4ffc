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
    private PreGrant preGrant = PreGrant.NONE;
    private Usage usage = Usage.NONE;

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
        var granted = preGrant.destination(call, calls.all().stream().filter(c -> c.preGranted).mapToLong(c -> c.bandwidth).sum());
        if (granted.isEmpty()) {
            ask(call, now);
        } else {
            var known = calls.required(call.callIdentifier());
            known.preGranted = true;
            known.routed = preGrant.isRouted(call);
            report(known, preGrant.reportEvery(), now);
            line.tell(new EndpointEvent.Admitted(call.callIdentifier(), granted.get(), known.routed, call.bandwidth()));
        }
    }

    /// What a registration allows beforehand.
    void granted(PreGrant without) {
        preGrant = without;
    }

    /// What the gatekeeper wants to know of every call.
    void wanted(Usage wish) {
        usage = wish;
    }

    void answered(Octets callIdentifier, RasTime now) {
        calls.of(callIdentifier).ifPresent(c -> c.connectedSeconds = Optional.of(now.seconds()));
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
    void disengage(Octets callIdentifier, DisengageReason reason, boolean registered, RasTime now) {
        var call = calls.of(callIdentifier);
        if (call.isEmpty() || !registered || call.get().preGranted) {
            calls.end(callIdentifier);
            return;
        }
        line.send(messages.disengage(line.nextSequence(), line.endpointIdentifier().orElseThrow(), call.get(), reason, usage),
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
            disengage(id, DisengageReason.NORMAL_DROP, registered, now);
            refused(id, address.isEmpty() ? "noRouteToDestination" : "insufficientResources");
            return;
        }
        report(known, answer.body().numberAt("irrFrequency").orElse(0L), now);
        known.reportIsAnswered = answer.body().flagAt("willRespondToIRR");
        line.tell(new EndpointEvent.Admitted(id, address.get(), known.routed, known.bandwidth));
    }

    /// Another gatekeeper shall be asked for a call.
    ///
    /// @param once which one, for this call alone; nothing when we go there altogether
    /// @return false when it was sent on too often, or is over
    boolean sentOn(Octets id, Optional<AlternateGatekeepers.Alternate> once, RasTime now) {
        var call = calls.of(id);
        if (call.isEmpty() || ++call.get().sentOn > AlternateGatekeepers.MOST) {
            return false;
        }
        if (once.isPresent()) {
            line.sendTo(once.get(), messages.admission(line.nextSequence(), once.get().identifier(), line.endpointIdentifier().orElseThrow(),
                    call.get().call), Optional.of(id), now);
        } else {
            call.get().unanswered = true;
        }
        return true;
    }

    /// The gatekeeper shall be asked for a call again when it knows us.
    ///
    /// @return false when that was so before, or the call is over
    boolean askAnew(Octets id) {
        var call = calls.of(id).filter(c -> !c.askedAnew);
        call.ifPresent(c -> {
            c.askedAnew = true;
            c.unanswered = true;
        });
        return call.isPresent();
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
        var call = message.callIdentifier().flatMap(calls::of);
        line.reply(from, call.map(c -> EndpointMessages.disengageConfirm(message, c, usage))
                .orElseGet(() -> RasMessage.of("disengageReject", message.sequence()).with("rejectReason", Value.choice("requestToDropOther"))), now);
        call.map(c -> c.call.callIdentifier()).filter(calls::end).ifPresent(c -> line.tell(new EndpointEvent.DisengageDemanded(c,
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
                messages.information(message, line.endpointIdentifier(), calls.all(), usage), now);
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

    private static void report(AdmittedCalls.Known call, long everySeconds, RasTime now) {
        call.reportEvery = 1_000_000_000L * everySeconds;
        call.reportAt = call.reportEvery == 0 ? Long.MAX_VALUE : now.nanos() + call.reportEvery;
    }

    private void report(AdmittedCalls.Known call, RasTime now) {
        var report = messages.report(line.nextSequence(), line.endpointIdentifier(), call, usage);
        if (call.reportIsAnswered) {
            line.send(report, Optional.of(call.call.callIdentifier()), now);
        } else {
            line.report(report, now);
        }
    }
}
