package dev.parley.session.talk;

import dev.parley.api.SessionException;
import dev.parley.osi.FunctionalUnit;
import dev.parley.osi.Indication;
import dev.parley.osi.Request;
import dev.parley.osi.SessionService;
import dev.parley.osi.Token;
import dev.parley.osi.wire.Spdu;
import dev.parley.runtime.Loop;
import dev.parley.session.connection.Json;
import dev.parley.session.connection.KeyLimit;
import dev.parley.session.store.ConversationStore.Entry;
import dev.parley.session.store.ConversationStore.Kind;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.zip.CRC32C;

/// Carries a [Dialogue] over one connection. Entries go as S-DATA, an interval of them ends with a minor synchronization point that carries
/// the number of its last entry and a CRC32C; the receiver stores the interval and only then confirms the point. The data, minor and
/// release tokens move together: they are the turn, and they move only when every point is confirmed. Runs on the connection's loop; the
/// methods for the dialogue may be called from any thread.
final class Line {
    static final Set<FunctionalUnit> UNITS = EnumSet.of(
            FunctionalUnit.HALF_DUPLEX, FunctionalUnit.MINOR_SYNC, FunctionalUnit.TYPED_DATA, FunctionalUnit.NEGOTIATED_RELEASE);
    static final Set<Token> TURN = EnumSet.of(Token.DATA, Token.MINOR, Token.RELEASE);

    private static final ByteBuffer BY_LIBRARY = ByteBuffer.wrap(new byte[] {'l'}).asReadOnlyBuffer();
    private static final ByteBuffer BY_APPLICATION = ByteBuffer.wrap(new byte[] {'a'}).asReadOnlyBuffer();

    /// After which a new connection is needed: serial numbers end at 999 999 (8.3.22), and so do the powers of a key.
    record Limits(long serial, long keyOctets) {
        static final Limits DEFAULT = new Limits(999_000, KeyLimit.OCTETS);
    }

    private record Point(long serial, long number) {}

    private final Loop loop;
    private final SessionService service;
    private final Dialogue dialogue;
    private final ConversationOptions options;
    private final Limits limits;
    private final Deque<Entry> queue = new ArrayDeque<>();
    private final Deque<Point> points = new ArrayDeque<>();
    private final Arrivals arrivals;
    private final CRC32C outgoing = new CRC32C();
    private int open;
    private long openBytes;
    private long openNumber;
    /// Octets that this connection's keys have protected.
    private long onKeys;
    private long intervals;
    private boolean giving;
    private boolean asked;
    private boolean askedByApplication;
    private boolean pleased;
    private boolean wantsTurn;
    private boolean wantsRelease;
    private boolean releasing;
    private boolean releaseAsked;
    private boolean over;

    Line(Loop loop, SessionService service, Dialogue dialogue, ConversationOptions options, Limits limits) {
        this.loop = loop;
        this.service = service;
        this.dialogue = dialogue;
        this.options = options;
        this.limits = limits;
        arrivals = new Arrivals(loop, dialogue, options.message(), this::stored);
    }

    /// Begins with what the dialogue has attached; on the loop, in the same task.
    void start(Dialogue.Attached state) {
        queue.addAll(state.outgoing());
        arrivals.start(state.received());
        dialogue.turn(mine() && queue.stream().noneMatch(entry -> entry.kind() == Kind.TURN));
        pump();
    }

    void offer(List<Entry> entries) {
        onLoop(() -> {
            queue.addAll(entries);
            pump();
        });
    }

    void please() {
        onLoop(() -> {
            wantsTurn = true;
            pleased = false;
            pump();
        });
    }

    void wantRelease(boolean wanted) {
        onLoop(() -> {
            wantsRelease = wanted;
            pump();
        });
    }

    void answerRelease(boolean agreed, String words) {
        onLoop(() -> {
            if (releaseAsked) {
                releaseAsked = false;
                request(new Request.ReleaseResponse(agreed, Json.encode(Json.object().put("words", words))));
                service.flush();
                if (!agreed) {
                    pump();
                }
            }
        });
    }

    /// There is room in the inbox again.
    void room() {
        onLoop(arrivals::storeNext);
    }

    /// Ends the connection: `code` says to the peer what becomes of the conversation.
    void abort(String code, String words) {
        onLoop(() -> {
            over = true;
            try {
                service.request(new Request.Abort(Json.encode(Json.object().put("code", code).put("words", words))));
                service.flush();
            } catch (SessionException.OutOfSequence e) {
                service.disconnect();
            }
        });
    }

    private void onLoop(Runnable work) {
        loop.execute(() -> {
            if (!over) {
                work.run();
            }
        });
    }

    /// The application here decides about a release: silence of the peer, which may not send now, means nothing.
    boolean isBusy() {
        return releaseAsked;
    }

    /// The connection was aborted: nothing more can be asked of it. [#closed] follows.
    void stop() {
        over = true;
    }

    void closed(String reason) {
        over = true;
        dialogue.detach(this, reason);
    }

    void indication(Indication indication) {
        switch (indication) {
            case Indication.Data d -> arrivals.data(d.userData());
            case Indication.SyncMinor s -> arrivals.point(s.serial(), s.userData());
            case Indication.SyncMinorConfirm c -> confirmed(c.serial());
            case Indication.TokensPlease p -> asked(p.userData().equals(BY_APPLICATION));
            case Indication.TokensGiven _ -> {
                if (mine()) {
                    pleased = false;
                    wantsTurn = false;
                    intervals = 0;
                    dialogue.turn(true);
                    pump();
                }
            }
            case Indication.Release _ -> {
                releaseAsked = true;
                dialogue.releaseAsked();
            }
            case Indication.ReleaseConfirm r -> released(r);
            default -> throw new SessionException.ProtocolViolation("unexpected " + indication.getClass().getSimpleName());
        }
    }

