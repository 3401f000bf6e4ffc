package dev.parley.cli.netbios;

import dev.parley.api.SessionException;
import dev.parley.cli.term.CommandFailed;
import dev.parley.cli.term.ExitCode;
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
/// session is hung up at the end of the input; with no input it lasts until the peer hangs up. Events take the place of what is received where
/// they are wanted: both would go to standard output.
final class Conversation {
    private static final int MESSAGE = 65_536;

    private final NetbiosSession session;
    private final OutputOptions output;
    private final boolean listenOnly;
    private final FileInputStream in = new FileInputStream(FileDescriptor.in);
    private final AtomicLong sent = new AtomicLong();
    private volatile boolean reading;
    private volatile boolean unsent;
    private long received;

    Conversation(NetbiosSession session, OutputOptions output, boolean listenOnly) {
        this.session = session;
        this.output = output;
        this.listenOnly = listenOnly;
    }

    /// @throws CommandFailed when the peer hung up before all of the input was sent
    void run() throws IOException, InterruptedException {
        var sender = Thread.ofPlatform().daemon().name("netbios-input").unstarted(this::send);
        if (!listenOnly) {
            sender.start();
        }
        // Not closed: the terminal has the same descriptor.
        var out = new FileOutputStream(FileDescriptor.out).getChannel();
        for (var message = session.receive(); message.isPresent(); message = session.receive()) {
            received += message.get().remaining();
            while (!output.terminal().isJson() && message.get().hasRemaining()) {
                out.write(message.get());
            }
        }
        var figures = sent + " octets sent, " + received + " received";
        if (!listenOnly && leftUnsent(sender)) {
            throw new CommandFailed(ExitCode.LOST, session.peer() + " hung up before the end of the input: " + figures);
        }
        output.terminal().say("the session with " + session.peer() + " is over: " + figures);
        output.terminal().tell(Terminal.event("done").put("session", session.id().toString()).put("sent", sent.get()).put("received", received));
    }

    /// The protocol has no word for the end of the data: whether all was sent is known here only.
    private boolean leftUnsent(Thread sender) throws IOException, InterruptedException {
        while (sender.isAlive() && !reading) {
            sender.join(10);
        }
        return unsent || sender.isAlive() && in.available() > 0;
    }

    private void send() {
        var buffer = new byte[MESSAGE];
        try {
            for (int count = read(buffer); count >= 0; count = read(buffer)) {
                session.send(ByteBuffer.wrap(buffer.clone(), 0, count));
                unsent = false;
                sent.addAndGet(count);
            }
            session.release();
        } catch (IOException e) {
            session.abort("standard input cannot be read: " + e.getMessage());
        } catch (SessionException e) {
            output.terminal().detail("nothing more can be sent: " + e.getMessage());
        }
    }

    private int read(byte[] buffer) throws IOException {
        reading = true;
        int count = in.read(buffer);
        unsent = count > 0;
        reading = false;
        return count;
    }
}
