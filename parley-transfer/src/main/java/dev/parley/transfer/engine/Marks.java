package dev.parley.transfer.engine;

import dev.parley.api.SessionException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// The user data of synchronization points: the CRC32C of the interval (4 octets) and its end offset (8); in a batch also how many members are
/// complete (4) and the root over their roots (32). At the end of a file its root (32) follows. A server that sends adds its receipt to the end of a
/// file, and in a batch to each point, for the members of that interval.
///
/// @param root of the whole file or of the members so far; empty between the checkpoints of a file
record Marks(int crc, long end, int members, byte[] root, String receipt) {
    static final int FILE = 12;
    static final int BATCH = 48;
    private static final int ROOT = 32;

    /// @param end true for the user data of an activity end
    /// @throws SessionException.ProtocolViolation when they are malformed
    static Marks of(ByteBuffer octets, boolean batch, boolean end) {
        int size = octets.remaining();
        boolean expected = batch
                ? size >= BATCH
                : size == FILE || end && size >= FILE + ROOT;
        if (!expected) {
            throw new SessionException.ProtocolViolation("the digest of a checkpoint has " + size + " octets");
        }
        var from = octets.duplicate();
        int crc = from.getInt();
        long offset = from.getLong();
        int members = batch ? from.getInt() : 0;
        var root = new byte[batch || size > FILE ? ROOT : 0];
        from.get(root);
        return new Marks(crc, offset, members, root, StandardCharsets.UTF_8.decode(from).toString());
    }
}
