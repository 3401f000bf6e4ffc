package dev.parley.h323.gatekeeper;

import dev.parley.api.SessionException.ProtocolViolation;
import dev.parley.h323.machine.FirstMessage;
import dev.parley.h323.wire.Cause;
import dev.parley.h323.wire.MessageType;
import dev.parley.h323.wire.Tpkt;
import dev.parley.h323.wire.per.Octets;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;

/// A fuzz target: the octets of a caller to a router, over real sockets. What comes back is exact: nothing and the end of the connection, one
/// ReleaseComplete, or, for a call that is admitted (its identifier begins with an even octet), what the called side says; that side hears each
/// octet of the caller, and no other. Afterwards the router holds nothing more of the call.
public final class RouterTarget {
    private static final InetAddress HERE = InetAddress.ofLiteral("127.0.0.1");
    private static final int PATIENCE = 20_000;
    private static final byte[] BACK = Tpkt.wrap(Octets.ofHex("0802801107"));
    private static final RouterTarget ONE = open();

    private final ServerSocket callee;
    private final Router router;
    private final LinkedBlockingQueue<Octets> answered = new LinkedBlockingQueue<>();

    private RouterTarget() throws IOException {
        callee = new ServerSocket(0, 50, HERE);
        callee.setSoTimeout(PATIENCE);
        var there = Optional.of((InetSocketAddress) callee.getLocalSocketAddress());
        router = Router.listen(new InetSocketAddress(HERE, 0), call -> CompletableFuture.completedFuture(isAdmitted(call) ? there : Optional.empty()),
                answered::add, 5, Optional.empty());
    }

    private static RouterTarget open() {
        try {
            return new RouterTarget();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isAdmitted(Octets call) {
        return call.at(0) % 2 == 0;
    }

    public static void fuzzerTestOneInput(byte[] input) {
        try {
            ONE.calls(input);
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /// What has to come of the octets.
    private sealed interface Fate {
        record Closed() implements Fate {}

        record Refused(Octets answer) implements Fate {}

        record Carried(Octets call) implements Fate {}
    }

    private static Fate fate(byte[] input) {
        var tpkt = new Tpkt();
        for (int at = 0; at < input.length; at++) {
            List<Octets> complete;
            try {
                complete = tpkt.read(input, at, 1);
            } catch (ProtocolViolation e) {
                return new Fate.Closed();
            }
            if (!complete.isEmpty()) {
                return FirstMessage.read(complete.getFirst()).map(RouterTarget::fate).orElseGet(Fate.Closed::new);
            }
        }
        return new Fate.Closed();
    }

    private static Fate fate(FirstMessage first) {
        if (first.type().filter(t -> t == MessageType.SETUP || t == MessageType.STATUS_INQUIRY).isEmpty()) {
            return new Fate.Closed();
        }
        if (first.fault().isPresent()) {
            return new Fate.Refused(first.refused(first.fault().get()));
        }
        return first.call().filter(RouterTarget::isAdmitted).<Fate>map(Fate.Carried::new)
                .orElseGet(() -> new Fate.Refused(first.refused(Cause.REJECTED, "noPermission")));
    }

    private void calls(byte[] input) throws IOException, InterruptedException {
        var fate = fate(input);
        try (var caller = new Socket(HERE, router.address().getPort())) {
            caller.setSoTimeout(PATIENCE);
            send(caller, input);
            switch (fate) {
                case Fate.Closed _ -> same("nothing", new byte[0], rest(caller));
                case Fate.Refused(var answer) -> same("a refusal", Tpkt.wrap(answer), rest(caller));
                case Fate.Carried(var call) -> carried(caller, call, input);
            }
        }
        long end = System.nanoTime() + PATIENCE * 1_000_000L;
        while (router.connections() > 0 || router.callsCarried() > 0) {
            check(System.nanoTime() < end, router.connections() + " connections are held for " + router.callsCarried() + " calls");
            Thread.onSpinWait();
        }
        check(answered.isEmpty(), "a call is answered that is none");
    }

    /// Ends the caller's side unless the call goes on: then its end would be the end of both.
    private static void send(Socket caller, byte[] input) {
        try {
            caller.getOutputStream().write(input);
            if (!(fate(input) instanceof Fate.Carried)) {
                caller.shutdownOutput();
            }
        } catch (IOException e) {
            // The router has closed it already: what it said is there all the same.
            return;
        }
    }

    private void carried(Socket caller, Octets call, byte[] input) throws IOException, InterruptedException {
        try (var called = callee.accept()) {
            called.setSoTimeout(PATIENCE);
            // An empty TPKT before the first message is a sign of life, and not carried.
            var expected = Arrays.copyOfRange(input, emptyTpkts(input), input.length);
            // The first message has a header of ours.
            expected[1] = 0;
            same("what is called", expected, called.getInputStream().readNBytes(expected.length));
            called.getOutputStream().write(BACK);
            same("what calls", BACK, caller.getInputStream().readNBytes(BACK.length));
            check(answered.take().equals(call), "another call is answered");
            caller.close();
            same("what is called, at the end", new byte[0], rest(called));
        }
    }

    private static int emptyTpkts(byte[] input) {
        int at = 0;
        while (input[at + 2] == 0 && input[at + 3] == 4) {
            at += 4;
        }
        return at;
    }

    /// Until the end; a router that has not read everything resets the connection behind its answer.
    private static byte[] rest(Socket socket) {
        var all = new ByteArrayOutputStream();
        try {
            var in = socket.getInputStream();
            for (int octet = in.read(); octet >= 0; octet = in.read()) {
                all.write(octet);
            }
        } catch (java.net.SocketTimeoutException e) {
            throw new IllegalStateException("the connection is neither answered nor closed", e);
        } catch (IOException e) {
            return all.toByteArray();
        }
        return all.toByteArray();
    }

    private static void same(String what, byte[] expected, byte[] heard) {
        check(Arrays.equals(expected, heard), what + " should hear " + Octets.of(expected) + " and hears " + Octets.of(heard));
    }

    private static void check(boolean holds, String words) {
        if (!holds) {
            throw new IllegalStateException(words);
        }
    }
}
