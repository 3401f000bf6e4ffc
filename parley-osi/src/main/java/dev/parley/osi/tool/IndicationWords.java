package dev.parley.osi.tool;

import dev.parley.osi.ConnectionIdentifier;
import dev.parley.osi.Indication;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Indications and confirms in words.
final class IndicationWords {
    private final Map<String, String> values = new LinkedHashMap<>();

    private IndicationWords() {}

    static Primitive of(Indication indication) {
        var words = new IndicationWords();
        var name = words.name(indication);
        words.data(indication.userData());
        var parts = name.split(" ");
        return new Primitive(parts[0], parts[1], words.values);
    }

    private String name(Indication indication) {
        return switch (indication) {
            case Indication.Connect i -> {
                identifier(i.identifier());
                selector("calling-selector", i.callingSelector()).selector("called-selector", i.calledSelector());
                put("units", Values.set(i.requirements())).serials(i.initialSerial(), i.secondInitialSerial()).sides(i.tokens());
                yield "S-CONNECT indication";
            }
            case Indication.Accepted i -> {
                put("result", "accepted").identifier(i.identifier());
                selector("responding-selector", i.respondingSelector());
                put("units", Values.set(i.selected())).serials(i.initialSerial(), i.secondInitialSerial()).sides(i.tokens());
                yield "S-CONNECT confirm";
            }
            case Indication.Refused i -> {
                put("result", "refused").put("reason", String.valueOf(i.reason())).put("transport", i.transportKept() ? "kept" : "released");
                identifier(i.identifier());
                yield "S-CONNECT confirm";
            }
            case Indication.Data _ -> "S-DATA indication";
            case Indication.TypedData _ -> "S-TYPED-DATA indication";
            case Indication.ExpeditedData _ -> "S-EXPEDITED-DATA indication";
            case Indication.CapabilityData _ -> "S-CAPABILITY-DATA indication";
            case Indication.CapabilityDataConfirm _ -> "S-CAPABILITY-DATA confirm";
            case Indication.TokensGiven i -> named("tokens", Values.set(i.tokens()), "S-TOKEN-GIVE indication");
            case Indication.TokensPlease i -> named("tokens", Values.set(i.tokens()), "S-TOKEN-PLEASE indication");
            case Indication.ControlGiven _ -> "S-CONTROL-GIVE indication";
            case Indication.SyncMinor i -> {
                put("serial", String.valueOf(i.serial())).put("confirmation", i.explicitConfirmation() ? "explicit" : "optional");
                if (i.dataSeparation()) {
                    put("data-separation", "true");
                }
                yield "S-SYNC-MINOR indication";
            }
            case Indication.SyncMinorConfirm i -> named("serial", String.valueOf(i.serial()), "S-SYNC-MINOR confirm");
            case Indication.SyncMajor i -> named("serial", String.valueOf(i.serial()), "S-SYNC-MAJOR indication");
            case Indication.SyncMajorConfirm _ -> "S-SYNC-MAJOR confirm";
            case Indication.Resynchronize i -> {
                i.type().ifPresent(type -> put("type", Values.plain(type)));
                i.secondType().ifPresent(type -> put("second-type", Values.plain(type)));
                serials(i.serial(), i.secondSerial()).sides(i.tokens());
                yield "S-RESYNCHRONIZE indication";
            }
            case Indication.ResynchronizeConfirm i -> {
                serials(i.serial(), i.secondSerial()).sides(i.tokens());
                yield "S-RESYNCHRONIZE confirm";
            }
            case Indication.ExceptionReport i -> named("reason", String.valueOf(i.reason()), "S-U-EXCEPTION-REPORT indication");
            case Indication.ProviderExceptionReport i -> named("reason", quoted(i.reason()), "S-P-EXCEPTION-REPORT indication");
            case Indication.ActivityStart i -> named("activity", Values.octets(i.activity()), "S-ACTIVITY-START indication");
            case Indication.ActivityResume i -> {
                put("activity", Values.octets(i.activity())).put("old-activity", Values.octets(i.oldActivity()));
                serials(Optional.of(i.serial()), i.secondSerial());
                i.oldCalledReference().ifPresent(value -> put("old-called-reference", Values.octets(value)));
                i.oldConnection().userReference().ifPresent(value -> put("old-calling-reference", Values.octets(value)));
                yield "S-ACTIVITY-RESUME indication";
            }
            case Indication.ActivityInterrupt i -> reasoned(i.reason(), "S-ACTIVITY-INTERRUPT indication");
            case Indication.ActivityInterruptConfirm _ -> "S-ACTIVITY-INTERRUPT confirm";
            case Indication.ActivityDiscard i -> reasoned(i.reason(), "S-ACTIVITY-DISCARD indication");
            case Indication.ActivityDiscardConfirm _ -> "S-ACTIVITY-DISCARD confirm";
            case Indication.ActivityEnd i -> named("serial", String.valueOf(i.serial()), "S-ACTIVITY-END indication");
            case Indication.ActivityEndConfirm _ -> "S-ACTIVITY-END confirm";
            case Indication.Release _ -> "S-RELEASE indication";
            case Indication.ReleaseConfirm i -> named("result", i.affirmative() ? "affirmative" : "negative", "S-RELEASE confirm");
            case Indication.UserAbort _ -> "S-U-ABORT indication";
            case Indication.ProviderAbort i -> named("reason", quoted(i.reason()), "S-P-ABORT indication");
        };
    }

    private IndicationWords put(String name, String value) {
        values.put(name, value);
        return this;
    }

    private String named(String parameter, String value, String name) {
        put(parameter, value);
        return name;
    }

    private String reasoned(Optional<Integer> reason, String name) {
        reason.ifPresent(value -> put("reason", String.valueOf(value)));
        return name;
    }

    private IndicationWords serials(Optional<Long> first, Optional<Long> second) {
        first.ifPresent(value -> put("serial", String.valueOf(value)));
        second.ifPresent(value -> put("second-serial", String.valueOf(value)));
        return this;
    }

    private void sides(Map<dev.parley.osi.Token, dev.parley.osi.Token.Side> sides) {
        if (!sides.isEmpty()) {
            put("tokens", Values.sides(sides));
        }
    }

    private IndicationWords selector(String name, ByteBuffer value) {
        return value.hasRemaining() ? put(name, Values.octets(value)) : this;
    }

    private void identifier(ConnectionIdentifier identifier) {
        identifier.userReference().ifPresent(value -> put("user-reference", Values.octets(value)));
        identifier.commonReference().ifPresent(value -> put("common-reference", Values.octets(value)));
        identifier.additionalInformation().ifPresent(value -> put("additional-information", Values.octets(value)));
    }

    private void data(ByteBuffer data) {
        if (data.hasRemaining()) {
            put("data", Values.octets(data)).put("size", String.valueOf(data.remaining()));
        }
    }

    private static String quoted(String words) {
        return '"' + words.replace('"', '\'') + '"';
    }
}
