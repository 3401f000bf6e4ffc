package dev.parley.osi.machine;

import dev.parley.osi.Indication;
import dev.parley.osi.Request;
import dev.parley.osi.wire.Enclosure;
import dev.parley.osi.wire.Spdu;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// Carries out the steps of a cell, outputs and actions in the order in which they are printed.
final class Steps {
    static final int MOST_CONNECT_DATA = 10_240;
    private static final int MOST_OVERFLOW_DATA = 65_000;

    private static final Pattern ACTION = Pattern.compile("\\[(\\d+)]");
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

    static void check(String step) {
        if (!ACTION.matcher(step).matches() && !OUTPUTS.contains(step.replaceAll("\\?\\d$", ""))) {
            throw new IllegalStateException("the tables name a step that nobody knows: " + step);
        }
    }

    void run(String step, Event event) {
        var action = ACTION.matcher(step);
        if (action.matches()) {
            switch (action.group(1)) {
                case "3" -> effects.add(new Effect.StopTimer());
                case "4" -> effects.add(new Effect.StartTimer());
                case "51" -> sendOverflow(true);
                default -> Actions.run(Integer.parseInt(action.group(1)), v, event);
            }
        } else {
            output(step, event);
        }
    }

    private void output(String step, Event event) {
        switch (step) {
            case "TCONreq" -> effects.add(new Effect.ConnectTransport());
            case "TCONrsp" -> effects.add(new Effect.AcceptTransport());
            case "TDISreq" -> effects.add(new Effect.DisconnectTransport());
            case "AA" -> send(new Spdu.AbortAccept());
            case "GTA" -> send(new Spdu.GiveTokensAck());
            case "OA" -> send(new Spdu.OverflowAccept(Optional.empty(), 0x02));
            case "CDO" -> sendOverflow(false);
            case "CN" -> sendConnect(event);
            case "PR-MAA?1" -> prepare(v.transportExpedited, Spdu.PrepareType.MAJOR_SYNC_ACK);
            case "PR-RA?1" -> prepare(v.transportExpedited, Spdu.PrepareType.RESYNCHRONIZE_ACK);
            case "PR-RS?1" -> prepare(v.transportExpedited, Spdu.PrepareType.RESYNCHRONIZE);
            case "PR-RS?5" -> prepare(
                    v.transportExpedited && !Predicate.p81.holds(v, event), Spdu.PrepareType.RESYNCHRONIZE);
            case "PR-AB?4" -> prepare(
                    v.transportExpedited && event instanceof Event.FromUser(var r) && r.userData().remaining() > 9,
                    Spdu.PrepareType.ABORT);
            case "SPABind" -> indicate(new Indication.ProviderAbort(reason(event), Spdu.NO_DATA));
            case "SPERind" -> indicate(event instanceof Event.FromPeer(var spdu)
                    ? Outputs.indication(spdu, v, false)
                    : new Indication.ProviderExceptionReport("protocol error", Spdu.NO_DATA));
            case "SCONind" -> indicateConnect(event);
            case "RF-nr", "RF-r" -> refuse(event, step.equals("RF-r"));
            default -> {
                switch (event) {
                    case Event.FromUser(var request) -> send(Outputs.spdu(request, v, step.endsWith("-r")));
                    case Event.FromPeer(var spdu) -> indicate(received(step, spdu));
                    case Event.FromBelow below -> throw new AssertionError(step + " at " + below);
                }
            }
        }
    }

    /// Note 2: the indication of a resynchronization to V(M) carries that number (abandon: after [19] took the larger one).
    private Indication received(String step, Spdu spdu) {
        var indication = Outputs.indication(spdu, v, step.equals("SACTEcnf"));
        if (step.equals("SRSYNind?2") && indication instanceof Indication.Resynchronize r && !v.symmetric()) {
            return new Indication.Resynchronize(r.type(), Optional.of(v.m), r.secondType(), r.secondSerial(), r.tokens(), r.userData());
        }
        return indication;
    }

    private static String reason(Event event) {
        return switch (event) {
            case Event.FromBelow.DISCONNECT_INDICATION -> "the transport connection was lost";
            case Event.FromBelow.TIMER -> "the peer did not answer in time";
            default -> "protocol error";
        };
    }

    private void refuse(Event event, boolean keep) {
        if (event instanceof Event.FromUser(Request.Refuse r)) {
            send(Outputs.spdu(r, v, keep));
        } else {
            // p76: no common protocol version, reason 132.
            send(new Spdu.Refuse(
                    dev.parley.osi.ConnectionIdentifier.NONE, keep, Optional.empty(), Optional.of(0x03), Enclosure.ABSENT, 132, Spdu.NO_DATA));
        }
    }

    private void sendConnect(Event event) {
        if (event instanceof Event.FromUser(Request.Connect r)) {
            v.connect = (Spdu.Connect) Outputs.spdu(r, v, false);
            v.connectData = r.userData();
            v.proposed = v.connect.requirements();
        }
        send(java.util.Objects.requireNonNull(v.connect));
    }

    private void indicateConnect(Event event) {
        if (event instanceof Event.FromPeer(Spdu.ConnectDataOverflow last)) {
            Actions.run(50, v, new Event.FromPeer(last));
            var c = java.util.Objects.requireNonNull(v.connect);
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

    private void prepare(boolean wanted, Spdu.PrepareType type) {
        if (wanted) {
            send(new Spdu.Prepare(type, Optional.empty(), Optional.empty()));
        }
    }

    private void send(Spdu spdu) {
        effects.add(new Effect.Send(spdu));
    }

    private void indicate(Indication indication) {
        effects.add(new Effect.Indicate(indication));
    }
}
