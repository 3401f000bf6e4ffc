package dev.parley.osi.user;

import dev.parley.osi.OsiLimits;
import java.time.Duration;

/// What a session may cost, and how long its calls wait.
///
/// @param connection of the connection below
/// @param connect until the transport connection is there
/// @param answer for what the peer must do before a call returns: accept, confirm a release, take data
/// @param idle for the next indication; zero is for ever
/// @param waiting octets of user data that may wait for [OsiSession#receive]; then the peer is held back
/// @param sessions at once on one server
public record Limits(OsiLimits connection, Duration connect, Duration answer, Duration idle, int waiting, int sessions) {
    public static final Limits DEFAULT =
            new Limits(OsiLimits.DEFAULT, Duration.ofSeconds(10), Duration.ofSeconds(30), Duration.ZERO, 4 << 20, 1_000);

    public Limits idle(Duration wait) {
        return new Limits(connection, connect, answer, wait, waiting, sessions);
    }

    public Limits answer(Duration wait) {
        return new Limits(connection, connect, wait, idle, waiting, sessions);
    }

    public Limits waiting(int octets) {
        return new Limits(connection, connect, answer, idle, octets, sessions);
    }

    public Limits sessions(int most) {
        return new Limits(connection, connect, answer, idle, waiting, most);
    }

    public Limits connection(OsiLimits limits) {
        return new Limits(limits, connect, answer, idle, waiting, sessions);
    }
}
