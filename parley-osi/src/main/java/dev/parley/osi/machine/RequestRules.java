package dev.parley.osi.machine;

import dev.parley.api.SessionException;
import dev.parley.osi.ConnectionIdentifier;
import dev.parley.osi.FunctionalUnit;
import dev.parley.osi.Request;
import dev.parley.osi.ResyncType;
import dev.parley.osi.Token;
import dev.parley.osi.machine.Variables.Resync;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/// What X.215 and Tables A.4 and A.5 demand of our own user's request beyond the predicates of its cell. Checked before anything changes.
final class RequestRules {
    /// Reason Codes of exceptions, interrupts and discards (6.6); 2 and 4 are reserved.
    private static final Set<Integer> REASONS = Set.of(0, 1, 3, 5, 6, 128);

    private RequestRules() {}

    /// @throws SessionException.OutOfSequence when a value does not fit the request or what was negotiated
    /// @throws SessionException.LimitReached when there is too much user data, or no serial number is left
    static void check(Request request, Variables v) {
        switch (request) {
            case Request.Connect r -> connect(r, v);
            case Request.Accept r -> accept(r, v);
            case Request.Refuse r -> {
                identifier(r.identifier());
                demand(r.reason() >= 0 && r.reason() <= 2, "a user refuses with reason 0, 1 or 2, not " + r.reason());
                demand(r.reason() == 2 || !r.userData().hasRemaining(), "a refusal with user data has reason 2");
            }
            case Request.Data r -> demand(r.userData().hasRemaining(), "there is no data");
            case Request.TypedData r -> demand(r.userData().hasRemaining(), "there is no data");
            case Request.ExpeditedData r -> demand(r.userData().hasRemaining(), "expedited data has 1 to 14 octets");
            case Request.GiveTokens r -> demand(!r.tokens().isEmpty(), "no token is given");
            case Request.PleaseTokens r -> demand(!r.tokens().isEmpty(), "no token is asked for");
            case Request.SyncMinor _, Request.SyncMajor _, Request.ActivityEnd _ -> {
                long next = v.symmetric() ? v.ms : v.m;
                if (next >= v.mostSerial) {
                    throw new SessionException.LimitReached("serial number " + next
                            + " is the last one: resynchronize to a lower number, or go on in a new activity");
                }
            }
            case Request.Resynchronize r -> resynchronize(r, v);
            case Request.ResynchronizeResponse r -> answer(r, v);
            case Request.ExceptionReport r -> reason(Optional.of(r.reason()));
            case Request.ActivityStart r -> activity(r.activity());
            case Request.ActivityResume r -> {
                activity(r.activity());
                activity(r.oldActivity());
                identifier(r.oldConnection());
                reference(r.oldCalledReference());
                serial(Optional.of(r.serial() + 1), v);
                serial(r.secondSerial().map(n -> n + 1), v);
                demand(v.symmetric() == r.secondSerial().isPresent(),
                        "the second serial number belongs to symmetric synchronize, and is needed there");
            }
            case Request.ActivityInterrupt r -> reason(r.reason());
            case Request.ActivityDiscard r -> reason(r.reason());
            case Request.CapabilityData _, Request.CapabilityDataResponse _, Request.GiveControl _,
                    Request.SyncMinorResponse _, Request.SyncMajorResponse _, Request.ActivityInterruptResponse _,
                    Request.ActivityDiscardResponse _, Request.ActivityEndResponse _, Request.Release _, Request.ReleaseResponse _,
                    Request.Abort _ -> {}
        }
        if (!(request instanceof Request.Data || request instanceof Request.TypedData)) {
            userData(request, v);
        }
    }

    private static void userData(Request request, Variables v) {
        int size = request.userData().remaining();
        if (request instanceof Request.Connect) {
            if (size > 512 && (v.options.versions() & 0x02) == 0) {
                throw new SessionException.LimitReached("protocol version 1 has at most 512 octets of user data in a CONNECT, not " + size);
            }
            return;
        }
        int version = v.version != 0 ? v.version : v.connect == null ? 1 : Outputs.version(v);
        int most = UserDataLimits.most(Outputs.spdu(request, v, false), version);
        if (size > most) {
            throw new SessionException.LimitReached("user data of " + size + " octets in " + request.getClass().getSimpleName() + ", at most "
                    + most + " are allowed in protocol version " + version);
        }
    }

    private static void connect(Request.Connect r, Variables v) {
        identifier(r.identifier());
        selector(r.callingSelector());
        selector(r.calledSelector());
        var wrong = Units.wrongProposal(r.requirements());
        demand(wrong == null, String.valueOf(wrong));
        long most = Connecting.mostSerial(v.options.serialDigits());
        demand(r.initialSerial().orElse(0L) <= most && r.secondInitialSerial().orElse(0L) <= most && r.initialSerial().orElse(0L) >= 0
                && r.secondInitialSerial().orElse(0L) >= 0, "an initial serial number is 0 to " + most);
        if (Units.numbered(r.requirements())) {
            demand(r.initialSerial().isPresent(), "the units that are proposed need an initial serial number");
        }
    }

