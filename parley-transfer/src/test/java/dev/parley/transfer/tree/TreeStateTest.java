package dev.parley.transfer.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.api.SessionException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Compared with the definition in RFC 6962 section 2.1, written down as it stands there.
class TreeStateTest {
    private static byte[] naive(List<byte[]> leaves) throws Exception {
        var digest = MessageDigest.getInstance("SHA-256");
        if (leaves.isEmpty()) {
            return digest.digest();
        }
        if (leaves.size() == 1) {
            digest.update((byte) 0);
            return digest.digest(leaves.getFirst());
        }
        int split = Integer.highestOneBit(leaves.size() - 1);
        var left = naive(leaves.subList(0, split));
        var right = naive(leaves.subList(split, leaves.size()));
        digest.update((byte) 1);
        digest.update(left);
        return digest.digest(right);
    }

    @Test
    void theRootIsTheOneOfTheDefinitionForEveryCountAndThroughEveryRestart() throws Exception {
        var random = new Random(1);
        var leaves = new ArrayList<byte[]>();
        var tree = TreeState.empty();
        for (int count = 0; count < 150; count++) {
            assertThat(tree.root()).as(count + " leaves").isEqualTo(naive(leaves));
            assertThat(tree.root()).as("asked twice").isEqualTo(naive(leaves));
            assertThat(tree.leaves()).isEqualTo(count);
            tree = TreeState.fromBytes(tree.toBytes());
            var leaf = new byte[random.nextInt(40)];
            random.nextBytes(leaf);
            leaves.add(leaf);
            tree.add(ByteBuffer.wrap(leaf));
        }
    }

    @Test
    void theEmptyTreeHasTheHashOfNothing() {
        assertThat(TreeState.empty().rootHex()).isEqualTo("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    }

    @Test
    void aCopyGoesItsOwnWay() {
        var tree = TreeState.empty();
        tree.add(ByteBuffer.wrap(new byte[] {1}));
        var root = tree.rootHex();

        tree.copy().add(ByteBuffer.wrap(new byte[] {2}));

        assertThat(tree.rootHex()).isEqualTo(root);
    }

    @Test
    void octetsOfAWrongLengthAreRefused() {
        for (var hex : List.of("", "00", "0000000000000001", "ffffffffffffffff", "0000000000000000" + "00".repeat(32))) {
            assertThatThrownBy(() -> TreeState.fromBytes(HexFormat.of().parseHex(hex)))
                    .isInstanceOf(SessionException.ProtocolViolation.class);
        }
    }
}
