package dev.parley.cli.netbios;

import dev.parley.cli.term.OutputOptions;
import dev.parley.cli.term.Terminal;
import dev.parley.netbios.session.NetbiosSession;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;

/// Standard input and output through a session: what is read becomes messages of up to 64 KiB, what is received is written as it comes. The
/// session is hung up at the end of the input; with no input it lasts until the peer hangs up.
final class Conversation {
    private static final int MESSAGE = 65_536;

    private final NetbiosSession session;
    private final OutputOptions output;
    private final boolean listenOnly;
    private final AtomicLong sent = new AtomicLong();
    private long received;

    Conversation(NetbiosSession session, OutputOptions output, boolean listenOnly) {
        this.session = session;
        this.output = output;
        this.listenOnly = listenOnly;
    }

    void run() throws IOException {
        if (!listenOnly) {
            Thread.ofPlatform().daemon().name("netbios-input").start(this::send);
        }
        try (var out = new FileOutputStream(FileDescriptor.out)) {
            for (var message = session.receive(); message.isPresent(); message = session.receive()) {
                received += message.get().remaining();
                if (!output.terminal().isJson()) {
                    out.getChannel().write(message.get());
                }
            }
        }
        output.terminal().say("the session with " + session.peer() + " is over: " + sent + " octets sent, " + received + " received");
        output.terminal().tell(Terminal.event("done").put("session", session.id().toString()).put("sent", sent.get()).put("received", received));
    }

    private void send() {
        var buffer = new byte[MESSAGE];
        try (var in = new FileInputStream(FileDescriptor.in)) {
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                session.send(ByteBuffer.wrap(buffer.clone(), 0, count));
                sent.addAndGet(count);
            }
            session.release();
        } catch (IOException e) {
            session.abort("standard input cannot be read: " + e.getMessage());
        } catch (dev.parley.api.SessionException e) {
            output.terminal().detail("nothing more can be sent: " + e.getMessage());
        }
    }
}
