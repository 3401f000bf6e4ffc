package dev.parley.netbios.name;

import dev.parley.api.SessionException;
import dev.parley.netbios.capture.Line;
import dev.parley.netbios.capture.Recorder;
import dev.parley.netbios.wire.Endpoint;
import dev.parley.netbios.wire.NamePacket;
import dev.parley.netbios.wire.NamePacketCodec;
import dev.parley.netbios.wire.Resource;
import dev.parley.runtime.tcp.Tcp;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/// The name service on TCP, for answers that do not fit a datagram (RFC 1002 section 4.2.1.1). Like a domain name server on TCP, each packet
/// has its length before it in two octets (RFC 883). Only questions are answered here: claims come by datagram.
final class NameTcp implements AutoCloseable {
    static final int MOST_CONNECTIONS = 32;
    static final int MOST_QUESTIONS = 16;
    /// How long one connection may take, with all its questions and answers.
    private static final Duration WAIT = Duration.ofSeconds(10);

    private final ServerSocket server;
    private final Function<NamePacket, Optional<NamePacket>> answers;
    private final Duration wait;
    private final Recorder recorder;
    private final Semaphore room = new Semaphore(MOST_CONNECTIONS);
    private final Thread accepting = Thread.ofVirtual().name("netbios-names-tcp").unstarted(this::accept);

    private NameTcp(ServerSocket server, Function<NamePacket, Optional<NamePacket>> answers, Duration wait, Recorder recorder) {
        this.server = server;
        this.answers = answers;
        this.wait = wait;
        this.recorder = recorder;
    }

    static NameTcp listen(InetSocketAddress address, Function<NamePacket, Optional<NamePacket>> answers, Recorder recorder) throws IOException {
        return listen(address, answers, WAIT, recorder);
    }

    static NameTcp listen(InetSocketAddress address, Function<NamePacket, Optional<NamePacket>> answers, Duration wait, Recorder recorder)
            throws IOException {
        var socket = new ServerSocket();
        try {
            socket.setReuseAddress(true);
            socket.bind(address, MOST_CONNECTIONS);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
        var tcp = new NameTcp(socket, answers, wait, recorder);
        tcp.accepting.start();
        return tcp;
    }

    /// The answer, or nothing from those who do not speak TCP.
    static Optional<Resource> fetch(Endpoint server, NamePacket question, Recorder recorder) {
        try {
            return ask(LocalNetwork.socketAddress(server), question, recorder).answer();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /// Asks again what was answered in part.
    static NamePacket ask(InetSocketAddress server, NamePacket question, Recorder recorder) throws IOException {
        try (var socket = new Socket()) {
            closeAfter(socket, WAIT);
            socket.connect(server, (int) WAIT.toMillis());
            var line = recorder.line(socket, true, NameService.Ports.STANDARD);
            write(socket, line, question);
            var answer = read(input(socket, line), NamePacketCodec.MOST_OCTETS);
            line.closed("");
            boolean ours = answer.isResponse() && answer.id() == question.id() && answer.opcode() == question.opcode()
                    && answer.answer().map(a -> a.name().equals(question.question().orElseThrow().name())).orElse(false);
            if (!ours) {
                throw new IOException(server + " answered another question than ours");
            }
            return answer;
        } catch (SessionException.ProtocolViolation e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                var socket = server.accept();
                if (room.tryAcquire()) {
                    Thread.ofVirtual().name("netbios-names-tcp").start(() -> serve(socket));
                } else {
                    socket.close();
                }
            } catch (IOException e) {
                // A connection that broke before it was taken, or the end: the loop's condition tells.
                if (!server.isClosed()) {
                    Tcp.awaitRoom();
                }
            }
        }
    }

    /// A time-out of each read alone would let a peer hold a connection with an octet now and then, or by not reading answers.
    private static void closeAfter(Socket socket, Duration wait) {
        CompletableFuture.delayedExecutor(wait.toMillis(), TimeUnit.MILLISECONDS, task -> Thread.ofVirtual().start(task)).execute(() -> {
            try {
                socket.close();
            } catch (IOException e) {
                // The descriptor is gone either way.
            }
        });
    }

    private void serve(Socket socket) {
        try (socket) {
            closeAfter(socket, wait);
            var line = recorder.line(socket, false, NameService.Ports.STANDARD);
            var in = input(socket, line);
            for (int i = 0; i < MOST_QUESTIONS; i++) {
                var question = read(in, NamePacketCodec.MOST_UDP);
                if (question.isResponse() || question.question().isEmpty()) {
                    return;
                }
                var answer = answers.apply(question);
                if (answer.isPresent()) {
                    write(socket, line, answer.get());
                }
            }
        } catch (SessionException.ProtocolViolation | IOException e) {
            // Whoever asks like that, or has asked all, is served.
        } finally {
            room.release();
        }
    }

    /// Buffered, so that a packet that comes in one piece is written down as one.
    private static DataInputStream input(Socket socket, Line line) throws IOException {
        return new DataInputStream(new BufferedInputStream(line.in(socket.getInputStream())));
    }

    private static NamePacket read(DataInputStream in, int most) throws IOException {
        int length = in.readUnsignedShort();
        if (length > most) {
            throw new IOException("a packet of " + length + " octets where at most " + most + " can come");
        }
        var octets = in.readNBytes(length);
        if (octets.length < length) {
            throw new EOFException("the connection ended inside a packet");
        }
        return NamePacketCodec.decode(ByteBuffer.wrap(octets));
    }

    private static void write(Socket socket, Line line, NamePacket packet) throws IOException {
        var octets = NamePacketCodec.encode(packet);
        var framed = ByteBuffer.allocate(2 + octets.remaining()).putShort((short) octets.remaining()).put(octets);
        line.out(socket.getOutputStream()).write(framed.array());
    }

    @Override
    public void close() {
        try {
            server.close();
            // Until its thread lets go of it, the port is taken.
            accepting.join();
        } catch (IOException e) {
            // The descriptor is gone either way.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
