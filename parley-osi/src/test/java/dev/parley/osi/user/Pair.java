package dev.parley.osi.user;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// Two applications and a real connection between them, in one process.
final class Pair {
    private Pair() {}

    /// What one side does; its failure is the test's.
    @FunctionalInterface
    interface Application {
        void talk(OsiSession session) throws Exception;
    }

    static void run(OsiProtocol protocol, Application called, Application calling) throws Exception {
        calls(protocol, call -> called.talk(call.accept(protocol.units(), text(""))), address -> {
            try (var session = protocol.connect(address)) {
                calling.talk(session);
            }
        });
    }

    interface Caller {
        void call(InetSocketAddress address) throws Exception;
    }

    /// The called side gets each call; the calling side does what it wants.
    static void calls(OsiProtocol protocol, OsiServer.Handler called, Caller calling) throws Exception {
        var outcome = new CompletableFuture<Void>();
        OsiServer.Handler watched = call -> {
            try {
                called.handle(call);
                outcome.complete(null);
            } catch (Exception | AssertionError e) {
                outcome.completeExceptionally(e);
            }
        };
        try (var server = protocol.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), watched)) {
            try {
                calling.call(server.address());
            } catch (Exception | AssertionError e) {
                if (outcome.isCompletedExceptionally()) {
                    outcome.exceptionNow().addSuppressed(e);
                } else {
                    throw e;
                }
            }
            outcome.get(20, TimeUnit.SECONDS);
        }
    }

    static ByteBuffer text(String words) {
        return ByteBuffer.wrap(words.getBytes(StandardCharsets.UTF_8));
    }

    static String text(ByteBuffer octets) {
        return StandardCharsets.UTF_8.decode(octets.duplicate()).toString();
    }
}
