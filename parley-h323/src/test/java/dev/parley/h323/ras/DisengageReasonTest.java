package dev.parley.h323.ras;

import static dev.parley.h323.ras.RasPair.ENDPOINT;
import static dev.parley.h323.ras.RasPair.GATEKEEPER;
import static dev.parley.h323.ras.RasPair.NOW;
import static dev.parley.h323.ras.RasPair.call;
import static dev.parley.h323.ras.RasPair.endpoint;
import static dev.parley.h323.ras.RasPair.gatekeeper;
import static dev.parley.h323.ras.RasPair.only;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// An endpoint says how its call ended, and so does the record.
class DisengageReasonTest {
    @ParameterizedTest
    @CsvSource({"NORMAL_DROP, normalDrop", "FORCED_DROP, forcedDrop", "UNDEFINED_REASON, undefinedReason"})
    void theRecordSaysWhatTheEndpointSaid(DisengageReason reason, String recorded) {
        var machine = gatekeeper(Passwords.OPEN);
        var alice = endpoint(Optional.empty());
        RasPair.register(alice, machine);
        alice.received(only(machine.received(only(alice.admit(call(1), NOW)), ENDPOINT, NOW)), GATEKEEPER, NOW);

        var ended = machine.received(only(alice.disengage(call(1).callIdentifier(), reason, NOW)), ENDPOINT, NOW);

        assertThat(ended).filteredOn(GatekeeperEvent.CallEnded.class::isInstance)
                .singleElement().extracting(e -> ((GatekeeperEvent.CallEnded) e).reason()).isEqualTo(recorded);
    }
}
