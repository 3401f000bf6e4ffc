package dev.parley.osi.machine;

import dev.parley.osi.Indication;
import dev.parley.osi.Request;
import dev.parley.osi.wire.Spdu;
import java.util.ArrayList;
import java.util.List;

/// What a row prints, and what the machine did, in the same words, so that they can be compared.
record Expected(Variables v, Event event, boolean symmetric) {
    List<String> of(Table.Rule rule) {
        var names = new ArrayList<String>();
        rule.steps().forEach(step -> add(step, names));
        rule.after().forEach(step -> add(step, names));
        return names;
    }

    private void add(Table.Step step, List<String> names) {
        switch (step.toString()) {
            case "[3]", "[4]" -> names.add(step.toString());
            case "PR-MAA?1", "PR-RA?1", "PR-RS?1" -> addIf(v.transportExpedited, step.name(), names);
            case "PR-RS?5" -> addIf(
                    v.transportExpedited && v.separatedOut < (symmetric ? v.as : v.a), step.name(), names);
            case "PR-AB?4" -> addIf(
                    v.transportExpedited && event instanceof Event.FromUser(Request.Abort r) && r.userData().remaining() > 9, step.name(), names);
            case "SxABind" -> names.add(
                    event instanceof Event.FromPeer(Spdu.Abort s) && s.cause() == Spdu.AbortCause.USER ? "SUABind" : "SPABind");
            case "CDO" -> addIf(v.connectData.remaining() > Steps.MOST_CONNECT_DATA, "CDO", names);
            case "MIP" -> names.add(event instanceof Event.FromUser(Request.SyncMinor r) && r.dataSeparation() ? "MIP-d" : "MIP");
            case "MAA", "AEA" -> names.add("MAA/AEA");
            default -> addIf(step.action() < 0, step.name(), names);
        }
    }

    private static void addIf(boolean wanted, String name, List<String> names) {
        if (wanted) {
            names.add(name);
        }
    }

    static List<String> names(List<Effect> effects, boolean symmetric) {
        return effects.stream().map(effect -> switch (effect) {
            case Effect.Send(var spdu) -> new Event.FromPeer(spdu).symbol(symmetric);
            case Effect.SendExpedited(var spdu) -> new Event.FromPeer(spdu).symbol(symmetric);
            case Effect.Indicate(var indication) -> name(indication);
            case Effect.ConnectTransport _ -> "TCONreq";
            case Effect.AcceptTransport _ -> "TCONrsp";
            case Effect.DisconnectTransport _ -> "TDISreq";
            case Effect.StartTimer _ -> "[4]";
            case Effect.StopTimer _ -> "[3]";
        }).toList();
    }

    static String name(Indication indication) {
        return switch (indication) {
            case Indication.Connect _ -> "SCONind";
            case Indication.Accepted _ -> "SCONcnf+";
            case Indication.Refused _ -> "SCONcnf-";
            case Indication.Data _ -> "SDTind";
            case Indication.TypedData _ -> "STDind";
            case Indication.ExpeditedData _ -> "SEXind";
            case Indication.CapabilityData _ -> "SCDind";
            case Indication.CapabilityDataConfirm _ -> "SCDcnf";
            case Indication.TokensGiven _ -> "SGTind";
            case Indication.TokensPlease _ -> "SPTind";
            case Indication.ControlGiven _ -> "SCGind";
            case Indication.SyncMinor _ -> "SSYNmind";
            case Indication.SyncMinorConfirm _ -> "SSYNmcnf";
            case Indication.SyncMajor _ -> "SSYNMind";
            case Indication.SyncMajorConfirm _ -> "SSYNMcnf";
            case Indication.Resynchronize _ -> "SRSYNind";
            case Indication.ResynchronizeConfirm _ -> "SRSYNcnf";
            case Indication.ExceptionReport _ -> "SUERind";
            case Indication.ProviderExceptionReport _ -> "SPERind";
            case Indication.ActivityStart _ -> "SACTSind";
            case Indication.ActivityResume _ -> "SACTRind";
            case Indication.ActivityInterrupt _ -> "SACTIind";
            case Indication.ActivityInterruptConfirm _ -> "SACTIcnf";
            case Indication.ActivityDiscard _ -> "SACTDind";
            case Indication.ActivityDiscardConfirm _ -> "SACTDcnf";
            case Indication.ActivityEnd _ -> "SACTEind";
            case Indication.ActivityEndConfirm _ -> "SACTEcnf";
            case Indication.Release _ -> "SRELind";
            case Indication.ReleaseConfirm r -> r.affirmative() ? "SRELcnf+" : "SRELcnf-";
            case Indication.UserAbort _ -> "SUABind";
            case Indication.ProviderAbort _ -> "SPABind";
        };
    }
}
