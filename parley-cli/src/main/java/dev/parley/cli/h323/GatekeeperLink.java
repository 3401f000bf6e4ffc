package dev.parley.cli.h323;

import dev.parley.api.SessionException;
import dev.parley.cli.term.CommandFailed;
import dev.parley.cli.term.ExitCode;
import dev.parley.cli.term.Terminal;
import dev.parley.h323.H323Call;
import dev.parley.h323.H323Endpoint;
import dev.parley.h323.gatekeeper.Addresses;
import dev.parley.h323.gatekeeper.RasEndpoint;
import dev.parley.h323.machine.CallEnd;
import dev.parley.h323.ras.Admission;
import dev.parley.h323.ras.Alias;
import dev.parley.h323.ras.DisengageReason;
import dev.parley.h323.ras.EndpointConfig;
import dev.parley.h323.ras.EndpointEvent;
import dev.parley.h323.wire.AliasKind;
import dev.parley.h323.wire.Capability;
import dev.parley.h323.wire.Cause;
import dev.parley.h323.wire.Reason;
import dev.parley.h323.wire.TransportAddress;
import dev.parley.h323.wire.per.Octets;
import dev.parley.runtime.capture.Capture;
import dev.parley.runtime.tcp.VirtualLoop;
import dev.parley.runtime.udp.Udp;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/// A registration with a gatekeeper, for as long as a command runs. Calls are asked for and their ends told; what the gatekeeper wants by
/// itself is done: it can end a call. A gatekeeper that is lost changes nothing about calls that go on.
final class GatekeeperLink implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 15;
    /// At the end nothing depends on the answer any more: one repetition fits.
    private static final int LAST_WORDS_SECONDS = 4;

    private final VirtualLoop loop = new VirtualLoop("ras");
    private final Map<Octets, H323Call> calls = new ConcurrentHashMap<>();
    /// Why calls were not admitted, until whoever asked has read it.
    private final Map<Octets, String> refusals = new ConcurrentHashMap<>();
    private final RasEndpoint ras;
    private final List<Alias> own;
    private final InetSocketAddress signalling;
    private final List<Capability> formats;
    private final Terminal terminal;
    /// Why there is no registration, as it was told; nothing while there is one. On the loop.
    private String trouble = "";

    private GatekeeperLink(InetSocketAddress local, Function<TransportAddress, EndpointConfig> config, List<Alias> own, InetSocketAddress signalling,
            List<Capability> formats, Optional<Capture> capture, Terminal terminal) throws IOException {
        this.own = own;
        this.signalling = signalling;
        this.formats = formats;
        this.terminal = terminal;
        var network = capture.map(c -> c.tap(new Udp(), Addresses.RAS_PORT)).orElseGet(Udp::new);
        ras = RasEndpoint.open(network, loop, new SecureRandom(), local, config, this::happened);
    }

    /// Waits until it is registered.
    ///
    /// @param formats of the calls, which say how much bandwidth each one needs
    /// @param capture where RAS is written
    static GatekeeperLink open(InetSocketAddress local, Function<TransportAddress, EndpointConfig> config, List<Alias> own,
            InetSocketAddress signalling, List<Capability> formats, Optional<Capture> capture, Terminal terminal) throws IOException {
        var link = new GatekeeperLink(local, config, own, signalling, formats, capture, terminal);
        try {
            ask(link.ras.registered(), PATIENCE_SECONDS);
            return link;
        } catch (SessionException | CommandFailed e) {
            link.stop();
            throw e;
        }
    }

    /// On the loop of RAS.
    private void happened(EndpointEvent event) {
        switch (event) {
            case EndpointEvent.Registered(var gatekeeper, _, _) -> {
                var words = "registered with the gatekeeper " + gatekeeper;
                if (trouble.isEmpty()) {
                    terminal.detail(words);
                } else {
                    terminal.say(words);
                }
                trouble = "";
                terminal.tell(Terminal.event("registered").put("gatekeeper", gatekeeper.toString()));
            }
            case EndpointEvent.GatekeeperLost(var what) -> {
                var words = Reason.words(what);
                if (!trouble.equals(words)) {
                    terminal.warn(words + "; looking for another one");
                }
                trouble = words;
                var lost = Terminal.event("gatekeeper-lost").put("words", words);
                terminal.tell(words.equals(what) ? lost : lost.put("reason", what));
            }
            case EndpointEvent.Unregistered(boolean byGatekeeper, var reason) when byGatekeeper -> {
                trouble = Reason.words(reason);
                terminal.warn("the gatekeeper ended the registration: " + trouble);
                terminal.tell(Terminal.event("unregistered").put("reason", reason));
            }
            case EndpointEvent.DisengageDemanded(var call, var reason) -> {
                var present = calls.get(call);
                if (present != null) {
                    present.hangUp(Cause.NORMAL_UNSPECIFIED, reason);
                    terminal.say("the gatekeeper ends the call: " + Reason.words(reason));
                    terminal.tell(Terminal.event("dropped").put("session", present.id().toString()).put("reason", reason));
                }
            }
            case EndpointEvent.BandwidthSet(var call, long bandwidth, boolean asAsked) when !asAsked -> keepTo(call, bandwidth);
            case EndpointEvent.RegistrationRefused(var reason) -> refused("registrationRequest", reason);
            case EndpointEvent.AdmissionRefused(var call, var reason) -> {
                refusals.put(call, reason);
                refused("admissionRequest", reason);
            }
            case EndpointEvent.Unregistered _, EndpointEvent.Admitted _, EndpointEvent.BandwidthSet _, EndpointEvent.Disengaged _ -> { }
        }
    }

    /// Whoever waits for the answer says it in words; a program finds the reason by its name.
    private void refused(String message, String reason) {
        terminal.tell(Terminal.event("refused").put("message", message).put("reason", reason));
    }

    /// What does not fit any more is closed by both sides, and opened again when there is room.
    private void keepTo(Octets identifier, long bandwidth) {
        var call = calls.get(identifier);
        if (call != null) {
            terminal.say("the gatekeeper allows the call " + 100 * bandwidth + " bit/s");
            terminal.tell(Terminal.event("bandwidth").put("bandwidth", 100 * bandwidth));
            call.offer(Admission.within(formats, bandwidth));
        }
    }

    /// Where a call of ours goes.
    InetSocketAddress admit(H323Endpoint.Identifiers call, CallTarget.Destination wanted) {
        return Addresses.of(ask(ras.admit(admission(call.call(), call.conference(), call.reference(), false,
                wanted.aliases().stream().map(Alias::of).toList(), wanted.address().map(Addresses::of), own, signalling)), PATIENCE_SECONDS)
                .signalAddress());
    }

    /// Where a call of ours goes that was sent on: the one before is over for the gatekeeper, and the new one is asked for (clause 8.1.4/H.323).
    Optional<InetSocketAddress> elsewhere(H323Endpoint.Identifiers call, CallEnd.Redirected to) {
        if (to.aliases().isEmpty() && to.to().isEmpty()) {
            return Optional.empty();
        }
        try {
            ask(ras.disengage(call.call(), DisengageReason.NORMAL_DROP), PATIENCE_SECONDS);
            return Optional.of(admit(call, new CallTarget.Destination(to.aliases(), to.to().map(Addresses::of))));
        } catch (SessionException | CommandFailed e) {
            terminal.warn("the gatekeeper has nobody for a call that was " + to.words() + ": " + e.getMessage());
            return Optional.empty();
        }
    }

    /// Asks whether we may take a call.
    ///
    /// @return the gatekeeper's reason when we may not
    /// @throws SessionException when it cannot be asked
    /// @throws CommandFailed when it does not answer
    Optional<String> refusal(H323Call call) {
        var from = call.from().orElseThrow();
        var caller = from.aliases().stream().filter(name -> AliasKind.of(name).isPresent()).map(Alias::of).toList();
        try {
            ask(ras.admit(admission(from.callIdentifier(), from.conferenceId(), 1, true, own, Optional.empty(), caller, address(call))),
                    PATIENCE_SECONDS);
            follow(from.callIdentifier(), call);
            return Optional.empty();
        } catch (SessionException.Refused _) {
            return Optional.of(refusals.getOrDefault(from.callIdentifier(), "undefinedReason"));
        } finally {
            refusals.remove(from.callIdentifier());
        }
    }

    private static InetSocketAddress address(H323Call call) {
        return CallTarget.address("the caller", call.peer().address(), 0, ExitCode.LOST);
    }

    /// From now on the gatekeeper can end the call. It is told when it is answered.
    void follow(Octets identifier, H323Call call) {
        calls.put(identifier, call);
        call.answered().thenRun(() -> ras.answered(identifier));
    }

    /// @param caller who calls
    /// @param source where the signalling of the call comes from
    private Admission admission(Octets call, Octets conference, int reference, boolean answer, List<Alias> destination,
            Optional<TransportAddress> destinationAddress, List<Alias> caller, InetSocketAddress source) {
        return new Admission(call, conference, reference, answer, destination, destinationAddress, caller,
                Optional.of(Addresses.of(source)), Admission.bandwidth(formats)).downTo(Admission.lowestBandwidth(formats));
    }

    /// Tells that a call is over. That it cannot be told is no fault of the call.
    void ended(Octets call) {
        var present = Optional.ofNullable(calls.remove(call));
        var end = present.flatMap(c -> Optional.ofNullable(c.callEnd().toCompletableFuture().getNow(null)));
        lastWords(ras.disengage(call, reason(end)), "the gatekeeper was not told of the end of the call");
    }

    /// @param end nothing when no call came of it
    static DisengageReason reason(Optional<CallEnd> end) {
        return end.map(e -> switch (e) {
            case CallEnd.Cleared c when c.reason().map(Reason::name).equals(Optional.of("forcedDrop")) -> DisengageReason.FORCED_DROP;
            case CallEnd.Cleared c when c.wasConnected() && !c.isOrderly() -> DisengageReason.UNDEFINED_REASON;
            case CallEnd.Cleared _, CallEnd.Redirected _ -> DisengageReason.NORMAL_DROP;
            case CallEnd.Lost _, CallEnd.Malformed _ -> DisengageReason.UNDEFINED_REASON;
        }).orElse(DisengageReason.UNDEFINED_REASON);
    }

    /// Leaves the gatekeeper.
    @Override
    public void close() {
        lastWords(ras.unregister(), "the gatekeeper was not told that we leave");
        stop();
    }

    private void lastWords(CompletionStage<?> answer, String otherwise) {
        try {
            ask(answer, LAST_WORDS_SECONDS);
        } catch (SessionException | CommandFailed e) {
            terminal.warn(otherwise + ": " + e.getMessage());
        }
    }

    private void stop() {
        ras.close();
        loop.stop();
    }

    private static <T> T ask(CompletionStage<T> answer, int seconds) {
        try {
            return answer.toCompletableFuture().get(seconds, TimeUnit.SECONDS);
        } catch (TimeoutException _) {
            throw new CommandFailed(ExitCode.LOST, "the gatekeeper does not answer");
        } catch (ExecutionException e) {
            throw e.getCause() instanceof SessionException known ? known : new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SessionException.Interrupted("interrupted while the gatekeeper was asked", e);
        }
    }
}
