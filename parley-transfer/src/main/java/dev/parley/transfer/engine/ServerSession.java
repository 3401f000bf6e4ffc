package dev.parley.transfer.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.api.SessionException;
import dev.parley.osi.ConnectionIdentifier;
import dev.parley.osi.Indication;
import dev.parley.osi.Request;
import dev.parley.osi.SessionService;
import dev.parley.osi.Token;
import dev.parley.osi.wire.Spdu;
import dev.parley.runtime.Loop;
import dev.parley.session.connection.Json;
import dev.parley.session.connection.Lease;
import dev.parley.session.connection.Liveness;
import dev.parley.session.flow.FlowRequest;
import dev.parley.session.flow.FlowRules;
import dev.parley.session.store.Store;
import dev.parley.transfer.admin.StoreAdmin;
import dev.parley.transfer.file.SafePath;
import dev.parley.transfer.file.Source;
import dev.parley.transfer.file.Sources;
import dev.parley.transfer.file.Target;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One connection at the server: the login in two CONNECTs on one transport, then a receiving or a sending side. No session exists before the
/// credentials are checked.
public final class ServerSession implements SessionService.User, Conversation.Owner {
    private final TransferServer server;
    private final Loop loop;
    private final Lease lease = new Lease();
    private @Nullable SessionService service;
    private @Nullable ServerLogin login;
    private @Nullable Conversation conversation;
    private @Nullable Liveness liveness;
    private Store.@Nullable Session session;
    private @Nullable FlowGate gate;
    /// This side sends files: then its queue is full by nature.
    private boolean sends;
    private boolean over;

    ServerSession(TransferServer server, Loop loop) {
        this.server = server;
        this.loop = loop;
    }

    @Override
    public void ready(SessionService ready) {
        service = ready;
    }

    @Override
    public void indication(Indication indication) {
        if (liveness != null) {
            liveness.heard();
        }
        if (!sends && !service().isWritable()) {
            // It does not read our answers: then nothing more is read from it until it does.
            service().setReading(false);
        }
        try {
            switch (indication) {
                case Indication.Connect c -> connect(Json.decode(c.userData()));
                case Indication.TypedData _ -> {}
                case Indication.TokensGiven _ -> {
                    if (gate != null) {
                        gate.returned();
                    }
                }
                case Indication.UserAbort a -> log("the client aborted: " + text(a.userData()));
                case Indication.ProviderAbort a -> log("aborted: " + a.reason());
                default -> {
                    if (conversation != null) {
                        conversation.indication(indication);
                    }
                }
            }
        } catch (SessionException e) {
            fail(Failure.OTHER, String.valueOf(e.getMessage()));
        }
    }

    private void connect(JsonNode words) {
        var door = login;
        if (door == null) {
            door = new ServerLogin(server, loop, service());
            login = door;
        }
        Optional<ServerLogin.Entered> entered;
        try {
            entered = door.connect(words);
        } catch (SessionException.Refused e) {
            refuse(String.valueOf(e.getMessage()));
            return;
        }
        entered.ifPresent(who -> loop.offload(() -> begin(who.user(), words), (begun, failure) -> {
            if (failure != null) {
                refuse(String.valueOf(failure.getMessage()));
            } else if (begun != null && !over) {
                accept(begun, who.serverFinal());
            }
        }));
    }

    /// What the store and the disk said about a new connection.
    private record Begun(Store.User user, Store.Session session, boolean sends, Settings settings, Path root, Target.OnExists onExists,
            boolean checksum, Inbox.Room room, List<Source> sources, Optional<FlowRequest> flow, boolean isNew) {}

    private Begun begin(Store.User user, JsonNode words) throws IOException {
        var role = Json.text(words, "role");
        boolean get = role.equals("get");
        boolean admin = role.equals("admin");
        if (!get && !admin && !role.equals("send")) {
            throw new SessionException.Refused("the role is 'send', 'get' or 'admin', not '" + role + "'");
        }
        if (!admin && (get ? !user.mayGet() : !user.maySend())) {
            throw new SessionException.Refused("the user " + user.name() + " has no right to " + role);
        }
        Settings settings;
        try {
            settings = Settings.read(words);
        } catch (IllegalArgumentException e) {
            throw new SessionException.Refused(String.valueOf(e.getMessage()));
        }
        if (admin) {
            var session = server.store().newSession(user.name(), role, loop.wallMillis());
            server.register(session.number(), this);
            return new Begun(user, session, false, settings, server.folder(), Target.OnExists.FAIL, false, UserRoom.UNLIMITED, List.of(),
                    Optional.empty(), true);
        }
        var root = user.root().isEmpty() ? server.folder() : SafePath.resolve(server.folder(), user.root());
        var sub = words.path("path").asText("");
        var sources = List.<Source>of();
        if (get) {
            sources = served(root, sub, words.path("links").asText("KEEP"));
        } else if (!sub.replaceFirst("/+$", "").isEmpty()) {
            root = SafePath.folder(root, sub.replaceFirst("/+$", ""));
        }
        java.nio.file.Files.createDirectories(root);
        var onExists = Target.OnExists.valueOf(words.path("onExists").asText("fail").toUpperCase(Locale.ROOT));
        long resume = words.path("resume").asLong(0);
        var place = get ? "" : server.folder().relativize(root).toString();
        var begun = resume == 0
                ? server.store().newSession(user.name(), role, place, loop.wallMillis())
                : takeOver(resume, user, role, place);
        server.register(begun.number(), this);
        return new Begun(user, begun, get, settings, root, onExists, words.path("checksum").asBoolean(),
                get ? UserRoom.UNLIMITED : UserRoom.of(user.quota(), root), sources,
                Optional.of(flow(words.path("flow"), user, begun, get, sources)), resume == 0);
    }

