package dev.parley.osi.machine;

import dev.parley.osi.ConnectionIdentifier;
import dev.parley.osi.Indication;
import dev.parley.osi.Request;
import dev.parley.osi.ResyncType;
import dev.parley.osi.wire.Enclosure;
import dev.parley.osi.wire.Spdu;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/// Carries out the steps of a cell, outputs and actions in the order in which they are printed.
final class Steps {
    static final int MOST_CONNECT_DATA = 10_240;
    private static final int MOST_OVERFLOW_DATA = 65_000;

    private static final Set<Integer> ACTIONS = Set.of(
            1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 16, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 41, 42, 43, 44, 45,
            50, 51, 62, 63, 64, 65, 66, 67, 68, 69, 70, 71, 72);
    private static final Set<String> OUTPUTS = Set.of(
            "TDISreq", "TCONreq", "TCONrsp", "SPABind", "SxABind", "SPERind", "AA", "AB-nr", "AB-r", "OA", "CDO", "CN", "GTA", "SCONcnf-",
            "SCONcnf+", "SCONind", "RF-nr", "RF-r", "AC", "DT", "EX", "TD", "CD", "CDA", "GT", "PT", "GTC", "MIP", "MIA", "MAP", "MAA",
            "AE", "AEA", "RS", "RS-a", "RS-r", "RS-s", "RA", "ED", "AS", "AR", "AI", "AIA", "AD", "ADA", "FN-nr", "FN-r", "DN", "NF",
            "SDTind", "STDind", "SEXind", "SCDind", "SCDcnf", "SGTind", "SPTind", "SCGind", "SSYNmind", "SSYNmcnf", "SSYNMind", "SSYNMcnf",
            "SRSYNind", "SRSYNcnf", "SUERind", "SACTSind", "SACTRind", "SACTIind", "SACTIcnf", "SACTDind", "SACTDcnf", "SACTEind",
            "SACTEcnf", "SRELind", "SRELcnf+", "SRELcnf-", "PR-MAA", "PR-RS", "PR-RA", "PR-AB");

    private final Variables v;
    private final List<Effect> effects;

    Steps(Variables v, List<Effect> effects) {
        this.v = v;
        this.effects = effects;
    }

    static void check(Table.Step step) {
        if (step.action() < 0 ? !OUTPUTS.contains(step.name()) : !ACTIONS.contains(step.action())) {
            throw new IllegalStateException("the tables name a step that nobody knows: " + step);
        }
    }

    void run(Table.Step step, Event event) {
        switch (step.action()) {
            case -1 -> output(step, event);
            case 3 -> effects.add(new Effect.StopTimer());
            case 4 -> effects.add(new Effect.StartTimer());
            case 51 -> sendOverflow(true);
            default -> Actions.run(step.action(), v, event);
        }
    }

    private void output(Table.Step step, Event event) {
        switch (step.name()) {
            case "TCONreq" -> {
                keep(event);
                effects.add(new Effect.ConnectTransport());
            }
            case "TCONrsp" -> effects.add(new Effect.AcceptTransport());
            case "TDISreq" -> effects.add(new Effect.DisconnectTransport());
            case "AA" -> send(new Spdu.AbortAccept());
            case "GTA" -> send(new Spdu.GiveTokensAck());
            case "OA" -> {
                v.overflowAccepted = true;
                send(new Spdu.OverflowAccept(Outputs.agreedSizes(v), 0x02));
            }
            case "CDO" -> sendOverflow(false);
            case "CN" -> sendConnect(event);
            case "PR-MAA" -> prepare(true, Spdu.PrepareType.MAJOR_SYNC_ACK, event);
            case "PR-RA" -> prepare(true, Spdu.PrepareType.RESYNCHRONIZE_ACK, event);
            // Note 5: nothing overtakes data that separation protects.
            case "PR-RS" -> prepare(step.note() == 1 || !Predicate.p81.holds(v, event), Spdu.PrepareType.RESYNCHRONIZE, event);
            // Note 4: an ABORT with so little data travels on the expedited flow itself.
            case "PR-AB" -> prepare(
                    event instanceof Event.FromUser(var r) && r.userData().remaining() > UserDataLimits.MOST_ABORT, Spdu.PrepareType.ABORT,
                    event);
            case "SPABind" -> indicate(new Indication.ProviderAbort(reason(event), Spdu.NO_DATA));
            case "SPERind" -> indicate(event instanceof Event.FromPeer(var spdu)
                    ? Outputs.indication(spdu, v, false)
                    : new Indication.ProviderExceptionReport("protocol error", Spdu.NO_DATA));
            case "SCONind" -> indicateConnect(event);
            case "RF-nr", "RF-r" -> refuse(event, step.name().equals("RF-r"));
            default -> {
                switch (event) {
                    case Event.FromUser(var request) -> send(Outputs.spdu(request, v, step.name().endsWith("-r")));
                    case Event.FromPeer(var spdu) -> indicate(received(step, spdu));
                    case Event.FromBelow below -> throw new AssertionError(step + " at " + below);
                }
            }
        }
    }

