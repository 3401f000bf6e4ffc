package dev.parley.cli.h323;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.cli.term.CommandFailed;
import dev.parley.cli.term.ExitCode;
import dev.parley.cli.term.OutputOptions;
import dev.parley.cli.term.PcapOption;
import dev.parley.cli.term.Span;
import dev.parley.cli.term.StopSignal;
import dev.parley.cli.term.Terminal;
import dev.parley.h323.gatekeeper.Addresses;
import dev.parley.h323.gatekeeper.Gatekeeper;
import dev.parley.h323.gatekeeper.PasswordFile;
import dev.parley.h323.gatekeeper.Router;
import dev.parley.h323.ras.Alias;
import dev.parley.h323.ras.GatekeeperConfig;
import dev.parley.h323.ras.GatekeeperEvent;
import dev.parley.h323.ras.Passwords;
import dev.parley.h323.ras.Registration;
import dev.parley.h323.wire.Reason;
import dev.parley.h323.wire.TransportAddress;
import dev.parley.runtime.tcp.VirtualLoop;
import dev.parley.runtime.capture.Capture;
import dev.parley.runtime.udp.Udp;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Registers H.323 endpoints, admits and routes their calls, and records them, until it is stopped.
@Command(
        name = "gatekeeper",
        description = "Be an H.323 gatekeeper: endpoints register, and find each other by name or number.",
        footer = {
            "",
            "With --state DIR users are those of `parley user add NAME --h323 --state DIR`. A users file has a",
            "line NAME:PASSWORD for each user instead, and only its owner may read it. Endpoints prove the",
            "password by H.235.1 (HMAC-SHA1-96) or the MD5 baseline. Without --users and --state everybody may",
            "register.",
            "",
            "Exit codes: 1 a port is taken or a file cannot be used, 2 the command line is wrong, 130 and 143",
            "stopped by Ctrl-C or SIGTERM; 0 does not come, since only a signal ends it.",
            "",
            "Examples:",
            "  parley gatekeeper --users users.txt                on every address of this machine",
            "  parley gatekeeper --listen 192.0.2.1 --routed      signalling goes through it",
            "  parley gatekeeper --calls calls.jsonl --json       call records in a file, events on stdout",
        })
public final class GatekeeperCommand implements Callable<Integer> {
    /// One repetition fits.
    private static final Duration FAREWELL = Duration.ofSeconds(4);
    private static final Duration ENDS_WITHIN = Duration.ofSeconds(5);
    /// H.225.0 counts hundreds of bit/s in 32 bits.
    private static final long MOST_BANDWIDTH = 429_496_729;

    @Mixin
    private final OutputOptions output = new OutputOptions();

    @Mixin
    private final PcapOption pcap = new PcapOption();

    @Option(names = "--listen", paramLabel = "HOST[:PORT]", defaultValue = "0.0.0.0:1719",
            description = "Where to take RAS (default: ${DEFAULT-VALUE}, all addresses); port 0 for any free one.")
    private String listen = "0.0.0.0:1719";

    @Option(names = "--id", paramLabel = "NAME", defaultValue = "parley", description = "The gatekeeper's identifier (default: ${DEFAULT-VALUE}).")
    private String identifier = "parley";

    @Option(names = "--users", paramLabel = "FILE", description = "Users and passwords; without it and --state everybody may register.")
    private Optional<Path> users = Optional.empty();

    @Option(names = "--state", paramLabel = "DIR", description = "The users are those of `parley user` in DIR; not when --users is given.")
    private Optional<Path> state = Optional.empty();

    @Option(names = "--routed", description = "Route call signalling through the gatekeeper; otherwise calls go directly.")
    private boolean routed;

    @Option(names = "--signalling-port", paramLabel = "PORT", defaultValue = "1720",
            description = "Where routed calls come to (default: ${DEFAULT-VALUE}); 0 for any free one.")
    private int signallingPort = Addresses.SIGNALLING_PORT;

    @Option(names = "--no-multicast", description = "Do not answer discovery at 224.0.1.41 port 1718.")
    private boolean noMulticast;

