package dev.parley.h323.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.h323.machine.CallConfig.Style;
import dev.parley.h323.wire.Capability;
import dev.parley.h323.wire.Codec;
import dev.parley.h323.wire.Pdu;
import dev.parley.h323.wire.per.Value;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Channels of a peer in sessions other than the primary ones of sound (1) and pictures (2): there is one sink of each.
class SessionsTest {
    private static final Capability ALAW = Capability.audio(Codec.G711_ALAW, 20);
    private static final Capability H263 = Capability.h263(5000);
    private static final Duration SHORT = Duration.ofSeconds(3);

    private final CallPair pair = talking();
    private final CallPair.End master = pair.caller.seen(Effect.ControlReady.class).getFirst().master() ? pair.caller : pair.callee;

    private static CallPair talking() {
        var style = Style.SLOW_SEPARATE;
        var pair = new CallPair(CallPair.config(1, style, CallPair.toCallee(), 1, ALAW, H263),
                CallPair.config(2, style, Optional.empty(), 1, ALAW, H263), 1);
        pair.caller.does(new Event.Place());
        pair.run(SHORT);
        pair.callee.does(new Event.Answer());
        pair.run(SHORT);
        return pair;
    }

    /// What a side answers to a channel of its peer: the cause of a refusal, or the session that it acknowledges.
    private static String answer(CallPair.End end, int number, Capability format, int session, int replaced) {
        var open = Controls.openChannel(number, format, CallPair.address(9, 5001));
        var parameters = Controls.channel(format, Optional.empty(), Optional.of(CallPair.address(9, 5001))).with("sessionID", session);
        var forward = open.structAt("forwardLogicalChannelParameters").orElseThrow()
                .with("multiplexParameters", Value.choice("h2250LogicalChannelParameters", parameters));
        forward = replaced == 0 ? forward : forward.with("replacementFor", replaced);
        end.does(new Event.Control(Pdu.H245.encode(Controls.request("openLogicalChannel", open.with("forwardLogicalChannelParameters", forward)))));
        var last = (Value.Chosen) ((Value.Chosen) Pdu.H245.decode(end.seen(Effect.SendControl.class).getLast().message())).value();
        return last.value().chosenAt("cause").orElseGet(() -> "session "
                + last.value().numberAt("forwardMultiplexAckParameters/h2250LogicalChannelAckParameters/sessionID").orElseThrow());
    }

    private static int soundOf(CallPair.End end) {
        return end.sent("openLogicalChannel").stream().filter(c -> c.has("forwardLogicalChannelParameters/dataType/audioData"))
                .findFirst().orElseThrow().numberAt("forwardLogicalChannelNumber").orElseThrow().intValue();
    }

    private static void closed(CallPair.End end, int number) {
        end.does(new Event.Control(Pdu.H245.encode(Controls.request("closeLogicalChannel",
                Value.struct().with("forwardLogicalChannelNumber", number).with("source", Value.choice("user"))))));
    }

    @ParameterizedTest
    @CsvSource({
        // The same session: the new one takes the place of the old one.
        "true, 1, 0, session 1", "false, 1, 0, session 1",
        // Of pictures and of data.
        "true, 2, 0, invalidSessionID", "false, 2, 0, invalidSessionID", "true, 3, 0, invalidSessionID",
        // One that the slave has chosen by itself.
        "true, 4, 0, invalidSessionID", "true, 255, 0, invalidSessionID",
        // Another one while there is one of the kind; only a slave asks for a new one.
        "true, 0, 0, dataTypeNotAvailable", "false, 4, 0, dataTypeNotAvailable", "false, 0, 0, invalidSessionID",
        // Instead of the one that is open.
        "true, 0, 1, session 4", "false, 32, 1, session 32", "false, 32, 99, dataTypeNotAvailable",
    })
    void aSecondChannelOfSoundIsKeptApartByItsSession(boolean atMaster, int session, int replaced, String expected) {
        var end = atMaster ? master : master.other();
        int open = soundOf(end.other());
        int received = end.seen(Effect.ReceiveMedia.class).size();

        assertThat(answer(end, 500, ALAW, session, replaced == 1 ? open : replaced)).isEqualTo(expected);

        assertThat(end.seen(Effect.ReceiveMedia.class)).hasSize(received + (expected.startsWith("session") ? 1 : 0));
        assertThat(end.seen(Effect.StopReceiving.class)).as("what is open goes on").isEmpty();
    }

    @Test
    void whenTheFirstOneIsClosedAnotherSessionMayBeOpened() {
        assertThat(answer(master, 500, ALAW, 0, 0)).isEqualTo("dataTypeNotAvailable");
        closed(master, soundOf(master.other()));
        assertThat(master.seen(Effect.StopReceiving.class)).hasSize(1);

        assertThat(answer(master, 501, ALAW, 0, 0)).isEqualTo("session 4");
        assertThat(answer(master, 502, ALAW, 4, 0)).as("the one that it was given").isEqualTo("session 4");
        closed(master, 501);

        assertThat(master.seen(Effect.StopReceiving.class)).as("502 is open").hasSize(1);
    }

    @Test
    void soundAndPicturesAreGivenSessionsOfTheirOwn() {
        for (var channel : master.other().sent("openLogicalChannel")) {
            closed(master, channel.numberAt("forwardLogicalChannelNumber").orElseThrow().intValue());
        }

        assertThat(answer(master, 500, ALAW, 0, 0)).isEqualTo("session 4");
        assertThat(answer(master, 501, H263, 0, 0)).isEqualTo("session 5");
        assertThat(answer(master, 502, ALAW, 5, 0)).isEqualTo("invalidSessionID");
    }
}
