package dev.parley.osi.user;

import dev.parley.api.SessionException;
import dev.parley.osi.OsiConnection;
import dev.parley.osi.wire.Spdu;
import dev.parley.runtime.Link;
import dev.parley.runtime.Loop;
import dev.parley.runtime.tcp.Tcp;
import dev.parley.runtime.tcp.VirtualLoop;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;

/// The called side: takes connections and gives each S-CONNECT indication to a handler on a virtual thread of its own.
public final class OsiServer implements AutoCloseable {
    /// What the application does with a call.
    @FunctionalInterface
    public interface Handler {
        /// Answers the call and drives the session; when it returns or throws, a session that has not ended is aborted.
        void handle(OsiCall call) throws Exception;
    }

    private final OsiProtocol protocol;
    private final Handler handler;
    private final Set<OsiLine> lines = ConcurrentHashMap.newKeySet();
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Tcp.Listener listener;

    private OsiServer(OsiProtocol protocol, InetSocketAddress address, Handler handler) throws IOException {
        this.protocol = protocol;
        this.handler = handler;
        listener = Tcp.listen(address, protocol.tls(), protocol.limits().sessions(), this::handler);
    }

    static OsiServer listen(OsiProtocol protocol, InetSocketAddress address, Handler handler) throws IOException {
        return new OsiServer(protocol, address, handler);
    }

    public InetSocketAddress address() {
        return listener.address();
    }

    /// Blocks until it is closed.
    public void awaitStop() throws InterruptedException {
        stopped.await();
    }

    /// Takes no more connections and ends those that are open.
    @Override
    public void close() throws IOException {
        listener.close();
        lines.forEach(OsiLine::close);
        stopped.countDown();
    }

    private Link.Handler handler(Loop loop) {
        var line = new OsiLine((VirtualLoop) loop, protocol.limits(), this::take);
        lines.removeIf(old -> !old.isOpen());
        lines.add(line);
        return protocol.tapped(
                OsiConnection.responder(loop, protocol.limits().connection(), protocol.options(), protocol.transport(), line.user()), false);
    }

    private void take(OsiCall call) {
        Thread.ofVirtual().name("parley-osi " + call.peer()).start(() -> {
            try {
                handler.handle(call);
                call.end("the application has left the session");
            } catch (SessionException e) {
                call.end(String.valueOf(e.getMessage()));
            } catch (Exception e) {
                call.end("the application failed");
                var thread = Thread.currentThread();
                thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
            }
        });
    }

    /// A handler that accepts with what the protocol wants, then lets the application talk.
    public static Handler accepting(OsiProtocol protocol, java.util.function.Consumer<OsiSession> talk) {
        return call -> {
            try (var session = call.accept(protocol.units(), Spdu.NO_DATA)) {
                talk.accept(session);
            }
        };
    }
}