    @Option(names = "--time-to-live", paramLabel = "TIME", converter = Span.Converter.class, defaultValue = "300s",
            description = "How long a registration lives without a sign of life (default: ${DEFAULT-VALUE}).")
    private Duration timeToLive = Duration.ofSeconds(300);

    @Option(names = "--state-every", paramLabel = "TIME", converter = Span.Converter.class, defaultValue = "60s",
            description = "How often endpoints shall tell that a call is still on; whoever does not is asked, and a call that nobody is in any more "
                + "is recorded as ended (default: ${DEFAULT-VALUE}; 0s for never).")
    private Duration stateEvery = Duration.ofSeconds(60);

    private final CompletableFuture<Gatekeeper> running = new CompletableFuture<>();
    private final CompletableFuture<Router> signalling = new CompletableFuture<>();
    private final VirtualLoop loop = new VirtualLoop("gatekeeper");

    @Option(names = "--longest-call", paramLabel = "TIME", converter = Span.Converter.class,
            description = "End calls that last longer (default: never).")
    private Optional<Duration> longestCall = Optional.empty();

    @Option(names = "--call-bandwidth", paramLabel = "KBIT", defaultValue = "10000",
            description = "Most kbit/s that one call may use, both directions together (default: ${DEFAULT-VALUE}).")
    private long callBandwidth = 10_000;

    @Option(names = "--total-bandwidth", paramLabel = "KBIT", defaultValue = "10000000",
            description = "Most kbit/s that all calls may use together (default: ${DEFAULT-VALUE}); who asks for more is refused.")
    private long totalBandwidth = 10_000_000;

    @Option(names = "--pre-grant",
            description = "Let registered endpoints call addresses, and take calls, without asking; such calls are not recorded. Not with --routed.")
    private boolean preGrant;

    @Option(names = "--alternate", paramLabel = "HOST[:PORT]",
            description = "Tell endpoints of another gatekeeper that they may turn to when this one is gone; may be given several times.")
    private List<String> alternates = List.of();

    @Option(names = "--calls", paramLabel = "FILE", description = "Append a line of JSON for each call that has ended.")
    private Optional<Path> calls = Optional.empty();

    @Override
    public Integer call() throws Exception {
        checkRecords();
        if (users.isPresent() || state.isEmpty()) {
            return serve(users.isPresent() ? PasswordFile.read(users.get()) : Passwords.OPEN);
        }
        try (var known = StateUsers.open(state.get().resolve("server"))) {
            if (known.isEmpty()) {
                output.terminal().warn("nobody may register yet: no user in " + state.get() + " has a key for H.323"
                        + " (`parley user add NAME --h323 --state " + state.get() + "`)");
            }
            known.follow(loop, output.terminal());
            return serve(known);
        }
    }

    private int serve(Passwords passwords) throws Exception {
        var at = CallTarget.address("--listen", listen, Addresses.RAS_PORT, ExitCode.USAGE);
        if (signallingPort < 0 || signallingPort > 0xFFFF) {
            throw new CommandFailed(ExitCode.USAGE, "--signalling-port is 0 to 65535, not " + signallingPort);
        }
        if (routed && preGrant) {
            throw new CommandFailed(ExitCode.USAGE, "--pre-grant does not go with --routed: a call that is routed must be asked for");
        }
        requireBandwidth("--call-bandwidth", callBandwidth);
        requireBandwidth("--total-bandwidth", totalBandwidth);
        var capture = pcap.openToTheEnd();
        try (var stop = new StopSignal()) {
            try (var router = router(at, capture); var gatekeeper = gatekeeper(at, router, passwords, capture)) {
                signalling.complete(router);
                running.complete(gatekeeper);
                ready(gatekeeper, router, passwords);
                stop.await();
                // Endpoints need not find out by themselves that nobody is here any more.
                gatekeeper.leave("maintenance", FAREWELL).toCompletableFuture().join();
                return ExitCode.DONE.number();
            } finally {
                loop.stop();
                PcapOption.finish(capture, output.terminal());
            }
        }
    }

