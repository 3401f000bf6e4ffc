package dev.parley.cli.h323;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.api.Side;
import dev.parley.h323.machine.CallEnd;
import dev.parley.h323.ras.DisengageReason;
import dev.parley.h323.wire.Cause;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;

class GatekeeperLinkTest {
    static final List<Arguments> ENDS = List.of(
            Arguments.of(cleared(Cause.NORMAL_CLEARING, "", true), DisengageReason.NORMAL_DROP),
            Arguments.of(cleared(Cause.USER_BUSY, "", false), DisengageReason.NORMAL_DROP),
            Arguments.of(cleared(Cause.NETWORK_OUT_OF_ORDER, "", true), DisengageReason.UNDEFINED_REASON),
            Arguments.of(cleared(Cause.NORMAL_UNSPECIFIED, "forcedDrop", true), DisengageReason.FORCED_DROP),
            Arguments.of(new CallEnd.Redirected(Optional.empty(), List.of("bob"), "callForwarded"), DisengageReason.NORMAL_DROP),
            Arguments.of(new CallEnd.Lost("gone"), DisengageReason.UNDEFINED_REASON),
            Arguments.of(new CallEnd.Malformed("noise"), DisengageReason.UNDEFINED_REASON));

    private static CallEnd cleared(Cause cause, String reason, boolean wasConnected) {
        return new CallEnd.Cleared(Side.REMOTE, cause, Optional.of(reason).filter(r -> !r.isEmpty()), wasConnected);
    }

    @ParameterizedTest
    @FieldSource("ENDS")
    void theGatekeeperHearsHowTheCallEnded(CallEnd end, DisengageReason reason) {
        assertThat(GatekeeperLink.reason(Optional.of(end))).isEqualTo(reason);
    }
}
