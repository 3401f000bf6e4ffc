package dev.parley.testkit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.opentest4j.TestAbortedException;

/// What Wireshark's dissectors see in a capture, or in octets of ours: the second opinion.
public final class Tshark {
    private static final int LINKTYPE_RAW = 101;
    private static final int LINKTYPE_USER0 = 147;
    private static final int HEADERS = 28;

    private Tshark() {}

    /// Skips the test where tshark is missing, except in CI: there it must be.
    public static void needed() {
        boolean present;
        try {
            present = new ProcessBuilder("tshark", "--version").redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start().waitFor() == 0;
        } catch (IOException e) {
            present = false;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        if (!present && System.getenv("CI") != null) {
            throw new AssertionError("tshark is missing in CI");
        }
        if (!present) {
            throw new TestAbortedException("tshark is missing: apt-get install tshark");
        }
    }

    /// The lines that it prints of a capture.
    public static List<String> lines(Path capture, String... arguments) throws IOException, InterruptedException {
        return output(capture, arguments).lines().toList();
    }

    private static String output(Path capture, String... arguments) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of("tshark", "-n", "-r", capture.toString()));
        command.addAll(List.of(arguments));
        var process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        var text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new AssertionError("exit code " + process.exitValue() + " of " + command);
        }
        return text;
    }

    /// @param more arguments
    /// @return one list a packet that the filter lets through: the values of each field, between commas when there are several
    public static List<List<String>> fields(Path capture, String filter, List<String> more, String... fields)
            throws IOException, InterruptedException {
        var arguments = new ArrayList<>(more);
        arguments.addAll(List.of("-Y", filter, "-T", "fields"));
        for (var field : fields) {
            arguments.addAll(List.of("-e", field));
        }
        return lines(capture, arguments.toArray(String[]::new)).stream().map(line -> List.of(line.split("\t", -1))).toList();
    }

    /// @param port of both ends
    /// @param decodeAs what tshark's -d calls the protocol
    /// @param fields names of tshark's fields
    /// @return one line a datagram, the fields between tabs, several values of a field between commas
    public static List<String> fields(List<ByteBuffer> datagrams, int port, String decodeAs, String... fields)
            throws IOException, InterruptedException {
        return fields(datagrams, port, decodeAs, List.of(), fields);
    }

    /// @param more arguments
    public static List<String> fields(List<ByteBuffer> datagrams, int port, String decodeAs, List<String> more, String... fields)
            throws IOException, InterruptedException {
        var arguments = new ArrayList<>(List.of("-d", "udp.port==" + port + "," + decodeAs));
        arguments.addAll(more);
        var file = Files.createTempFile("parley", ".pcap");
        try {
            Files.write(file, capture(datagrams, port));
            return fields(file, "frame", arguments, fields).stream()
                    .map(values -> String.join("\t", values)).toList();
        } finally {
            Files.delete(file);
        }
    }

    /// @param dissector what tshark calls the protocol of each message
    /// @return all that it sees, as PDML
    public static String details(List<byte[]> messages, String dissector) throws IOException, InterruptedException {
        var file = Files.createTempFile("parley", ".pcap");
        try {
            var out = new ByteArrayOutputStream();
            out.writeBytes(header(LINKTYPE_USER0));
            for (var message : messages) {
                out.writeBytes(ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(0).putInt(message.length).putInt(message.length).array());
                out.writeBytes(message);
            }
            Files.write(file, out.toByteArray());
            return output(file, "-T", "pdml", "-o", "uat:user_dlts:\"User 0 (DLT=147)\",\"" + dissector + "\",\"0\",\"\",\"0\",\"\"");
        } finally {
            Files.delete(file);
        }
    }

    private static byte[] header(int linkType) {
        return ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN)
                .putInt(0xA1B2_C3D4).putShort((short) 2).putShort((short) 4).putLong(0).putInt(65_535).putInt(linkType).array();
    }

    private static byte[] capture(List<ByteBuffer> datagrams, int port) {
        var out = new ByteArrayOutputStream();
        out.writeBytes(header(LINKTYPE_RAW));
        int second = 0;
        for (var datagram : datagrams) {
            int length = HEADERS + datagram.remaining();
            out.writeBytes(ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN).putInt(second++).putInt(0).putInt(length).putInt(length).array());
            out.writeBytes(ByteBuffer.allocate(length)
                    .put((byte) 0x45).put((byte) 0).putShort((short) length).putInt(0).put((byte) 64).put((byte) 17).putShort((short) 0)
                    .putInt(0x7F00_0001).putInt(0x7F00_0002)
                    .putShort((short) port).putShort((short) port).putShort((short) (length - 20)).putShort((short) 0)
                    .put(datagram.duplicate()).array());
        }
        return out.toByteArray();
    }
}