    void writable() {
        if (!over) {
            pump();
        }
    }

    private boolean mine() {
        return service.owns(Token.DATA) && service.owns(Token.MINOR) && service.owns(Token.RELEASE);
    }

    /// Sends what may be sent, and does with the turn what is due.
    private void pump() {
        if (over || releasing) {
            return;
        }
        if (!mine()) {
            if (!pleased && !releaseAsked && (wantsTurn || wantsRelease || !queue.isEmpty())) {
                pleased = true;
                request(new Request.PleaseTokens(TURN, wantsTurn ? BY_APPLICATION.duplicate() : BY_LIBRARY.duplicate()));
                service.flush();
            }
            return;
        }
        while (!queue.isEmpty() && service.isWritable() && mayTransmit()) {
            transmit(queue.remove());
            if (open >= Arrivals.INTERVAL || openBytes >= Arrivals.INTERVAL_BYTES || giving || queue.isEmpty()) {
                mark();
            }
        }
        if (open == 0 && points.isEmpty()) {
            drained();
        }
        service.flush();
    }

    /// An interval that is open goes on to its end; a new one needs room in the window, and the peer its turn.
    private boolean mayTransmit() {
        return !giving && (open > 0 || points.size() < Arrivals.WINDOW && !(asked && intervals >= Arrivals.WINDOW));
    }

    private void transmit(Entry entry) {
        var head = ByteBuffer.allocate(Arrivals.HEADER + entry.body().length);
        head.put((byte) entry.kind().ordinal()).putLong(entry.number()).put(entry.body()).flip();
        outgoing.update(head.duplicate());
        open++;
        openBytes += entry.body().length;
        onKeys += head.remaining();
        openNumber = entry.number();
        giving = entry.kind() == Kind.TURN;
        request(new Request.Data(head));
    }

    private void mark() {
        var mark = ByteBuffer.allocate(Arrivals.MARK).putLong(openNumber).putInt((int) outgoing.getValue()).flip();
        long serial = request(new Request.SyncMinor(true, false, mark));
        points.add(new Point(serial, openNumber));
        outgoing.reset();
        open = 0;
        openBytes = 0;
        intervals++;
    }

    /// Everything that was sent is confirmed: the turn may move, or the conversation end.
    private void drained() {
        if (giving) {
            give();
        } else if (points.isEmpty() && !queue.isEmpty() && !(asked && intervals >= Arrivals.WINDOW)) {
            return;
        } else if (asked && askedByApplication) {
            asked = false;
            askedByApplication = false;
            loop.offload(() -> {
                dialogue.passTurn();
                return true;
            }, (_, _) -> {});
        } else if (asked) {
            give();
        } else if (wantsRelease) {
            releasing = true;
            request(new Request.Release(false, Spdu.NO_DATA));
        }
    }

    private void give() {
        giving = false;
        asked = false;
        askedByApplication = false;
        pleased = false;
        request(new Request.GiveTokens(TURN, Spdu.NO_DATA));
        dialogue.turn(false);
        if (!queue.isEmpty() || wantsTurn || wantsRelease) {
            pump();
        }
    }

    private void asked(boolean byApplication) {
        if (!mine()) {
            // The wish crossed with our giving.
            return;
        }
        if (options.turns() == ConversationOptions.Turns.ASKED) {
            dialogue.turnAsked();
            return;
        }
        asked = true;
        askedByApplication |= byApplication;
        pump();
    }

    private void confirmed(long serial) {
        long number = 0;
        while (!points.isEmpty() && points.element().serial() <= serial) {
            number = points.remove().number();
        }
        dialogue.confirmed(number);
        if (points.isEmpty() && (serial >= limits.serial() || onKeys >= limits.keyOctets())) {
            // The next connection has new keys and begins again at 1.
            abort("left", "the serial numbers or the keys of this connection are used up");
            return;
        }
        pump();
    }

    private void stored(long serial) {
        if (!over) {
            request(new Request.SyncMinorResponse(serial, Spdu.NO_DATA));
            service.flush();
        }
    }

    private void released(Indication.ReleaseConfirm answer) {
        releasing = false;
        if (!answer.affirmative()) {
            var words = Json.decode(answer.userData()).path("words").asText("");
            wantsRelease = false;
            dialogue.releaseRefused(words);
            pump();
            return;
        }
        over = true;
        loop.<Boolean>offload(() -> {
            dialogue.ended(new Received.Released(), true);
            return true;
        }, (_, _) -> {});
    }

    /// The peer's application ended it at once.
    void aborted(String reason) {
        loop.<Boolean>offload(() -> {
            dialogue.ended(new Received.Aborted(reason), true);
            return true;
        }, (_, _) -> {});
    }

    private long request(Request request) {
        return service.request(request);
    }

    static java.util.Map<Token, Token.Side> tokens(Token.Side side) {
        var sides = new java.util.EnumMap<Token, Token.Side>(Token.class);
        TURN.forEach(token -> sides.put(token, side));
        return sides;
    }

    static Optional<Received> ending(String state, String words) {
        return switch (state) {
            case "released" -> Optional.of(new Received.Released());
            case "aborted" -> Optional.of(new Received.Aborted(words));
            default -> Optional.empty();
        };
    }
}
