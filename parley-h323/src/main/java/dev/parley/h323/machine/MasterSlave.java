package dev.parley.h323.machine;

import dev.parley.h323.wire.per.Value;
import java.util.Optional;
import java.util.OptionalLong;

/// Master/slave determination (clause 8.2/H.245 and C.2): higher terminal type, else the difference of two random numbers. Either side or
/// both may begin. A number is kept, so that whatever is said again, or comes late over a connection that was lost meanwhile, finds the same;
/// only numbers that decide nothing are drawn anew.
final class MasterSlave {
    private static final int MOST_TRIES = 10;
    private static final int MODULUS = 1 << 24;

    private enum State { IDLE, ASKED, ANSWERED, DETERMINED }

    private final ControlMachine.Port port;
    private final CallConfig config;
    private State state = State.IDLE;
    private Optional<Boolean> master = Optional.empty();
    private OptionalLong number = OptionalLong.empty();
    private int tries;

    MasterSlave(ControlMachine.Port port, CallConfig config) {
        this.port = port;
        this.config = config;
    }

    boolean determined() {
        return state == State.DETERMINED;
    }

    /// Only when determined.
    boolean master() {
        return master.orElseThrow();
    }

    void begin() {
        tries = 1;
        state = State.ASKED;
        send();
    }

    private void askWithAnother() {
        if (++tries > MOST_TRIES) {
            port.failed("master and slave could not be told apart in " + MOST_TRIES + " tries");
            return;
        }
        number = OptionalLong.empty();
        state = State.ASKED;
        send();
    }

    private long number() {
        if (number.isEmpty()) {
            number = OptionalLong.of(config.random().getAsLong() & (MODULUS - 1));
        }
        return number.getAsLong();
    }

    void askAgain() {
        if (state == State.ASKED) {
            send();
        }
    }

    private void send() {
        port.send(Controls.request("masterSlaveDetermination",
                Value.struct().with("terminalType", config.terminalType()).with("statusDeterminationNumber", number())));
        port.start(Timer.T106);
    }

    void asked(Value request) {
        long type = request.numberAt("terminalType").orElse(0L);
        long theirs = request.numberAt("statusDeterminationNumber").orElse(0L);
        long difference = (theirs - number()) & (MODULUS - 1);
        if (type == config.terminalType() && (difference == 0 || difference == MODULUS / 2)) {
            if (state == State.ASKED) {
                askWithAnother();
            } else {
                number = OptionalLong.empty();
                port.send(Controls.response("masterSlaveDeterminationReject", Value.struct().with("cause", Value.choice("identicalNumbers"))));
                state = State.IDLE;
            }
            return;
        }
        boolean weAre = type == config.terminalType() ? difference < MODULUS / 2 : config.terminalType() > type;
        master = Optional.of(weAre);
        answer(weAre);
        state = State.ANSWERED;
        port.start(Timer.T106);
    }

    /// Says to the peer what it is.
    private void answer(boolean weAreMaster) {
        port.send(Controls.response("masterSlaveDeterminationAck",
                Value.struct().with("decision", Value.choice(weAreMaster ? "slave" : "master"))));
    }

    void answered(Value ack) {
        boolean weAre = ack.chosenAt("decision").filter("master"::equals).isPresent();
        switch (state) {
            case ASKED -> {
                master = Optional.of(weAre);
                answer(weAre);
                done();
            }
            case ANSWERED -> {
                if (master.filter(m -> m == weAre).isEmpty()) {
                    port.failed("both sides are " + (weAre ? "master" : "slave"));
                    return;
                }
                done();
            }
            case IDLE, DETERMINED -> { }
        }
    }

    private void done() {
        state = State.DETERMINED;
        port.stop(Timer.T106);
        port.progress();
    }

    void rejected() {
        if (state == State.ASKED) {
            askWithAnother();
        }
    }

    void released() {
        if (state != State.DETERMINED) {
            port.failed("the peer gave up the determination of master and slave");
        }
    }

    void expired() {
        if (state != State.DETERMINED) {
            port.send(Controls.indication("masterSlaveDeterminationRelease", Value.struct()));
            port.failed("no answer to the determination of master and slave");
        }
    }
}
