package dev.parley.h323.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.h323.machine.CallConfig.Style;
import dev.parley.h323.wire.Capability;
import dev.parley.h323.wire.Capability.Use;
import dev.parley.h323.wire.Codec;
import dev.parley.h323.wire.InformationElement;
import dev.parley.h323.wire.MessageType;
import dev.parley.h323.wire.Pdu;
import dev.parley.h323.wire.Q931;
import dev.parley.h323.wire.TransportAddress;
import dev.parley.h323.wire.per.Value;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// A film that fast connect has left out, in a call without H.245: the callee cannot listen for it.
class FilmsTest {
    private static final Capability ALAW = Capability.audio(Codec.G711_ALAW, 20);
    private static final Capability SCREEN = Capability.h264(64, 71, 20_000).used(Use.RECEIVE);
    private static final Capability FILM = Capability.h264(8, 85, 31_000).used(Use.RECORDED);
    private static final String FILM_IS = "the film is H.264 high, level 4, 3100 kbit/s, but the other side ";
    private static final String SCREEN_TAKES = FILM_IS + "takes H.264 baseline, level 3.1, 2000 kbit/s";
    private static final Duration SHORT = Duration.ofSeconds(3);
    private static final Duration MOMENT = Duration.ofMillis(200);

    /// @param open whether one of the two may ask for H.245
    private static CallPair talking(boolean open, List<Capability> callers, List<Capability> callees) {
        var pair = new CallPair(CallPair.config(1, Style.FAST_SEPARATE, CallPair.toCallee(), 1, callers.toArray(Capability[]::new)),
                CallPair.config(2, Style.FAST_SEPARATE, Optional.empty(), 1, callees.toArray(Capability[]::new)), 1);
        pair.listens = false;
        if (!open) {
            pair.lostSignals.add(MessageType.FACILITY);
        }
        pair.caller.does(new Event.Place());
        pair.run(SHORT);
        pair.callee.does(new Event.Answer());
        pair.run(MOMENT);
        assertThat(pair.caller.machine.state()).isEqualTo(CallState.ACTIVE);
        return pair;
    }

    private static List<String> refused(CallPair.End end) {
        return end.seen(Effect.TooMuch.class).stream().map(Effect.TooMuch::words).toList();
    }

    @Test
    void forAFilmThatWasNotTakenH245IsAskedFor() {
        var pair = talking(true, List.of(ALAW, FILM), List.of(ALAW, SCREEN));
        pair.run(SHORT);

        assertThat(pair.caller.sent(MessageType.FACILITY)).isOne();
        assertThat(refused(pair.caller)).containsExactly(SCREEN_TAKES);
        pair.run(Duration.ofMinutes(1));
        assertThat(refused(pair.caller)).hasSize(1);
    }

    @Test
    void forOneThatWasItIsNot() {
        var film = SCREEN.used(Use.RECORDED);
        var pair = talking(true, List.of(ALAW, film), List.of(ALAW, SCREEN));
        pair.run(Duration.ofMinutes(1));

        assertThat(pair.caller.seen(Effect.SendMedia.class)).extracting(m -> m.format().used(Use.RECORDED)).contains(film);
        assertThat(pair.caller.sent(MessageType.FACILITY)).isZero();
        assertThat(refused(pair.caller)).isEmpty();
    }

    @Test
    void aCalleeWithoutH245HasItsTimeAndThenTheFilmIsRefused() {
        var pair = talking(false, List.of(ALAW, FILM), List.of(ALAW, SCREEN));
        pair.run(Timer.FILM.usual().minus(MOMENT));
        assertThat(refused(pair.caller)).isEmpty();
        pair.run(MOMENT);

        assertThat(refused(pair.caller)).containsExactly(FILM_IS + "does not take it, and does not say what it takes");
        assertThat(pair.caller.seen(Effect.Ended.class)).as("that is for the user").isEmpty();
    }

    private static void tells(CallPair pair, String reason, Optional<TransportAddress> control) {
        var id = CallPair.config(1, Style.FAST_SEPARATE, CallPair.toCallee(), 1, ALAW);
        var facility = Signals.facility(id.callIdentifier(), reason).withOptional("h245Address", control.map(TransportAddress::forH225));
        pair.caller.does(new Event.Signal(new Q931(id.callReference(), true, MessageType.FACILITY.code(), List.of(InformationElement.userUser(
                Pdu.USER_INFORMATION.encode(Value.struct().with("h323-uu-pdu", Value.struct().with("h323-message-body",
                        Value.choice("facility", facility)).with("h245Tunnelling", false)))))).encode()));
    }

    /// There is H.245, if nobody can open it so far: that has a time of its own.
    @Test
    void aCalleeWhoseH245CannotBeReachedIsNotOneWithout() {
        var pair = talking(false, List.of(ALAW, FILM), List.of(ALAW, SCREEN));
        // Our address is the greater one, so that we open it.
        tells(pair, "startH245", Optional.of(CallPair.address(1, 2999)));
        pair.caller.does(new Event.Expired(Timer.FILM));
        pair.caller.does(new Event.ControlUnreachable("no route"));
        pair.caller.does(new Event.Expired(Timer.FILM));

        assertThat(pair.caller.seen(Effect.ConnectControl.class)).hasSize(1);
        assertThat(refused(pair.caller)).isEmpty();
    }

    /// FacilityReason noH245.
    @Test
    void aCalleeThatSaysThatItHasNoneHasNot() {
        var pair = talking(false, List.of(ALAW, FILM), List.of(ALAW, SCREEN));
        tells(pair, "noH245", Optional.empty());

        assertThat(refused(pair.caller)).hasSize(1);
        pair.run(Duration.ofMinutes(1));
        assertThat(refused(pair.caller)).hasSize(1);
    }

    /// What a caller takes stands in its offers.
    @Test
    void theCalleesFilmIsMeasuredByTheOffers() {
        var pair = talking(false, List.of(ALAW, SCREEN), List.of(ALAW, FILM));
        pair.run(Timer.FILM.usual());

        assertThat(refused(pair.callee)).containsExactly(SCREEN_TAKES);
    }

    @Test
    void aCallerWithoutPicturesIsNoReasonToEndTheCall() {
        for (var others : List.of(List.of(ALAW), List.of(ALAW, Capability.h263(5000)))) {
            var pair = talking(false, others, List.of(ALAW, FILM));
            pair.run(Timer.FILM.usual());

            assertThat(refused(pair.callee)).isEmpty();
            assertThat(pair.callee.noted("no common format for video")).isTrue();
        }
    }
}
