package dev.parley.osi.user;

import dev.parley.osi.Indication;
import dev.parley.osi.wire.Spdu;
import java.nio.ByteBuffer;

/// Why a connection was not made, for people; and a shorter way to say that there is no user data.
final class Words {
    private Words() {}

    static ByteBuffer none() {
        return Spdu.NO_DATA;
    }

    static String reason(int reason) {
        return switch (reason) {
            case 0 -> "its user gives no reason";
            case 1 -> "its user says temporary congestion";
            case 2 -> "its user gives a reason in user data";
            case 129 -> "it has no such session selector";
            case 130 -> "nobody is attached to this session selector";
            case 131 -> "congestion";
            case 132 -> "no common protocol version";
            case 134 -> "a restriction of its implementation";
            default -> "reason " + reason;
        };
    }

    static String of(Indication indication) {
        return indication instanceof Indication.ProviderAbort(var reason, _) ? reason : "the peer aborted";
    }
}