    private static void requireBandwidth(String option, long kilobits) {
        if (kilobits < 1 || kilobits > MOST_BANDWIDTH) {
            throw new CommandFailed(ExitCode.USAGE, option + " is 1 to " + MOST_BANDWIDTH + " kbit/s, not " + kilobits);
        }
    }

    private Router router(InetSocketAddress at, Optional<Capture> capture) throws IOException {
        // In direct mode nobody is sent here, so any port will do.
        var signalling = new InetSocketAddress(at.getAddress(), routed ? signallingPort : 0);
        try {
            return Router.listen(signalling, call -> running.thenCompose(g -> g.destination(call)),
                    call -> running.thenAccept(g -> g.answered(call)), Router.MOST_CALLS, capture);
        } catch (IOException e) {
            throw taken(signalling, "--signalling-port", e);
        }
    }

    private Gatekeeper gatekeeper(
            InetSocketAddress at, Router router, Passwords passwords, Optional<Capture> capture) throws IOException {
        var others = alternates.stream().map(GatekeeperCommand::alternate).toList();
        var network = capture.map(c -> c.tap(new Udp(), Addresses.RAS_PORT)).orElseGet(Udp::new);
        try {
            return Gatekeeper.open(network, loop, new SecureRandom(), at, router.address(), !noMulticast, (ras, signalling) -> {
                var config = GatekeeperConfig.of(identifier, ras, signalling, passwords).timeToLive(timeToLive).alternates(others)
                        .stateEvery(stateEvery).bandwidths(10 * callBandwidth, 10 * totalBandwidth);
                var granting = preGrant ? config.preGranting() : config;
                return routed ? granting.routing() : granting;
            }, this::happened);
        } catch (IllegalArgumentException e) {
            throw new CommandFailed(ExitCode.USAGE, String.valueOf(e.getMessage()), "", "", e);
        } catch (IOException e) {
            throw taken(at, "--listen, or --no-multicast when another gatekeeper has port 1718", e);
        }
    }