    private static void accept(Request.Accept r, Variables v) {
        identifier(r.identifier());
        selector(r.respondingSelector());
        var wrong = Units.wrongAnswer(r.requirements(), v.proposed);
        demand(wrong == null, String.valueOf(wrong));
        var selected = Connecting.selected(v, new Event.FromUser(r));
        boolean numbered = Units.numbered(selected);
        boolean both = selected.contains(FunctionalUnit.SYMMETRIC_SYNC);
        demand(!numbered || r.initialSerial().isPresent() && (!both || r.secondInitialSerial().isPresent()),
                "the units that are selected need an initial serial number" + (both ? " for each flow" : ""));
        long most = Connecting.mostSerial(Outputs.agreedDigits(v));
        demand(r.initialSerial().orElse(0L) <= most && r.secondInitialSerial().orElse(0L) <= most && r.initialSerial().orElse(0L) >= 0
                && r.secondInitialSerial().orElse(0L) >= 0, "an initial serial number is 0 to " + most);
        var proposed = Objects.requireNonNull(v.connect).item().tokens();
        for (var token : Token.values()) {
            var side = r.tokens().get(token);
            var wanted = proposed.getOrDefault(token, Token.Side.REQUESTOR);
            demand(side == null || !Units.available(token, selected) || side != Token.Side.ACCEPTOR_CHOOSES
                    && (wanted == Token.Side.ACCEPTOR_CHOOSES || side == wanted),
                    "the caller placed the " + token + " token at " + wanted + ", so it cannot be " + side);
        }
        demand(r.pleaseTokens().stream().allMatch(token -> Units.available(token, selected)), "a token is asked for that is not available");
    }

    private static void resynchronize(Request.Resynchronize r, Variables v) {
        if (v.symmetric()) {
            demand(r.type().isPresent() || r.secondType().isPresent(), "no flow is resynchronized");
            flow(r.type(), r.serial(), v.ms, v.rs, v);
            flow(r.secondType(), r.secondSerial(), v.mr, v.rr, v);
        } else {
            demand(r.type().isPresent(), "a type is needed");
            demand(r.secondType().isEmpty() && r.secondSerial().isEmpty(), "a second flow belongs to symmetric synchronize");
            flow(r.type(), r.serial(), v.m, v.r, v);
        }
    }

    private static void flow(Optional<ResyncType> type, Optional<Long> serial, long next, long lowest, Variables v) {
        serial(serial, v);
        if (type.isEmpty()) {
            demand(serial.isEmpty(), "a serial number without a type");
            return;
        }
        switch (type.get()) {
            // The provider numbers an abandon itself.
            case ABANDON -> {}
            case SET -> demand(serial.isPresent(), "set needs a serial number");
            case RESTART -> demand(serial.isPresent() && serial.get() <= next && serial.get() >= lowest,
                    "restart goes to a serial number from " + lowest + " to " + next);
        }
    }

    private static void answer(Request.ResynchronizeResponse r, Variables v) {
        for (var token : Token.values()) {
            var side = r.tokens().get(token);
            var wanted = v.resyncTokens.get(token);
            boolean open = wanted == null || wanted == Token.Side.ACCEPTOR_CHOOSES;
            demand(side == null || !v.available(token) || side != Token.Side.ACCEPTOR_CHOOSES && (open || side == wanted),
                    "the " + token + " token goes to " + wanted + " as the requestor said, so it cannot be " + side);
        }
        if (!v.symmetric()) {
            demand(r.serial().isPresent() && r.secondSerial().isEmpty(), "one serial number is needed");
            serial(r.serial(), v);
            return;
        }
        // The first number belongs to the requestor's sending flow, which we receive.
        answered(v.resyncReceiving, r.serial(), v.mr, v);
        answered(v.resyncSending, r.secondSerial(), v.ms, v);
    }

    private static void answered(Resync kind, Optional<Long> serial, long next, Variables v) {
        demand(serial.isPresent() == (kind != Resync.NONE), "each flow that is resynchronized, and no other, needs a serial number");
        serial(serial, v);
        demand(kind != Resync.ABANDON || serial.orElse(-1L) == next, "an abandoned flow goes on with " + next);
    }

    private static void serial(Optional<Long> serial, Variables v) {
        demand(serial.isEmpty() || serial.get() >= 0 && serial.get() <= v.mostSerial,
                "a serial number is 0 to " + v.mostSerial + ", not " + serial.orElse(0L));
    }

    private static void reason(Optional<Integer> reason) {
        demand(reason.isEmpty() || REASONS.contains(reason.get()), "a reason is one of 0, 1, 3, 5, 6 and 128");
    }

    private static void activity(ByteBuffer identifier) {
        demand(identifier.remaining() >= 1 && identifier.remaining() <= 6, "an activity identifier has 1 to 6 octets");
    }

    private static void selector(ByteBuffer selector) {
        demand(selector.remaining() <= 16, "a session selector has at most 16 octets");
    }

    private static void identifier(ConnectionIdentifier identifier) {
        reference(identifier.userReference());
        reference(identifier.commonReference());
        demand(identifier.additionalInformation().map(ByteBuffer::remaining).orElse(0) <= 4, "additional information has at most 4 octets");
    }

    private static void reference(Optional<ByteBuffer> reference) {
        demand(reference.map(ByteBuffer::remaining).orElse(0) <= 64, "a reference has at most 64 octets");
    }

    private static void demand(boolean holds, String rule) {
        if (!holds) {
            throw new SessionException.OutOfSequence("the request was not carried out: " + rule);
        }
    }
}
