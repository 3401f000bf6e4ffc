package dev.parley.h323.rtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.parley.h323.wire.per.Octets;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;

/// Asks tshark what it reads in our datagrams: a second opinion on every octet that we send.
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
        assertThat(present || System.getenv("CI") == null).as("tshark is missing in CI").isTrue();
        assumeTrue(present, "tshark is missing: apt-get install tshark");
    }

    /// @param port of both ends
    /// @param decodeAs what tshark's -d calls the protocol
    /// @param fields names of tshark's fields
    /// @return one line a datagram, the fields between tabs, several values of a field between commas
    public static List<String> fields(List<ByteBuffer> datagrams, int port, String decodeAs, String... fields)
            throws IOException, InterruptedException {
        var file = Files.createTempFile("parley", ".pcap");
        try {
            Files.write(file, capture(datagrams, port));
            var command = new ArrayList<>(List.of("tshark", "-n", "-r", file.toString(), "-d", "udp.port==" + port + "," + decodeAs, "-T", "fields"));
            for (var field : fields) {
                command.addAll(List.of("-e", field));
            }
            var process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
            var text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor()).as("exit code of %s", command).isZero();
            return text.lines().toList();
        } finally {
            Files.delete(file);
        }
    }

    /// @param dissector what tshark calls the protocol of each message
    /// @return all that it sees, as PDML
    public static String details(List<Octets> messages, String dissector) throws IOException, InterruptedException {
        var file = Files.createTempFile("parley", ".pcap");
        try {
            var out = new ByteArrayOutputStream();
            out.writeBytes(header(LINKTYPE_USER0));
            for (var message : messages) {
                out.writeBytes(ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(0).putInt(message.size()).putInt(message.size()).array());
                out.writeBytes(message.toArray());
            }
            Files.write(file, out.toByteArray());
            var process = new ProcessBuilder("tshark", "-n", "-r", file.toString(), "-T", "pdml",
                    "-o", "uat:user_dlts:\"User 0 (DLT=147)\",\"" + dissector + "\",\"0\",\"\",\"0\",\"\"")
                    .redirectError(ProcessBuilder.Redirect.DISCARD).start();
            var text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor()).as("exit code of tshark").isZero();
            return text;
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