    private Indication received(Table.Step step, Spdu spdu) {
        var indication = Outputs.indication(spdu, v, step.name().equals("SACTEcnf"));
        return step.note() == 2 && indication instanceof Indication.Resynchronize r ? renumbered(r) : indication;
    }

    /// Note 2: the indication of an abandon carries V(M), after [19] took the larger number; with symmetric synchronize V(Mr) and V(Ms). There a
    /// collision may have left a stronger kind on one of the flows ([72], 7.24.3.3), which is then part of what must be answered.
    private Indication renumbered(Indication.Resynchronize r) {
        if (!v.symmetric()) {
            return new Indication.Resynchronize(r.type(), Optional.of(v.m), r.secondType(), r.secondSerial(), r.tokens(), r.userData());
        }
        var merged = Collision.merged(v, r);
        return new Indication.Resynchronize(
                merged.type(), abandons(merged.type()) ? Optional.of(v.mr) : merged.serial(), merged.secondType(),
                abandons(merged.secondType()) ? Optional.of(v.ms) : merged.secondSerial(), r.tokens(), r.userData());
    }

    private static boolean abandons(Optional<ResyncType> type) {
        return type.filter(ResyncType.ABANDON::equals).isPresent();
    }

    private static String reason(Event event) {
        return switch (event) {
            case Event.FromBelow.DISCONNECT_INDICATION -> "the transport connection was lost";
            case Event.FromBelow.TIMER -> "the peer did not answer in time";
            default -> "protocol error";
        };
    }

    private void refuse(Event event, boolean keep) {
        switch (event) {
            case Event.FromUser(Request.Refuse r) -> send(Outputs.spdu(r, v, keep));
            // p76: the machine itself refuses.
            case Event.FromPeer(Spdu.Connect c) -> {
                int reason = SpduRules.refusal(c, v);
                send(new Spdu.Refuse(
                        ConnectionIdentifier.NONE, keep, Optional.empty(),
                        reason == 132 ? Optional.of(v.options.versions()) : Optional.empty(), Enclosure.ABSENT, reason, Spdu.NO_DATA));
            }
            default -> throw new AssertionError("no refusal at " + event);
        }
    }

    private void sendConnect(Event event) {
        keep(event);
        var connect = Outputs.settled(Objects.requireNonNull(v.connect), v);
        v.connect = connect;
        v.proposed = connect.requirements();
        send(connect);
    }

    /// What a CONNECT proposes is kept until the ACCEPT.
    private void keep(Event event) {
        if (event instanceof Event.FromUser(Request.Connect r)) {
            v.connect = (Spdu.Connect) Outputs.spdu(r, v, false);
            v.connectData = r.userData();
            v.proposed = v.connect.requirements();
        }
    }

    private void indicateConnect(Event event) {
        if (event instanceof Event.FromPeer(Spdu.ConnectDataOverflow last)) {
            Actions.run(50, v, new Event.FromPeer(last));
            var c = Objects.requireNonNull(v.connect);
            indicate(Outputs.indication(
                    new Spdu.Connect(
                            c.identifier(), c.item(), c.requirements(), c.callingSelector(), c.calledSelector(), false, v.connectData),
                    v, false));
        } else if (event instanceof Event.FromPeer(var spdu)) {
            indicate(Outputs.indication(spdu, v, false));
        }
    }

    /// The rest of the user data of a CONNECT: one CDO, or with [51] all that are left.
    private void sendOverflow(boolean all) {
        var rest = v.connectData;
        do {
            int sent = Math.min(MOST_OVERFLOW_DATA, rest.remaining() - MOST_CONNECT_DATA);
            if (sent <= 0) {
                return;
            }
            boolean last = sent == rest.remaining() - MOST_CONNECT_DATA;
            send(new Spdu.ConnectDataOverflow(Enclosure.of(false, last), rest.slice(rest.position() + MOST_CONNECT_DATA, sent)));
            rest = rest.slice(rest.position() + sent, rest.remaining() - sent);
            v.connectData = rest;
        } while (all);
    }

    /// Note 1: there is a PREPARE only with an expedited flow. With symmetric synchronize it names the flows as the RESYNCHRONIZE does.
    private void prepare(boolean wanted, Spdu.PrepareType type, Event event) {
        if (!wanted || !v.transportExpedited) {
            return;
        }
        boolean flows = v.symmetric() && type == Spdu.PrepareType.RESYNCHRONIZE;
        send(event instanceof Event.FromUser(Request.Resynchronize r) && flows
                ? new Spdu.Prepare(type, r.type(), r.secondType())
                : new Spdu.Prepare(type, Optional.empty(), Optional.empty()));
    }

    /// EX and PREPARE have only the expedited flow; an ABORT takes it when it fits (Table 3).
    private void send(Spdu spdu) {
        boolean expedited = v.transportExpedited
                && switch (spdu) {
                    case Spdu.Expedited _, Spdu.Prepare _ -> true;
                    case Spdu.Abort s -> s.userData().remaining() <= UserDataLimits.MOST_ABORT && s.reflected().isEmpty();
                    default -> false;
                };
        effects.add(expedited ? new Effect.SendExpedited(spdu) : new Effect.Send(spdu));
    }

    private void indicate(Indication indication) {
        effects.add(new Effect.Indicate(indication));
    }
}
