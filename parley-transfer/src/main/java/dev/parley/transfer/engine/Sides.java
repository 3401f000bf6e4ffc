package dev.parley.transfer.engine;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.runtime.Loop;
import dev.parley.session.connection.Lease;
import dev.parley.transfer.admin.StoreAdmin;
import java.time.Instant;
import java.util.Optional;

/// What a server does in a session that it has accepted: receives, sends, or answers questions about its sessions.
record Sides(TransferServer server, Conversation.Owner owner, Loop loop, Lease lease) {
    Conversation of(Admission.Begun begun) {
        var session = begun.session();
        if (begun.flow().isEmpty()) {
            var sessions = new StoreAdmin(server.store(), server.folder(), server, loop::wallMillis, Optional.of(begun.user()));
            return new AdminSide(owner, loop, server.flows(), sessions, begun.user(), session.number());
        }
        if (begun.sends()) {
            var outbox = Outboxes.server(server.store(), session, server.fingerprint(), content -> receipt(content, begun));
            return new Sending(owner, loop, server.disk(), begun.settings(), outbox,
                    Parcels.of(begun.sources(), begun.settings(), outbox, begun.options()));
        }
        var journal = new Journal(
                server.store(), session, server.names().below(begun.root()), begun.onExists(), begun.settings().pageSize());
        return new Receiving(
                owner, loop, begun.settings(), lease, new Inbox(journal, (content, _) -> receipt(content, begun), begun.room()), server.held());
    }

    private String receipt(ObjectNode receipt, Admission.Begun begun) {
        return server.sign(receipt.put("session", begun.session().number()).put("user", begun.user().name())
                .put("leaf", begun.settings().pageSize()).put("began", Instant.ofEpochMilli(begun.session().createdMillis()).toString())
                .put("finished", Instant.ofEpochMilli(loop.wallMillis()).toString()));
    }
}
