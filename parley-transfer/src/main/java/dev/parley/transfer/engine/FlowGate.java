package dev.parley.transfer.engine;

import dev.parley.api.SessionException;
import dev.parley.osi.Request;
import dev.parley.osi.SessionService;
import dev.parley.osi.Token;
import dev.parley.osi.wire.Spdu;
import dev.parley.runtime.Loop;
import dev.parley.session.connection.Json;
import dev.parley.session.flow.FlowRequest;
import dev.parley.session.flow.FlowSnapshot;
import dev.parley.session.flow.Flows;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The flow token of one connection at the server. Flow tokens ride on the session's tokens: a client that sends has data, minor, major and
/// release tokens only while its flow holds a flow token. GIVE TOKENS begins its turn, PLEASE TOKENS asks for its end at the next checkpoint.
/// When the server sends, it keeps the tokens and simply waits. While it waits, the client is told its place by typed data.
final class FlowGate implements Flows.Holder {
    static final Set<Token> ALL = Set.copyOf(EnumSet.allOf(Token.class));
    private static final Duration LOOK = Duration.ofSeconds(1);
    /// A place that did not change is told again after so many looks.
    private static final int REPEAT = 10;
    private static final Duration AGAIN = Duration.ofMillis(100);

    private final Flows flows;
    private final Loop loop;
    private final Conversation.Owner owner;
    private final FlowRequest request;
    private Flows.@Nullable Ticket ticket;
    private @Nullable SessionService service;
    /// The sending side when it is ours.
    private @Nullable Conversation sender;
    private boolean admitted;
    private boolean asked;
    /// The sender has the session's tokens, or was told to go on.
    private boolean given;
    /// This side ends; the client's turn is the last one.
    private boolean ending;
    private boolean over;
    private long moved;
    private Loop.@Nullable Timer look;
    private Optional<FlowSnapshot.Place> told = Optional.empty();
    private int looks;

    FlowGate(Flows flows, Loop loop, Conversation.Owner owner, FlowRequest request) {
        this.flows = flows;
        this.loop = loop;
        this.owner = owner;
        this.request = request;
    }

    /// Asks for the flow token when the transfer is heavy.
    ///
    /// @return why it can neither begin nor wait
    Optional<String> ask() {
        if (!flows.rules().isHeavy(request.size())) {
            admitted = true;
            given = true;
            return Optional.empty();
        }
        var answer = flows.ask(request, this, loop.nanoTime());
        ticket = answer.ticket().orElse(null);
        admitted = answer.granted();
        given = admitted;
        return answer.ticket().isPresent() ? Optional.empty() : Optional.of(answer.words());
    }

    boolean isAdmitted() {
        return admitted;
    }

    /// The session is accepted, with the tokens where [#isAdmitted] said.
    void begin(SessionService accepted, Optional<Conversation> ours) {
        service = accepted;
        sender = ours.orElse(null);
        if (!given && admitted) {
            give();
        } else if (!admitted) {
            look();
        }
        if (asked) {
            please();
        }
    }

    @Override
    public void granted() {
        loop.execute(() -> {
            if (over) {
                return;
            }
            admitted = true;
            asked = false;
            stopLooking();
            if (service != null && !given) {
                give();
            }
        });
    }

    @Override
    public void asked() {
        loop.execute(() -> {
            asked = true;
            please();
        });
    }

    @Override
    public void evicted(String words) {
        loop.execute(() -> {
            if (!over) {
                over = true;
                owner.fail(Failure.LATER, words);
            }
        });
    }

    private void give() {
        given = true;
        told = Optional.empty();
        tell(TransferEvent.Token.State.GRANTED, new FlowSnapshot.Place(request.flowClass(), 0, List.of(), Optional.empty()));
        if (sender != null) {
            sender.turn(true);
        } else {
            insist(new Request.GiveTokens(ALL, Spdu.NO_DATA));
        }
    }

