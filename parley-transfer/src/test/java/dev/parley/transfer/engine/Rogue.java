package dev.parley.transfer.engine;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.osi.ConnectionIdentifier;
import dev.parley.osi.Indication;
import dev.parley.osi.OsiConnection;
import dev.parley.osi.Request;
import dev.parley.osi.SessionService;
import dev.parley.osi.Token;
import dev.parley.osi.wire.Spdu;
import dev.parley.osi.wire.SpduCodec;
import dev.parley.session.connection.Json;
import dev.parley.session.login.Identity;
import dev.parley.session.login.ScramServer;
import dev.parley.session.login.ServerLogin;
import dev.parley.session.store.Store;
import dev.parley.transfer.file.Receipt;
import dev.parley.transfer.tree.TreeState;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A server that a test makes misbehave: it knows the password, accepts, and does what every server does, except where a test says otherwise.
class Rogue implements SessionService.User {
    private final Store.User user;
    final Identity identity;
    private final TreeState tree = TreeState.empty();
    private @Nullable SessionService service;
    private @Nullable ScramServer scram;
    private String name = "";
    private long size;

    Rogue(Store.User user, Identity identity) {
        this.user = user;
        this.identity = identity;
    }

    SessionService service() {
        return java.util.Objects.requireNonNull(service);
    }

    @Override
    public void ready(SessionService ready) {
        service = ready;
    }

    @Override
    public void indication(Indication indication) {
        switch (indication) {
            case Indication.Connect c -> connect(Json.text(Json.decode(c.userData()), "scram"), (ObjectNode) Json.decode(c.userData()));
            case Indication.TypedData _, Indication.UserAbort _, Indication.ProviderAbort _ -> {}
            default -> said(indication);
        }
        service().flush();
    }

    private void connect(String message, ObjectNode words) {
        var begun = scram;
        if (begun == null) {
            scram = new ScramServer(
                    message, service().security(), _ -> Optional.of(user), new byte[] {7}, ScramServer.nonce(new SecureRandom(), identity));
            service().request(new Request.Refuse(
                    ConnectionIdentifier.NONE, ServerLogin.USER_REFUSES, true, Json.encode(Json.object().put("scram", scram.serverFirst()))));
            return;
        }
        var answer = Json.object().put("session", 7).put("scram", begun.finish(message).orElseThrow().serverFinal());
        Settings.read(words).write(answer);
        var side = words.path("role").asText().equals("get") ? Token.Side.ACCEPTOR : Token.Side.REQUESTOR;
        service().request(new Request.Accept(
                ConnectionIdentifier.NONE, Spdu.NO_DATA, Profile.UNITS, Optional.empty(), Optional.empty(), Profile.all(side), Set.of(),
                Json.encode(accepting(answer))));
        service().flush();
        accepted();
    }

    /// The words of ACCEPT.
    ObjectNode accepting(ObjectNode answer) {
        return answer;
    }

    /// The session has begun.
    void accepted() {}

    /// Takes everything, as a server does that receives.
    void said(Indication indication) {
        switch (indication) {
            case Indication.CapabilityData c -> {
                name = Json.decode(c.userData()).path("name").asText();
                service().request(new Request.CapabilityDataResponse(Json.encode(offered(Json.object().put("state", "new")))));
            }
            case Indication.Data d -> {
                size += d.userData().remaining();
                tree.add(d.userData());
            }
            case Indication.SyncMinor s -> checkpoint(s.serial());
            case Indication.ActivityEnd _ -> ended(Json.object().put("session", 7).put("user", "alice").put("leaf", 4096)
                    .put("name", name).put("size", size).put("root", tree.rootHex()));
            case Indication.Release _ -> service().request(new Request.ReleaseResponse(true, Spdu.NO_DATA));
            default -> {}
        }
    }

    /// The answer to an offer.
    ObjectNode offered(ObjectNode answer) {
        return answer;
    }

    void checkpoint(long serial) {
        service().request(new Request.SyncMinorResponse(serial, Spdu.NO_DATA));
    }

    /// @param receipt what a server signs
    void ended(ObjectNode receipt) {
        confirmEnd(Receipt.signed(receipt, identity).text());
    }

    final void confirmEnd(String receipt) {
        service().request(new Request.ActivityEndResponse(Json.encode(Json.object().put("receipt", receipt))));
    }

    /// Past the machine, which would not send it.
    final void raw(Spdu spdu) {
        var parts = SpduCodec.encode(spdu);
        var whole = ByteBuffer.allocate(1 << 16);
        for (var part : parts) {
            whole.put(part);
        }
        ((OsiConnection) service()).raw(whole.flip());
    }

    final void abort(String words) {
        service().request(new Request.Abort(ByteBuffer.wrap(words.getBytes(StandardCharsets.UTF_8))));
    }

    @Override
    public void writable() {
        // It says little.
    }

    @Override
    public void closed(String reason) {
        // What the client says is what counts.
    }
}
