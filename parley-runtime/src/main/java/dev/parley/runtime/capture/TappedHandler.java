package dev.parley.runtime.capture;

import dev.parley.runtime.Link;
import dev.parley.runtime.Security;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// Stands between a link and its handler and writes down what crosses, both ways.
final class TappedHandler implements Link.Handler {
    private static final int SOME_PORT = 49_152;

    private final Capture capture;
    private final Link.Handler handler;
    private final boolean calling;
    private final int service;
    private @Nullable CapturedStream stream;
    private boolean closedByUs;

    TappedHandler(Capture capture, Link.Handler handler, boolean calling, int service) {
        this.capture = capture;
        this.handler = handler;
        this.calling = calling;
        this.service = service;
    }

    @Override
    public void opened(Link link) {
        var peer = address(link.peer(), calling ? service : SOME_PORT, "192.0.2.2");
        var fallback = peer.getAddress().isLoopbackAddress() ? String.valueOf(peer.getAddress().getHostAddress()) : "192.0.2.1";
        var local = address(link.local(), calling ? SOME_PORT : service, fallback);
        var called = calling ? peer : local;
        var comment = "written by Parley"
                + (called.getPort() == service ? "" : "; the called side's port is really " + called.getPort())
                + (link.security().encrypted() ? "; decrypted, on the line it is " + link.security().protocol() : "");
        stream = capture.stream(
                calling ? local : at(local, service), calling ? at(peer, service) : peer, calling, comment);
        handler.opened(new Tapped(link));
    }

    @Override
    public void received(ByteBuffer bytes) {
        if (stream != null) {
            stream.received(bytes);
        }
        handler.received(bytes);
    }

    @Override
    public void writable() {
        handler.writable();
    }

    @Override
    public void closed(String reason) {
        if (stream != null) {
            stream.closed(closedByUs, reason);
        }
        handler.closed(reason);
    }

    private static InetSocketAddress at(InetSocketAddress address, int port) {
        return new InetSocketAddress(address.getAddress(), port);
    }

    /// Reads `192.0.2.7:102` or `[2001:db8::7]:102` (brackets may be missing); what is no numeric address gets a documentation address.
    private static InetSocketAddress address(String text, int port, String fallback) {
        int colon = text.lastIndexOf(':');
        var host = colon < 0 ? text : text.substring(0, colon).replaceAll("[\\[\\]]|%.*", "");
        try {
            boolean numeric = host.matches("[0-9.]+|[0-9a-fA-F:.]+:[0-9a-fA-F:.]*");
            int number = colon > 0 && text.substring(colon + 1).matches("[0-9]{1,5}") ? Integer.parseInt(text.substring(colon + 1)) : port;
            return new InetSocketAddress(InetAddress.getByName(numeric ? host : fallback), Math.min(number, 0xFFFF));
        } catch (UnknownHostException e) {
            return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        }
    }

    /// The link as the handler sees it.
    private final class Tapped implements Link {
        private final Link link;

        Tapped(Link link) {
            this.link = link;
        }

        @Override
        public void write(ByteBuffer... buffers) {
            if (stream != null) {
                // One packet for one write, as a network card would be given it.
                int size = 0;
                for (var buffer : buffers) {
                    size += buffer.remaining();
                }
                var whole = ByteBuffer.allocate(size);
                for (var buffer : buffers) {
                    whole.put(buffer.duplicate());
                }
                stream.sent(whole.flip());
            }
            link.write(buffers);
        }

        @Override
        public void flush() {
            link.flush();
        }

        @Override
        public boolean isWritable() {
            return link.isWritable();
        }

        @Override
        public void setReading(boolean reading) {
            link.setReading(reading);
        }

        @Override
        public void close() {
            closedByUs = true;
            link.close();
        }

        @Override
        public void abort() {
            closedByUs = true;
            link.abort();
        }

        @Override
        public String peer() {
            return link.peer();
        }

        @Override
        public String local() {
            return link.local();
        }

        @Override
        public Security security() {
            return link.security();
        }
    }
}