    /// What a client wants to get. Links are never followed for it, because they might lead out of the folder.
    private List<Source> served(Path root, String wanted, String links) throws IOException {
        var name = wanted.replaceFirst("/+$", "");
        var path = name.isEmpty() ? root : SafePath.resolve(root, name);
        if (!java.nio.file.Files.exists(path)) {
            throw new SessionException.Refused("there is no " + wanted + " here");
        }
        if (!path.toRealPath().startsWith(root.toRealPath())) {
            throw new SessionException.Refused("the name '" + wanted + "' is refused: it leads out of the served folder");
        }
        return new Sources(links.equals("SKIP") ? Sources.Links.SKIP : Sources.Links.KEEP, this::log)
                .find(path + (name.length() == wanted.length() && !name.isEmpty() ? "" : "/"));
    }

    private static FlowRequest flow(JsonNode words, Store.User user, Store.Session session, boolean get, List<Source> sources) {
        long size = get ? sources.stream().mapToLong(Source::size).sum() : words.path("size").asLong(-1);
        return new FlowRequest(
                words.path("class").asText(FlowRules.DEFAULT_CLASS), words.path("priority").asInt(FlowRequest.DEFAULT_PRIORITY), size,
                words.path("waits").asBoolean(true), session.number(), user.name() + ", session " + session.number());
    }

    /// The newest connection wins: an older one of the same session is fenced before anything is read or written.
    private Store.Session takeOver(long number, Store.User user, String role, String root) {
        var old = server.store().session(number)
                .filter(s -> s.user().equals(user.name()) && s.role().equals(role) && s.root().equals(root));
        if (old.isEmpty()) {
            throw new SessionException.Refused("session " + number + " is not one of yours for this folder");
        }
        server.fence(number);
        return server.store().takeOver(number, loop.wallMillis());
    }

    private void accept(Begun begun, Optional<String> serverFinal) {
        session = begun.session();
        sends = begun.sends();
        var flow = begun.flow().map(request -> new FlowGate(server.flows(), loop, this, request)).orElse(null);
        gate = flow;
        var obstacle = flow == null ? Optional.<String>empty() : flow.ask();
        if (obstacle.isPresent()) {
            later(begun, obstacle.get());
            return;
        }
        boolean clientBegins = !begun.sends() && (flow == null || flow.isAdmitted());
        var settings = begun.settings();
        var answer = settings.write(Json.object().put("session", begun.session().number()));
        serverFinal.ifPresent(proof -> answer.put("scram", proof));
        var number = ByteBuffer.allocate(8).putLong(begun.session().number()).flip();
        service().request(new Request.Accept(
                new ConnectionIdentifier(Optional.empty(), Optional.of(number), Optional.empty()), Spdu.NO_DATA, Profile.UNITS,
                Optional.empty(), Optional.empty(), Profile.all(clientBegins ? Token.Side.REQUESTOR : Token.Side.ACCEPTOR), Set.of(),
                Json.encode(answer)));
        service().flush();
        var side = side(begun);
        conversation = side;
        liveness = new Liveness(loop, service(), settings.keepalive(), side::isBusy,
                () -> end("nothing was heard of the peer for " + settings.keepalive().toSeconds() + " s"));
        log("session " + begun.session().number() + " of " + begun.user().name() + " from " + address() + ": " + begun.session().role());
        side.start();
        if (flow != null) {
            flow.begin(service(), begun.sends() ? Optional.of(side) : Optional.empty());
        }
    }

