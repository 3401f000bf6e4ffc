package dev.parley.transfer.engine;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.api.SessionException;
import dev.parley.session.store.Store;
import dev.parley.transfer.file.Receipt;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// What the two kinds of sender keep for themselves.
final class Outboxes {
    private Outboxes() {}

    /// A client trusts the server with its own files: the state of the hash tree comes from there, and the receipt is checked.
    ///
    /// @param server the fingerprint of the server, when the login proved it
    static Outgoing.Outbox client(Optional<String> server, long session) {
        return new Outgoing.Outbox() {
            @Override
            public Outgoing.Point remembered(String name, Outgoing.Point claimed) {
                return claimed;
            }

            @Override
            public void confirmed(Outgoing what, long serial, Outgoing.Point point) {
                // The receiver's journal is enough.
            }

            @Override
            public String sign(ObjectNode content) {
                return "";
            }

            @Override
            public void received(String receipt, List<Receipt.Entry> sent) {
                check(receipt, sent, server, session);
            }

            @Override
            public void kept(List<String> receipts, List<Receipt.Entry> members) {
                if (members.isEmpty()) {
                    return;
                }
                if (receipts.size() != 1) {
                    throw new SessionException.IntegrityFailure("the server gave " + receipts.size() + " receipts for the " + members.size()
                            + " files that it had before, not one");
                }
                check(receipts.getFirst(), members, server, session);
            }
        };
    }

    /// A server signs only what it knows to have sent, so it remembers how far that was; a client could claim anything.
    ///
    /// @param server its own fingerprint
    static Outgoing.Outbox server(Store store, Store.Session session, String server, Function<ObjectNode, String> sign) {
        return new Outgoing.Outbox() {
            @Override
            public Outgoing.Point remembered(String name, Outgoing.Point claimed) {
                return store.progress(session.number(), name).filter(p -> p.offset() <= claimed.offset())
                        .map(p -> new Outgoing.Point(p.offset(), 0, p.tree())).orElse(Outgoing.Point.START);
            }

            @Override
            public void confirmed(Outgoing what, long serial, Outgoing.Point point) {
                if (what instanceof OutgoingFile file) {
                    store.note(new Store.Progress(
                            session.number(), file.name(), session.epoch(), serial, point.offset(), point.tree(), "{}", file.size()));
                } else if (store.session(session.number()).isEmpty()) {
                    throw Store.notMine(session.number(), Optional.empty());
                }
            }

            @Override
            public String sign(ObjectNode content) {
                return sign.apply(content);
            }

            @Override
            public void received(String receipt, List<Receipt.Entry> sent) {
                // A client has no key: it says which one of ours it keeps.
                if (!receipt.isEmpty()) {
                    check(receipt, sent, Optional.of(server), session.number());
                }
            }

            @Override
            public void kept(List<String> receipts, List<Receipt.Entry> members) {
                receipts.forEach(receipt -> check(receipt, Receipt.parse(receipt).entries(), Optional.of(server), session.number()));
            }
        };
    }

    /// What the client gets it cannot sign: it keeps the server's receipt, which must say what arrived.
    static String checked(ObjectNode content, String receipt, Optional<String> server, long session) {
        if (!receipt.isEmpty()) {
            check(receipt, new Receipt(content).entries(), server, session);
        }
        return receipt;
    }

    /// @param files what it must speak of; a size below 0 and an empty root stand for any
    /// @throws SessionException.IntegrityFailure when the receipt is not this server's word about exactly these files in this session
    static void check(String text, List<Receipt.Entry> files, Optional<String> server, long session) {
        try {
            var receipt = Receipt.parse(text);
            var signer = receipt.verifySignature();
            if (server.isPresent() && !server.get().equals(signer)) {
                throw new SessionException.IntegrityFailure("the receipt is signed by " + signer + " and not by the server " + server.get());
            }
            if (!isAbout(receipt.entries(), files) || receipt.content().path("session").asLong() != session) {
                throw new SessionException.IntegrityFailure(
                        "the receipt is not about what was transferred: " + receipt.entries() + " in session " + receipt.content().path("session")
                                + ", not " + files + " in session " + session);
            }
        } catch (SessionException.ProtocolViolation e) {
            throw new SessionException.IntegrityFailure("the server gave no receipt for what it took: " + e.getMessage());
        }
    }

    private static boolean isAbout(List<Receipt.Entry> said, List<Receipt.Entry> files) {
        if (said.size() != files.size()) {
            return false;
        }
        for (int i = 0; i < said.size(); i++) {
            var entry = said.get(i);
            var file = files.get(i);
            if (!entry.name().equals(file.name()) || file.size() >= 0 && entry.size() != file.size()
                    || !file.root().isEmpty() && !entry.root().equals(file.root())) {
                return false;
            }
        }
        return true;
    }
}
