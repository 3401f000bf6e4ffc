package dev.parley.cli.process;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;

/// A line to somebody who answers calls that loses one of fifty packets of sound on their way there, at random, or makes every second one of
/// them seem to come early. It carries the signalling of one
/// call, and puts a port of its own in place of the one where the answering side wants its sound.
final class LossyLine implements AutoCloseable {
    private static final byte[] HERE = {127, 0, 0, 1};
    /// Where media ports lie.
    private static final int FIRST_PORT = 16_384;
    private static final int LAST_PORT = 32_767;
    private static final int ONE_OF = 50;
    /// Of an RTP packet.
    private static final int TIMESTAMP = 4;

    private final ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    private final DatagramSocket sound = new DatagramSocket(0, InetAddress.getLoopbackAddress());
    private final Queue<Integer> dropped = new ConcurrentLinkedQueue<>();
    private final Random random;
    private final int last;
    private final int early;
    private volatile int wanted;

    /// @param server `HOST:PORT` on this machine
    /// @param packets that will come
    /// @param seed of what is lost
    LossyLine(String server, int packets, long seed) throws IOException {
        this(server, packets, seed, 0);
    }

    /// A line that loses nothing; the timestamps of every second packet are so much greater than they were. So its jitter is known, whatever a
    /// busy machine makes of the time between packets.
    static LossyLine uneven(String server, int timestamps) throws IOException {
        return new LossyLine(server, 0, 0, timestamps);
    }

    private LossyLine(String server, int packets, long seed, int early) throws IOException {
        this.early = early;
        last = packets - 1;
        random = new Random(seed);
        int port = Integer.parseInt(server.substring(server.lastIndexOf(':') + 1));
        Thread.ofVirtual().start(() -> signal(port));
        Thread.ofVirtual().start(this::carry);
    }

    String address() {
        return "127.0.0.1:" + listener.getLocalPort();
    }

    /// The packets that were lost, counted from 0. The first one and the last never are: nobody can know of those.
    List<Integer> dropped() {
        return List.copyOf(dropped);
    }

    private void signal(int port) {
        try (var client = listener.accept(); var server = new Socket(InetAddress.getLoopbackAddress(), port)) {
            Thread.ofVirtual().start(() -> {
                try (client; server) {
                    client.getInputStream().transferTo(server.getOutputStream());
                } catch (IOException e) {
                    // The other direction ends with it.
                }
            });
            // A message ends before the next one is read, so that no address is cut in two.
            var in = server.getInputStream();
            for (var head = in.readNBytes(4); head.length == 4; head = in.readNBytes(4)) {
                var message = in.readNBytes(((head[2] & 0xFF) << 8 | head[3] & 0xFF) - 4);
                redirect(message);
                client.getOutputStream().write(head);
                client.getOutputStream().write(message);
            }
        } catch (IOException e) {
            // One end is gone, so the other one goes too.
        }
    }

    private void redirect(byte[] message) {
        for (int at = 0; at + 6 <= message.length; at++) {
            int port = (message[at + 4] & 0xFF) << 8 | message[at + 5] & 0xFF;
            if (Arrays.equals(message, at, at + 4, HERE, 0, 4) && port >= FIRST_PORT && port <= LAST_PORT && port % 2 == 0
                    && (wanted == 0 || wanted == port)) {
                wanted = port;
                message[at + 4] = (byte) (sound.getLocalPort() >> 8);
                message[at + 5] = (byte) sound.getLocalPort();
            }
        }
    }

    private void carry() {
        var packet = new DatagramPacket(new byte[2048], 2048);
        try {
            for (int number = 0; ; number++) {
                packet.setLength(2048);
                sound.receive(packet);
                if (number % 2 == 1) {
                    var octets = ByteBuffer.wrap(packet.getData());
                    octets.putInt(TIMESTAMP, octets.getInt(TIMESTAMP) + early);
                }
                if (random.nextInt(ONE_OF) == 0 && number > 0 && number < last) {
                    dropped.add(number);
                } else {
                    packet.setSocketAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), wanted));
                    sound.send(packet);
                }
            }
        } catch (IOException e) {
            // It is closed.
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        sound.close();
    }
}
