package dev.parley.osi.machine;

import dev.parley.osi.Indication;
import dev.parley.osi.wire.Spdu;

/// What must be done after an event, in order.
public sealed interface Effect {
    record Send(Spdu spdu) implements Effect {}

    /// On the expedited flow of the transport connection: EXPEDITED, PREPARE and short ABORTs, when there is one (TEXP).
    record SendExpedited(Spdu spdu) implements Effect {}

    record Indicate(Indication indication) implements Effect {}

    record ConnectTransport() implements Effect {}

    record AcceptTransport() implements Effect {}

    record DisconnectTransport() implements Effect {}

    record StartTimer() implements Effect {}

    record StopTimer() implements Effect {}
}
