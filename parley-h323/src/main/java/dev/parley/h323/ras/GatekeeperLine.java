package dev.parley.h323.ras;

import dev.parley.api.SessionException;
import dev.parley.h323.wire.TransportAddress;
import dev.parley.h323.wire.per.Octets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What passes between an endpoint and its gatekeeper: whom it asks and by which name, what waits for an answer, whose answer counts, and what
/// is to be done.
final class GatekeeperLine {
    private final EndpointConfig config;
    private final Requests<Optional<Octets>> requests;
    private final Proof proof;
    private final GivenAnswers answers = new GivenAnswers();
    private Optional<TransportAddress> gatekeeper;
    private Optional<String> gatekeeperIdentifier;
    private Optional<String> endpointIdentifier = Optional.empty();
    private List<RasOutput> out = new ArrayList<>();

    GatekeeperLine(EndpointConfig config, long random) {
        this.config = config;
        this.requests = new Requests<>(random);
        this.proof = new Proof(config, random);
        this.gatekeeper = config.gatekeeper();
        this.gatekeeperIdentifier = config.gatekeeperIdentifier();
    }

    Optional<TransportAddress> gatekeeper() {
        return gatekeeper;
    }

    /// "the gatekeeper 192.0.2.1:1719 is silent"
    String silent() {
        return gatekeeper.map(g -> "the gatekeeper " + g + " is silent").orElse("no gatekeeper answers");
    }

    Optional<String> gatekeeperIdentifier() {
        return gatekeeperIdentifier;
    }

    /// The name that the gatekeeper gave us.
    Optional<String> endpointIdentifier() {
        return endpointIdentifier;
    }

    /// From now on another one is asked.
    void turnTo(Optional<TransportAddress> address, Optional<String> identifier) {
        gatekeeper = address;
        gatekeeperIdentifier = identifier;
    }

    void isCalled(Optional<String> identifier) {
        gatekeeperIdentifier = identifier.or(() -> gatekeeperIdentifier);
    }

    void weAreCalled(Optional<String> identifier) {
        endpointIdentifier = identifier;
    }

    int nextSequence() {
        return requests.nextSequence();
    }

    boolean hasRoom() {
        return requests.hasRoom();
    }

    /// @throws SessionException.LimitReached when too many requests wait
    void requireRoom() {
        requests.requireRoom();
    }

    void send(RasMessage request, Optional<Octets> subject, RasTime now) {
        send(request, subject, gatekeeper, proof.encode(request, gatekeeperIdentifier, endpointIdentifier, now), now);
    }

    /// To another gatekeeper, this once.
    void sendTo(AlternateGatekeepers.Alternate other, RasMessage request, Optional<Octets> subject, RasTime now) {
        send(request, subject, Optional.of(other.address()), proof.encode(request, other.identifier(), endpointIdentifier, now), now);
    }

    /// Without a token: discovery only learns whom to prove oneself to.
    void discover(RasMessage request, RasTime now) {
        send(request, Optional.empty(), gatekeeper, request.encode(), now);
    }

    private void send(RasMessage request, Optional<Octets> subject, Optional<TransportAddress> to, Octets octets, RasTime now) {
        out.add(requests.send(request.sequence(), new Requests.Open<>(request.name(), subject, to, octets, config.answerWithin(),
                config.tries() - 1, now.after(config.answerWithin()))));
    }

    void reply(TransportAddress to, RasMessage answer, RasTime now) {
        out.add(new RasOutput.Send(to, proof.encode(answer, gatekeeperIdentifier, endpointIdentifier, now)));
    }

    /// What nobody answers.
    void report(RasMessage message, RasTime now) {
        gatekeeper.ifPresent(g -> reply(g, message, now));
    }

    void tell(EndpointEvent event) {
        out.add(event);
    }

    List<RasOutput> outputs() {
        var all = out;
        out = new ArrayList<>();
        return all;
    }

    /// The answer that we gave already, when our answer was lost and the same demand comes again.
    Optional<RasOutput> given(Octets datagram, TransportAddress from, RasTime now) {
        return answers.to(datagram, from, now);
    }

    void keepAnswer(Octets datagram, TransportAddress from, RasTime now) {
        out.stream().filter(RasOutput.Send.class::isInstance).findFirst().ifPresent(a -> answers.keep(datagram, from, a, now));
    }

    /// Whether a demand is the gatekeeper's: it comes from its host, and is proven where we can know.
    boolean isDemand(RasMessage demand, Octets datagram, TransportAddress from, RasTime now) {
        return gatekeeper.filter(g -> g.ip().equals(from.ip())).isPresent()
                && proof.accepts(demand, datagram, gatekeeperIdentifier, endpointIdentifier, now);
    }

    /// The request that a message answers; nothing when nobody asked it. Refusals are taken unproven: the gatekeeper may not know our password.
    Optional<Requests.Open<Optional<Octets>>> answered(RasMessage answer, Octets datagram, TransportAddress from, RasTime now) {
        boolean proven = !answer.isConfirm() || answer.name().equals("gatekeeperConfirm");
        return requests.expects(answer, from) && (proven || proof.accepts(answer, datagram, gatekeeperIdentifier, endpointIdentifier, now))
                ? requests.answered(answer, from) : Optional.empty();
    }

    void inProgress(RasMessage message, TransportAddress from, RasTime now) {
        requests.delay(message.sequence(), from, now.after(Duration.ofMillis(message.body().numberAt("delay").orElse(1L))));
    }

    long nextDue() {
        return requests.nextDue();
    }

    /// Sends again what waits for too long.
    ///
    /// @return what was asked often enough
    List<Requests.Open<Optional<Octets>>> due(RasTime now) {
        var due = requests.due(now.nanos());
        due.again().forEach(r -> out.add(r.sending()));
        return due.failed();
    }

    /// Waits for no answers any more.
    ///
    /// @return what was asked
    List<Requests.Open<Optional<Octets>>> forget() {
        return requests.forget();
    }
}