    private void please() {
        if (service == null || !given) {
            return;
        }
        tell(TransferEvent.Token.State.ASKED, new FlowSnapshot.Place(request.flowClass(), 0, List.of(), Optional.empty()));
        if (sender != null) {
            sender.turn(false);
        } else {
            insist(new Request.PleaseTokens(ALL, Spdu.NO_DATA));
        }
    }

    /// While a resynchronization is under way tokens can neither be given nor asked for; soon after they can.
    private void insist(Request tokens) {
        var to = service;
        if (over || to == null || tokens instanceof Request.PleaseTokens && !given) {
            return;
        }
        try {
            to.request(tokens);
            to.flush();
        } catch (SessionException.OutOfSequence _) {
            loop.schedule(AGAIN, () -> insist(tokens));
        }
    }

    /// The server ends: a client that sends is asked for its turn, so that what it has sent is confirmed first. [Conversation.Owner#stopped]
    /// comes when that is done.
    ///
    /// @return false when it is nobody's turn
    boolean end() {
        if (service == null || sender != null || !given || over) {
            return false;
        }
        ending = true;
        insist(new Request.PleaseTokens(ALL, Spdu.NO_DATA));
        return true;
    }

    /// The sender has drained its window and gives its turn back.
    void returned() {
        given = false;
        if (ending) {
            owner.stopped();
            return;
        }
        if (ticket == null) {
            // A small transfer has no reason to give its tokens; it gets them back.
            give();
            return;
        }
        // The token of a flow that turned out to be heavy may have been granted in the meantime: then it just goes on.
        if (asked || !admitted || claimedAtStart()) {
            boolean held = admitted;
            admitted = false;
            asked = false;
            if (held) {
                ticket.yielded(loop.nanoTime());
            }
            look();
        } else {
            give();
        }
    }

    private boolean claimedAtStart() {
        return flows.rules().isHeavy(request.size());
    }

    /// Counts octets. A transfer that said it is small and is not has to ask like any other.
    void moved(long octets) {
        moved += octets;
        if (ticket != null) {
            ticket.progress(octets, loop.nanoTime());
        } else if (flows.rules().isHeavy(moved) && !over) {
            var r = request;
            var answer = flows.ask(new FlowRequest(r.flowClass(), r.priority(), -1, true, r.session(), r.holder()), this, loop.nanoTime());
            ticket = answer.ticket().orElse(null);
            admitted = answer.granted();
            if (ticket == null) {
                evicted(answer.words());
            } else if (!admitted) {
                please();
            }
        }
    }

    private void look() {
        stopLooking();
        if (over || admitted || ticket == null) {
            return;
        }
        var place = ticket.place(loop.nanoTime());
        if (place.isPresent() && (!place.equals(told) || ++looks >= REPEAT)) {
            looks = 0;
            told = place;
            tell(TransferEvent.Token.State.WAITING, place.get());
        }
        look = loop.schedule(LOOK, this::look);
    }

    private void stopLooking() {
        if (look != null) {
            look.cancel();
            look = null;
        }
    }

    private void tell(TransferEvent.Token.State state, FlowSnapshot.Place place) {
        owner.event(new TransferEvent.Token(place.flowClass(), state, place.place(), place.holders(), place.estimate()));
        if (service == null || over || !service.isWritable()) {
            return;
        }
        try {
            service.request(new Request.TypedData(Json.encode(FlowWords.write(state, place))));
            service.flush();
        } catch (SessionException.OutOfSequence _) {
            // While a confirmation is outstanding nothing may be sent (Table 5). The tokens themselves say enough.
        }
    }

    /// The work is complete.
    void done() {
        finish();
        if (ticket != null) {
            ticket.done(loop.nanoTime());
        }
    }

    /// The connection is gone: the token comes back at once.
    void closed() {
        finish();
        if (ticket != null) {
            ticket.lost(loop.nanoTime());
        }
    }

    private void finish() {
        over = true;
        stopLooking();
    }
}
