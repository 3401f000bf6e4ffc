package dev.parley.transfer.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.api.SessionException;
import dev.parley.session.connection.Json;
import dev.parley.session.login.Identity;
import dev.parley.transfer.tree.TreeState;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReceiptTest {
    @TempDir
    Path folder;

    private Identity identity;
    private Path file;

    @BeforeEach
    void prepare() throws IOException {
        identity = Identity.in(folder.resolve("identity"));
        file = Files.write(folder.resolve("file"), new byte[1000]);
    }

    private static String root(byte[] content, int leaf) {
        var tree = TreeState.empty();
        for (int at = 0; at < content.length; at += leaf) {
            tree.add(ByteBuffer.wrap(content, at, Math.min(leaf, content.length - at)));
        }
        return tree.rootHex();
    }

    private Receipt receipt() {
        return Receipt.signed(Json.object().put("name", "some/file").put("size", 1000).put("root", root(new byte[1000], 512)).put("leaf", 512),
                identity);
    }

    @Test
    void aReceiptThatWasKeptAsTextProvesWhoSignedItAndWhatArrived() throws IOException {
        var kept = Receipt.parse(receipt().text());

        assertThat(kept.verifySignature()).isEqualTo(identity.fingerprint());
        assertThat(kept.check(file)).isEqualTo(new Receipt.Entry("some/file", 1000, root(new byte[1000], 512)));
    }

    @Test
    void whatIsNoJsonIsNoReceipt() {
        for (var junk : List.of("junk", "{\"name\":", "[]", "")) {
            assertThatThrownBy(() -> Receipt.parse(junk)).isInstanceOf(SessionException.ProtocolViolation.class).hasMessage("it is no JSON object");
        }
        assertThatThrownBy(() -> Json.parse("{\"name\":")).hasMessage("expected JSON in the user data, which breaks off at line 1, column 9");
    }

    @Test
    void aBatchHasAnEntryForEachFile() throws IOException {
        Files.write(folder.resolve("empty"), new byte[0]);
        var content = Json.object().put("leaf", 512);
        var files = content.putArray("files");
        files.addObject().put("name", "a/file").put("size", 1).put("root", root(new byte[1], 512));
        files.addObject().put("name", "b/file").put("size", 1000).put("root", root(new byte[1000], 512));
        files.addObject().put("name", "empty").put("size", 0).put("root", root(new byte[0], 512));
        var receipt = Receipt.parse(Receipt.signed(content, identity).text());

        receipt.verifySignature();
        assertThat(receipt.check(file).name()).isEqualTo("b/file");
        assertThat(receipt.check(folder.resolve("empty")).size()).isZero();
        assertThatThrownBy(() -> receipt.check(Files.write(folder.resolve("other"), new byte[1000])))
                .isInstanceOf(SessionException.IntegrityFailure.class).hasMessageContaining("no receipt speaks of");
    }

    /// A folder may have several receipts: that of a file is found by its name, as far as the path says.
    @Test
    void amongSeveralReceiptsTheOneOfTheNameCounts() throws IOException {
        var one = Files.createDirectories(folder.resolve("tree/one"));
        var two = Files.createDirectories(folder.resolve("tree/two"));
        var receipts = List.of(named("tree/one/x", new byte[600]), named("tree/two/x", new byte[700]));
        Files.write(one.resolve("x"), new byte[600]);
        Files.write(two.resolve("x"), new byte[600]);

        assertThat(check(receipts, one.resolve("x")).name()).isEqualTo("tree/one/x");
        assertThatThrownBy(() -> check(receipts, two.resolve("x"))).isInstanceOf(SessionException.IntegrityFailure.class)
                .hasMessageContaining("is not what was transferred as tree/two/x: it has 600 octets");
    }

    private static Receipt.Entry check(List<Receipt> receipts, Path of) throws IOException {
        return Receipt.check(Receipt.named(receipts, of), of);
    }

    private Receipt named(String name, byte[] content) {
        return Receipt.signed(
                Json.object().put("name", name).put("size", content.length).put("root", root(content, 512)).put("leaf", 512), identity);
    }

    @Test
    void aFileThatIsNotTheOneThatArrivedIsNoticed() throws IOException {
        for (int size : new int[] {0, 999, 1001, 1000}) {
            var content = new byte[size];
            if (size == 1000) {
                content[700] = 1;
            }
            Files.write(file, content);
            assertThatThrownBy(() -> receipt().check(file)).isInstanceOf(SessionException.IntegrityFailure.class);
        }
    }

    @Test
    void aReceiptThatSomebodyChangedIsNoticed() {
        var text = receipt().text();
        var other = Identity.in(folder.resolve("other-identity"));

        for (var changed : List.of(
                text.replace("1000", "1001"), text.replace("some/file", "some/fil"), text.replace(identity.fingerprint(), other.fingerprint()),
                text.replace("\"signature\":\"", "\"signature\":\"AAAA"))) {
            assertThatThrownBy(() -> Receipt.parse(changed).verifySignature()).isInstanceOf(SessionException.IntegrityFailure.class);
        }
        var unsigned = Receipt.parse("{\"name\":\"x\",\"size\":1,\"root\":\"\",\"leaf\":512,\"certificate\":\"AAAA\"}");
        assertThatThrownBy(unsigned::verifySignature).isInstanceOf(SessionException.IntegrityFailure.class);
        assertThatThrownBy(() -> Receipt.parse("{}")).isInstanceOf(SessionException.ProtocolViolation.class);
        assertThatThrownBy(() -> Receipt.parse("{\"name\":\"x\",\"size\":-1}")).isInstanceOf(SessionException.ProtocolViolation.class);
    }
}
