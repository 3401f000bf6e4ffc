package dev.parley.h323.machine;

import dev.parley.h323.wire.Codec;
import dev.parley.h323.wire.per.Value;
import java.util.Optional;

/// Keys that the users press (UserInputIndication of H.245, or RFC 4733 in the sound).
final class UserInput {
    private static final int MOST_KEYS = 64;
    private static final String TELEPHONE_KEYS = "0123456789*#ABCD";

    private final ControlMachine.Port port;
    private final CallConfig config;
    private final CapabilityExchange exchange;
    private final Channels channels;
    private final StringBuilder waiting = new StringBuilder();

    UserInput(ControlMachine.Port port, CallConfig config, CapabilityExchange exchange, Channels channels) {
        this.port = port;
        this.config = config;
        this.exchange = exchange;
        this.channels = channels;
    }

    /// In RTP when the peer takes telephone events there and hears sound of us; otherwise here. Which of them is known when its capabilities are.
    void press(String keys) {
        if (!exchange.received()) {
            if (waiting.length() + keys.length() <= MOST_KEYS) {
                waiting.append(keys);
            } else {
                port.effect(new Effect.Note("more than " + MOST_KEYS + " keys wait for the peer's capabilities"));
            }
        } else if (config.telephoneEvents().isPresent() && exchange.takesEvents().isPresent() && channels.sends(Codec.Kind.AUDIO)
                && keys.chars().allMatch(k -> TELEPHONE_KEYS.indexOf(k) >= 0)) {
            port.effect(new Effect.PressKeys(keys, exchange.takesEvents().get()));
        } else {
            indicate(keys);
        }
    }

    void capabilitiesKnown() {
        var pressed = waiting.toString();
        waiting.setLength(0);
        if (!pressed.isEmpty()) {
            press(pressed);
        }
    }

    private void indicate(String keys) {
        for (char key : keys.toCharArray()) {
            var input = exchange.takesSignals() && (TELEPHONE_KEYS + "!").indexOf(key) >= 0
                    ? Value.choice("signal", Value.struct().with("signalType", Value.text("" + key)).with("duration", 100))
                    : Value.choice("alphanumeric", Value.text("" + key));
            port.send(Controls.indication("userInput", input));
        }
    }

    /// What the peer's user pressed, in whichever form.
    static Optional<String> keys(Value input) {
        return input.textAt("alphanumeric").or(() -> input.textAt("signal/signalType")).or(() -> input.textAt("extendedAlphanumeric/alphanumeric"))
                .filter(keys -> !keys.isEmpty());
    }
}