    /// Before the first call ends, not after it.
    private void checkRecords() {
        try {
            if (calls.isPresent()) {
                Files.writeString(calls.get(), "", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            }
        } catch (IOException e) {
            throw new CommandFailed(ExitCode.OTHER, "the records of calls cannot be written to " + calls.get() + ": " + Recordings.why(e)
                    + "; name another file with --calls", "", "", e);
        }
    }

    private static TransportAddress alternate(String text) {
        return Addresses.of(CallTarget.address("--alternate", text, Addresses.RAS_PORT, ExitCode.USAGE));
    }

    private static CommandFailed taken(InetSocketAddress at, String option, IOException e) {
        return new CommandFailed(ExitCode.OTHER, "cannot listen on " + CallTarget.words(at) + " (" + e.getMessage()
                + "); choose another with " + option, "", "", e);
    }

    private void ready(Gatekeeper gatekeeper, Router router, Passwords passwords) {
        var ras = gatekeeper.rasAddress();
        var event = Terminal.event("ready").put("address", CallTarget.words(ras)).put("port", ras.getPort())
                .put("identifier", identifier).put("routed", routed).put("passwords", passwords.areRequired());
        output.terminal().tell(routed ? event.put("signallingPort", router.address().getPort()) : event);
        output.terminal().say("gatekeeper " + identifier + " takes RAS on " + CallTarget.words(ras)
                + (routed ? " and routes calls on port " + router.address().getPort() : "") + "; Ctrl-C ends it");
        if (!passwords.areRequired()) {
            output.terminal().say("        everybody may register; --users FILE asks for passwords");
        }
    }

    private void happened(GatekeeperEvent event) {
        switch (event) {
            case GatekeeperEvent.Registered(Registration r) -> registration("registered", r, "");
            case GatekeeperEvent.Unregistered(Registration r, String reason) -> registration("unregistered", r, reason);
            case GatekeeperEvent.Refused(String message, List<Alias> who, String reason) -> {
                output.terminal().tell(Terminal.event("refused").put("message", message).put("who", names(who)).put("reason", Reason.name(reason))
                        .put("words", Reason.words(reason)));
                output.terminal().say("refused " + message + " of " + (who.isEmpty() ? "somebody" : names(who)) + ": " + Reason.words(reason));
            }
            case GatekeeperEvent.CallAdmitted a -> {
                longestCall.ifPresent(limit -> loop.schedule(limit, () -> running.thenAccept(g -> g.drop(a.callIdentifier()))));
                output.terminal().tell(Terminal.event("call").put("call", a.callIdentifier().hex()).put("from", a.from()).put("to", a.to()));
                output.terminal().say(a.from() + " calls " + a.to());
            }
            case GatekeeperEvent.BandwidthChanged b -> output.terminal().tell(Terminal.event("bandwidth").put("call", b.callIdentifier().hex())
                    .put("endpoint", b.endpointIdentifier()).put("bandwidth", 100 * b.bandwidth()));
            case GatekeeperEvent.BandwidthRefused b -> output.terminal().tell(Terminal.event("bandwidth-refused")
                    .put("call", b.callIdentifier().hex()).put("endpoint", b.endpointIdentifier()).put("reason", b.reason())
                    .put("bandwidth", 100 * b.allowed()));
            // An endpoint that obeys has ended the call by then.
            case GatekeeperEvent.PartyLeft p -> signalling.thenAccept(r -> loop.schedule(ENDS_WITHIN, r.ending(p.callIdentifier())));
            case GatekeeperEvent.CallEnded e -> ended(e);
        }
    }

    private void registration(String what, Registration r, String reason) {
        var event = Terminal.event(what).put("endpoint", r.identifier()).put("aliases", names(r.aliases()))
                .put("address", r.signalAddresses().getFirst().toString());
        output.terminal().tell(reason.isEmpty() ? event : event.put("reason", reason));
        output.terminal().say(what + " " + names(r.aliases()) + " at " + r.signalAddresses().getFirst()
                + (reason.isEmpty() ? "" : ": " + Reason.words(reason)));
    }

    private void ended(GatekeeperEvent.CallEnded e) {
        var record = record(e);
        output.terminal().tell(record);
        output.terminal().say("call of " + e.from() + " to " + e.to() + " ended (" + Reason.words(e.reason()) + ") "
                + e.answeredMillis().map(a -> Span.text(Duration.ofMillis(e.endedMillis() - a)) + " after it was answered")
                .orElseGet(() -> Span.text(Duration.ofMillis(e.endedMillis() - e.startedMillis())) + " after it was asked for"
                        + (e.routed() ? ", without an answer" : "; nobody told of an answer")));
        if (calls.isPresent()) {
            try {
                append(calls.get(), record + "\n");
            } catch (IOException problem) {
                output.terminal().warn("parley: the record of a call could not be written to " + calls.get() + ": " + Recordings.why(problem)
                        + "; make room there, the next one is tried again; what is lost: " + record);
            }
        }
    }

    /// All of it or nothing.
    private static void append(Path file, String line) throws IOException {
        try (var records = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            long before = records.size();
            var octets = ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8));
            try {
                while (octets.hasRemaining()) {
                    records.write(octets);
                }
            } catch (IOException e) {
                if (Files.isRegularFile(file)) {
                    records.truncate(before);
                }
                throw e;
            }
        }
    }

    private static ObjectNode record(GatekeeperEvent.CallEnded e) {
        var record = Terminal.event("call-ended").put("call", e.callIdentifier().hex()).put("from", e.from()).put("to", e.to())
                .put("routed", e.routed()).put("bandwidth", 100 * e.bandwidth()).put("started", Instant.ofEpochMilli(e.startedMillis()).toString());
        e.answeredMillis().ifPresent(a -> record.put("answered", Instant.ofEpochMilli(a).toString()));
        return record.put("ended", Instant.ofEpochMilli(e.endedMillis()).toString()).put("reason", e.reason());
    }

    private static String names(List<Alias> aliases) {
        return aliases.stream().map(Alias::text).collect(Collectors.joining(", "));
    }
}
