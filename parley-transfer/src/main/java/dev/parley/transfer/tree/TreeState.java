package dev.parley.transfer.tree;

import dev.parley.api.SessionException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/// A SHA-256 tree over pages as in RFC 6962 section 2.1 (leaf prefix 00, node prefix 01), computed as the pages come. Only the roots of the
/// complete subtrees are kept, at most one for each bit of the count, so the state of a terabyte has a kilobyte and goes into the journal.
public final class TreeState {
    private static final int HASH = 32;

    private final MessageDigest digest = sha256();
    private final List<byte[]> peaks;
    private long leaves;

    private TreeState(List<byte[]> peaks, long leaves) {
        this.peaks = new ArrayList<>(peaks);
        this.leaves = leaves;
    }

    public static TreeState empty() {
        return new TreeState(List.of(), 0);
    }

    /// Adds the next page; only the last one may be shorter than the others.
    public void add(ByteBuffer page) {
        digest.update((byte) 0);
        digest.update(page.duplicate());
        var hash = digest.digest();
        for (long bits = leaves; (bits & 1) != 0; bits >>= 1) {
            hash = node(peaks.removeLast(), hash);
        }
        peaks.add(hash);
        leaves++;
    }

    public long leaves() {
        return leaves;
    }

    /// The root over the pages so far; of no page at all the hash of nothing.
    public byte[] root() {
        if (peaks.isEmpty()) {
            return digest.digest();
        }
        var root = peaks.getLast();
        for (int i = peaks.size() - 2; i >= 0; i--) {
            root = node(peaks.get(i), root);
        }
        return root.clone();
    }

    public String rootHex() {
        return HexFormat.of().formatHex(root());
    }

    public byte[] toBytes() {
        var out = new ByteArrayOutputStream();
        out.writeBytes(ByteBuffer.allocate(8).putLong(leaves).array());
        peaks.forEach(out::writeBytes);
        return out.toByteArray();
    }

    /// @throws SessionException.ProtocolViolation when the octets are not what [#toBytes] makes
    public static TreeState fromBytes(byte[] bytes) {
        long leaves = bytes.length < 8 ? -1 : ByteBuffer.wrap(bytes).getLong();
        if (leaves < 0 || bytes.length != 8 + HASH * Long.bitCount(leaves)) {
            throw new SessionException.ProtocolViolation("the state of a hash tree has a wrong length: " + bytes.length + " octets");
        }
        var peaks = new ArrayList<byte[]>();
        for (int at = 8; at < bytes.length; at += HASH) {
            peaks.add(java.util.Arrays.copyOfRange(bytes, at, at + HASH));
        }
        return new TreeState(peaks, leaves);
    }

    public TreeState copy() {
        return new TreeState(peaks, leaves);
    }

    /// The hash of an inner node (prefix 01).
    public byte[] node(byte[] left, byte[] right) {
        digest.update((byte) 1);
        digest.update(left);
        return digest.digest(right);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
