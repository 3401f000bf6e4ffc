package dev.parley.h323.machine;

import dev.parley.h323.wire.per.Octets;
import dev.parley.h323.wire.per.Value;
import java.util.List;

/// Where fast connect stands in one call.
final class FastConnect {
    private final CallConfig config;
    private final CallMachine call;
    private final ControlCarriage carriage;
    private List<Octets> answer = List.of();
    private boolean done;

    FastConnect(CallConfig config, CallMachine call, ControlCarriage carriage) {
        this.config = config;
        this.call = call;
        this.carriage = carriage;
    }

    /// What the callee returns, in every message up to Connect.
    List<Octets> answer() {
        return answer;
    }

    boolean done() {
        return done;
    }

    /// At the callee, with Setup.
    void offered(Value body) {
        if (config.style().fastStart() && !body.listAt("fastStart").isEmpty()) {
            var accepted = FastStart.accept(body.listAt("fastStart"), config);
            answer = accepted.answer();
            carriage.control().offered(accepted.taken());
            open(accepted.channels());
        }
    }

    /// At the caller. The first message with fastStart binds; later ones repeat it.
    void answered(Value body) {
        if (config.callee().isPresent() && config.style().fastStart() && !done) {
            if (!body.listAt("fastStart").isEmpty()) {
                open(FastStart.accepted(body.listAt("fastStart"), config));
            } else if (body.has("fastConnectRefused")) {
                done = true;
            }
        }
    }

    private void open(List<FastStart.Opened> channels) {
        done = true;
        for (var channel : channels) {
            carriage.control().channels().openedByFastConnect(channel.format(), channel.sending(), channel.number());
            carriage.effect(channel.effect());
        }
    }
}
