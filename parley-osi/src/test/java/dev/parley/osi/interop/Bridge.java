package dev.parley.osi.interop;

import dev.parley.api.Phase;
import dev.parley.api.SessionException;
import dev.parley.osi.FunctionalUnit;
import dev.parley.osi.Indication;
import dev.parley.osi.Request;
import dev.parley.osi.SessionOptions;
import dev.parley.osi.user.OsiCall;
import dev.parley.osi.user.OsiProtocol;
import dev.parley.osi.user.OsiServer;
import dev.parley.osi.user.OsiSession;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

/// Takes the calls of one stack as the called side of our session layer, and carries what it says to another stack as the calling side: every
/// octet of user data passes through two sessions of ours.
final class Bridge implements OsiServer.Handler {
    /// MMS stacks read one layout of the Connect/Accept Item: version 2 alone, and no extended concatenation.
    static final SessionOptions MMS = SessionOptions.DEFAULT.withVersions(2).withConcatenation(false, false);

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final InetSocketAddress server;
    final AtomicLong octets = new AtomicLong();
    /// How the first association ended: release, abort, or lost.
    final CompletableFuture<String> end = new CompletableFuture<>();
    /// Our calling side of the first association.
    final CompletableFuture<OsiSession> calling = new CompletableFuture<>();
    /// Both transport connections of the first association are closed, and nobody waits for them any more.
    final CompletableFuture<Void> freed = new CompletableFuture<>();

    Bridge(InetSocketAddress server) {
        this.server = server;
    }

    @Override
    public void handle(OsiCall call) throws Exception {
        var proposal = call.proposal();
        var osi = OsiProtocol.with(FunctionalUnit.DUPLEX).options(MMS).selectors(proposal.callingSelector(), proposal.calledSelector());
        try (var line = osi.open(server)) {
            var request = new Request.Connect(
                    proposal.identifier(), proposal.callingSelector(), proposal.calledSelector(), proposal.requirements(),
                    proposal.initialSerial(), proposal.secondInitialSerial(), proposal.tokens(), proposal.userData());
            var there = line.connect(request);
            calling.complete(there);
            var confirm = there.accepted().orElseThrow();
            var here = call.accept(confirm.selected(), confirm.userData());
            var back = Thread.ofVirtual().start(() -> carry(there, here));
            carry(here, there);
            back.join();
            if (line.awaitClosed(PATIENCE) && call.line().awaitClosed(PATIENCE)) {
                freed.complete(null);
            }
        }
    }

    private void carry(OsiSession from, OsiSession to) {
        try {
            while (true) {
                switch (from.receive()) {
                    case Indication.Data(var data) -> {
                        octets.addAndGet(data.remaining());
                        to.send(data);
                    }
                    case Indication.Release(var data) -> to.request(new Request.Release(false, data));
                    case Indication.ReleaseConfirm(var affirmative, var data) -> {
                        to.answerRelease(affirmative, data);
                        end.complete("release");
                    }
                    case Indication.UserAbort(var data) -> {
                        end.complete("abort");
                        to.abort(false, data);
                    }
                    case Indication.ProviderAbort(var reason, _) -> {
                        end.complete("lost");
                        to.abort(reason);
                    }
                    case Indication other -> throw new AssertionError("not expected of MMS: " + other);
                }
            }
        } catch (SessionException e) {
            // The session has ended; so does this direction, and the other session with it.
            if (to.phase() != Phase.ENDED) {
                to.abort(String.valueOf(e.getMessage()));
            }
        }
    }
}
