package dev.parley.netbios;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/// Ports on which nobody listens, on none of the addresses of this host. They are below those that the system gives to connections, so that no
/// connection takes one in the moment before it is used, and no two calls have the same.
public final class FreePort {
    private static final int FIRST = 20_000;
    private static final int COUNT = 12_000;
    private static final AtomicInteger LAST = new AtomicInteger(ThreadLocalRandom.current().nextInt(COUNT));

    private FreePort() {}

    public static int next() throws IOException {
        for (int tried = 0; tried < COUNT; tried++) {
            int port = FIRST + LAST.incrementAndGet() % COUNT;
            try (var _ = new ServerSocket(port, 1); var _ = new DatagramSocket(port)) {
                return port;
            } catch (IOException e) {
                // Taken: the next one.
            }
        }
        throw new IOException("none of the ports from " + FIRST + " on is free");
    }
}