    private Conversation side(Begun begun) {
        if (begun.flow().isEmpty()) {
            var sessions = new StoreAdmin(server.store(), server.folder(), server, loop::wallMillis, Optional.of(begun.user()));
            return new AdminSide(this, loop, server.flows(), sessions, begun.user(), begun.session().number());
        }
        return begun.sends()
                ? sending(begun)
                : new Receiving(this, loop, begun.settings(), lease, new Inbox(
                        new Journal(server.store(), begun.session(), server.names().below(begun.root()), begun.onExists(),
                                begun.settings().pageSize()),
                        (content, _) -> receipt(content, begun), begun.room()), server.held());
    }

    /// No flow token, and the client would rather not wait. A session that had not begun is forgotten.
    private void later(Begun begun, String words) {
        if (begun.isNew()) {
            loop.offload(() -> server.store().removeSession(begun.session().number()), (_, _) -> {});
        }
        refuse(words, Failure.LATER);
    }

    @Override
    public boolean hasTurn() {
        return gate != null && gate.isAdmitted();
    }

    @Override
    public void turnEnds() {
        if (gate != null) {
            gate.returned();
        }
    }

    private Conversation sending(Begun begun) {
        var outbox = Outboxes.server(server.store(), begun.session(), content -> receipt(content, begun));
        return new Sending(this, loop, server.disk(), begun.settings(), outbox,
                Parcels.of(begun.sources(), begun.settings(), outbox, begun.checksum()));
    }

    private String receipt(ObjectNode receipt, Begun begun) {
        return server.sign(receipt.put("session", begun.session().number()).put("user", begun.user().name())
                .put("leaf", begun.settings().pageSize()).put("began", Instant.ofEpochMilli(begun.session().createdMillis()).toString())
                .put("finished", Instant.ofEpochMilli(loop.wallMillis()).toString()));
    }

    private void refuse(String words) {
        refuse(words, Failure.REFUSED);
    }

    private void refuse(String words, Failure failure) {
        if (over) {
            return;
        }
        log("refused: " + words);
        service().request(new Request.Refuse(
                ConnectionIdentifier.NONE, ServerLogin.USER_REFUSES, false,
                Json.encode(Json.object().put("words", words).put("code", failure.code()))));
        service().flush();
    }

    /// A newer connection takes over: stop writing, close.
    void fence() {
        lease.revoke();
        loop.execute(() -> end("a newer connection has taken over the session"));
    }

    /// The server ends: waits for the write under way and closes. The client comes again by itself.
    void stop() {
        lease.revoke();
        loop.execute(() -> end("the server ends"));
    }

    /// Somebody cancelled the session: the client is told by an abort, and nothing is written any more.
    void cancel(String words) {
        lease.revoke();
        loop.execute(() -> fail(Failure.ABORTED, words));
    }

    private void end(String reason) {
        if (!over) {
            log(reason);
            service().disconnect();
        }
    }

    @Override
    public void writable() {
        if (!sends) {
            service().setReading(true);
        }
        if (conversation != null) {
            conversation.writable();
        }
    }

    @Override
    public void closed(String reason) {
        over = true;
        if (liveness != null) {
            liveness.stop();
        }
        if (conversation != null) {
            conversation.closed();
        }
        if (gate != null) {
            gate.closed();
        }
        if (session != null) {
            server.unregister(session.number(), this);
            if (conversation instanceof AdminSide) {
                // It leaves nothing that could be resumed.
                var number = session.number();
                loop.offload(() -> server.store().removeSession(number), (_, _) -> {});
            }
        }
    }

    @Override
    public SessionService service() {
        return java.util.Objects.requireNonNull(service);
    }

    @Override
    public void event(TransferEvent event) {
        if (event instanceof TransferEvent.Sent s && gate != null) {
            gate.moved(s.octets());
        }
        server.event(session == null ? 0 : session.number(), event);
    }

    @Override
    public void renew() {
        end("the keys of TLS are used up; the client connects again");
    }

    @Override
    public void done() {
        var ended = session;
        if (gate != null) {
            gate.done();
        }
        if (ended != null) {
            log("session " + ended.number() + " is complete");
            loop.offload(() -> {
                server.store().endSession(ended.number(), "done", loop.wallMillis());
                return true;
            }, (_, _) -> {});
        }
    }

    @Override
    public void fail(Failure failure, String words) {
        if (over) {
            return;
        }
        log(words);
        try {
            service().request(new Request.Abort(Json.encode(Json.object().put("words", words).put("code", failure.code()))));
            service().flush();
        } catch (SessionException.OutOfSequence _) {
            service().disconnect();
        }
    }

    private String address() {
        return login == null ? "" : login.address();
    }

    private void log(String words) {
        server.log(words);
    }

    private static String text(ByteBuffer octets) {
        return StandardCharsets.UTF_8.decode(octets.duplicate()).toString();
    }
}
