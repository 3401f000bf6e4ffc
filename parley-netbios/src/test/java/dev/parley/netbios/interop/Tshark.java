package dev.parley.netbios.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Captures what crosses the cable, and reads captures with an independent decoder.
final class Tshark implements AutoCloseable {
    private final Process process;
    private final Path file;

    private Tshark(Process process, Path file) {
        this.process = process;
        this.file = file;
    }

    /// Captures until [#close]; on return it does.
    static Tshark start(Path file) throws IOException {
        var process = new ProcessBuilder("tshark", "-q", "-i", "nbt0", "-w", file.toString(), "-f", "port 137 or port 138 or port 139")
                .redirectErrorStream(true).start();
        process.getOutputStream().close();
        var words = new StringBuilder();
        var output = process.getInputStream();
        while (!words.toString().contains("Capturing on")) {
            int octet = output.read();
            assertThat(octet).as("tshark ended: %s", words).isNotNegative();
            words.append((char) octet);
        }
        // The words come a moment before the first packet counts: the file is there when it does.
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!file.toFile().exists() || file.toFile().length() == 0) {
            assertThat(System.nanoTime()).as("tshark does not write").isLessThan(end);
            Thread.onSpinWait();
        }
        return new Tshark(process, file);
    }

    /// Ends the capture when all that was sent so far is in it: a last datagram of ours shows that.
    @Override
    public void close() throws IOException {
        var mark = "mark " + System.nanoTime();
        try (var socket = new DatagramSocket()) {
            var octets = mark.getBytes(StandardCharsets.US_ASCII);
            socket.send(new DatagramPacket(octets, octets.length, InetAddress.getByName(SambaNet.SAMBA), 138));
        }
        await(mark);
        process.destroy();
        process.onExit().orTimeout(20, TimeUnit.SECONDS).join();
    }

    /// Waits until octets are among the last that were captured.
    private void await(String octets) throws IOException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!tail().contains(octets)) {
            assertThat(System.nanoTime()).as("the octets were not captured in time").isLessThan(end);
            Thread.onSpinWait();
        }
    }

    /// Waits until a packet is in the capture for which this display filter holds.
    void awaitPacket(String filter) throws IOException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (decoded(List.of("tshark", "-r", file.toString(), "-Y", filter)).output().isEmpty()) {
            assertThat(System.nanoTime()).as("no packet was captured in time: %s", filter).isLessThan(end);
        }
    }

    private String tail() throws IOException {
        try (var in = new RandomAccessFile(file.toFile(), "r")) {
            in.seek(Math.max(0, in.length() - 8_192));
            var octets = new byte[(int) (in.length() - in.getFilePointer())];
            in.readFully(octets);
            return new String(octets, StandardCharsets.ISO_8859_1);
        }
    }

    List<String> fields(String filter, String... fields) throws IOException {
        return fields(file, filter, fields);
    }

    /// One line a packet, with the fields in it separated by bars.
    static List<String> fields(Path file, String filter, String... fields) throws IOException {
        var command = new ArrayList<>(List.of(
                "tshark", "-r", file.toString(), "-Y", filter, "-T", "fields", "-E", "separator=|", "-E", "occurrence=a"));
        for (var field : fields) {
            command.addAll(List.of("-e", field));
        }
        var decoded = decoded(command);
        assertThat(decoded.exit()).as(String.join(" ", command)).isZero();
        return decoded.output().lines().toList();
    }

    private record Decoded(int exit, String output) {}

    /// Of a capture that goes on the last packet may be cut, which is an error to tshark.
    private static Decoded decoded(List<String> command) throws IOException {
        var process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        process.getOutputStream().close();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Decoded(process.onExit().orTimeout(60, TimeUnit.SECONDS).join().exitValue(), output);
    }
}
