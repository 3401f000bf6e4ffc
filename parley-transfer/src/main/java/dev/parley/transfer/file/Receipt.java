package dev.parley.transfer.file;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.api.SessionException;
import dev.parley.session.connection.Json;
import dev.parley.session.login.Identity;
import dev.parley.transfer.tree.TreeState;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;

/// What a server states about a completed transfer: who, what, size, digest, when, in which session. A file has `name`, `size` and `root`, a
/// batch of small files has these three for each in `files`. `root` is the SHA-256 tree of RFC 6962 section 2.1 over leaves of `leaf` octets.
/// What is signed is the JSON text without the signature, so a receipt is kept as it came.
public record Receipt(ObjectNode content) {
    /// One file that a receipt speaks of.
    public record Entry(String name, long size, String root) {}

    private static final String SIGNATURE = "signature";

    /// @throws SessionException.ProtocolViolation when it is not a receipt
    public static Receipt parse(String text) {
        if (!(json(text) instanceof ObjectNode content)) {
            throw new SessionException.ProtocolViolation("expected a receipt");
        }
        var receipt = new Receipt(content);
        receipt.entries();
        receipt.leaf();
        return receipt;
    }

    private static JsonNode json(String text) {
        try {
            return Json.parse(text);
        } catch (SessionException.ProtocolViolation e) {
            throw new SessionException.ProtocolViolation("it is no JSON object");
        }
    }

    /// Adds the server's fingerprint, certificate and signature.
    public static Receipt signed(ObjectNode content, Identity identity) {
        content.put("server", identity.fingerprint());
        try {
            content.put("certificate", Base64.getEncoder().encodeToString(identity.certificate().getEncoded()));
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException(e);
        }
        var signature = identity.sign(content.toString().getBytes(StandardCharsets.UTF_8));
        return new Receipt(content.put(SIGNATURE, Base64.getEncoder().encodeToString(signature)));
    }

    public String text() {
        return content.toString();
    }

    public int leaf() {
        return (int) Json.number(content, "leaf", 512, 1 << 20);
    }

    public List<Entry> entries() {
        if (!content.has("files")) {
            return List.of(entry(content));
        }
        var entries = new ArrayList<Entry>();
        content.path("files").forEach(file -> entries.add(entry(file)));
        return entries;
    }

    private static Entry entry(JsonNode node) {
        return new Entry(Json.text(node, "name"), Json.number(node, "size", 0, Long.MAX_VALUE), Json.text(node, "root"));
    }

    /// Checks the signature against the certificate in it.
    ///
    /// @return the fingerprint of the server that signed it; whether that is the right server the caller knows
    /// @throws SessionException.IntegrityFailure when the signature is not right
    public String verifySignature() {
        try {
            var certificate = (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(
                    new ByteArrayInputStream(Base64.getDecoder().decode(Json.text(content, "certificate"))));
            var unsigned = content.deepCopy();
            unsigned.remove(SIGNATURE);
            var signature = Signature.getInstance(Identity.algorithm(certificate.getPublicKey().getAlgorithm()));
            signature.initVerify(certificate);
            signature.update(unsigned.toString().getBytes(StandardCharsets.UTF_8));
            var fingerprint = Identity.fingerprint(certificate);
            if (signature.verify(Base64.getDecoder().decode(Json.text(content, SIGNATURE))) && fingerprint.equals(Json.text(content, "server"))) {
                return fingerprint;
            }
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new SessionException.IntegrityFailure("the signature of the receipt cannot be checked: " + e.getMessage());
        }
        throw new SessionException.IntegrityFailure("the signature of the receipt is wrong: somebody changed it");
    }

    /// Reads the file again and finds it in the receipt.
    ///
    /// @throws SessionException.IntegrityFailure when the receipt does not speak of this content
    public Entry check(Path file) throws IOException {
        return check(named(List.of(this), file), file);
    }

    /// What a receipt says of one file.
    ///
    /// @param leaf octets of a leaf of its tree
    public record Stated(Entry entry, int leaf) {}

    /// What they say of all their files.
    public static List<Stated> stated(List<Receipt> receipts) {
        return receipts.stream().flatMap(receipt -> receipt.entries().stream().map(entry -> new Stated(entry, receipt.leaf()))).distinct().toList();
    }

    /// What they say of a file: by the most that the ends of its path and of a name there have in common, or in the only entry by whatever name.
    ///
    /// @throws SessionException.IntegrityFailure when they do not speak of it
    public static List<Stated> named(List<Receipt> receipts, Path file) {
        var all = stated(receipts);
        int most = all.stream().mapToInt(stated -> common(Path.of(stated.entry().name()), file)).max().orElse(0);
        if (most == 0 && all.size() != 1) {
            throw new SessionException.IntegrityFailure("no receipt speaks of a file " + file.getFileName());
        }
        return all.stream().filter(stated -> common(Path.of(stated.entry().name()), file) == most).toList();
    }

    /// Reads the file and finds what it has.
    ///
    /// @param named one at least
    /// @throws SessionException.IntegrityFailure when none of them says that
    public static Entry check(List<Stated> named, Path file) throws IOException {
        long size = Files.size(file);
        var roots = new HashMap<Integer, String>();
        for (int leaf : named.stream().map(Stated::leaf).distinct().toList()) {
            roots.put(leaf, root(file, leaf));
        }
        for (var stated : named) {
            if (stated.entry().size() == size && stated.entry().root().equals(roots.get(stated.leaf()))) {
                return stated.entry();
            }
        }
        var wrong = named.getFirst();
        throw new SessionException.IntegrityFailure(file + " is not what was transferred as " + wrong.entry().name() + ": it has " + size
                + " octets and the root " + roots.get(wrong.leaf()) + ", the receipt says " + wrong.entry().size() + " and "
                + wrong.entry().root());
    }

    /// How many names at their ends are the same.
    private static int common(Path one, Path other) {
        int same = 0;
        while (same < one.getNameCount() && same < other.getNameCount()
                && one.getName(one.getNameCount() - 1 - same).equals(other.getName(other.getNameCount() - 1 - same))) {
            same++;
        }
        return same;
    }

    private static String root(Path file, int leaf) throws IOException {
        var tree = TreeState.empty();
        try (var channel = FileChannel.open(file)) {
            var page = ByteBuffer.allocate(leaf);
            for (int read = fill(channel, page); read > 0; read = fill(channel, page)) {
                tree.add(page.flip());
            }
        }
        return tree.rootHex();
    }

    private static int fill(FileChannel channel, ByteBuffer page) throws IOException {
        page.clear();
        while (page.hasRemaining() && channel.read(page) >= 0) {
            // Until the page is full or the file ends.
        }
        return page.position();
    }
}
