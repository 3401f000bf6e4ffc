package dev.parley.osi.tool;

import dev.parley.osi.Request;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Requests and responses in words, the other way round than [RequestWords]; for logs, so only what matters.
final class RequestNames {
    private final Map<String, String> values = new LinkedHashMap<>();

    private RequestNames() {}

    static Primitive of(Request request) {
        var words = new RequestNames();
        var name = words.name(request).split(" ");
        words.data(request.userData());
        return new Primitive(name[0], name[1], words.values);
    }

    private String name(Request request) {
        return switch (request) {
            case Request.Connect r -> {
                put("units", Values.set(r.requirements()));
                serials(r.initialSerial(), r.secondInitialSerial());
                sides(r.tokens());
                yield "S-CONNECT request";
            }
            case Request.Accept r -> {
                put("result", "accepted");
                put("units", Values.set(r.requirements()));
                serials(r.initialSerial(), r.secondInitialSerial());
                sides(r.tokens());
                yield "S-CONNECT response";
            }
            case Request.Refuse r -> {
                put("result", "refused");
                put("reason", String.valueOf(r.reason()));
                yield "S-CONNECT response";
            }
            case Request.Data _ -> "S-DATA request";
            case Request.TypedData _ -> "S-TYPED-DATA request";
            case Request.ExpeditedData _ -> "S-EXPEDITED-DATA request";
            case Request.CapabilityData _ -> "S-CAPABILITY-DATA request";
            case Request.CapabilityDataResponse _ -> "S-CAPABILITY-DATA response";
            case Request.GiveTokens r -> named("tokens", Values.set(r.tokens()), "S-TOKEN-GIVE request");
            case Request.PleaseTokens r -> named("tokens", Values.set(r.tokens()), "S-TOKEN-PLEASE request");
            case Request.GiveControl _ -> "S-CONTROL-GIVE request";
            case Request.SyncMinor r -> named("confirmation", r.explicitConfirmation() ? "explicit" : "optional", "S-SYNC-MINOR request");
            case Request.SyncMinorResponse r -> named("serial", String.valueOf(r.serial()), "S-SYNC-MINOR response");
            case Request.SyncMajor _ -> "S-SYNC-MAJOR request";
            case Request.SyncMajorResponse _ -> "S-SYNC-MAJOR response";
            case Request.Resynchronize r -> {
                r.type().ifPresent(type -> put("type", Values.plain(type)));
                r.secondType().ifPresent(type -> put("second-type", Values.plain(type)));
                serials(r.serial(), r.secondSerial());
                sides(r.tokens());
                yield "S-RESYNCHRONIZE request";
            }
            case Request.ResynchronizeResponse r -> {
                serials(r.serial(), r.secondSerial());
                sides(r.tokens());
                yield "S-RESYNCHRONIZE response";
            }
            case Request.ExceptionReport r -> named("reason", String.valueOf(r.reason()), "S-U-EXCEPTION-REPORT request");
            case Request.ActivityStart r -> named("activity", Values.octets(r.activity()), "S-ACTIVITY-START request");
            case Request.ActivityResume r -> {
                put("activity", Values.octets(r.activity()));
                put("old-activity", Values.octets(r.oldActivity()));
                serials(Optional.of(r.serial()), r.secondSerial());
                yield "S-ACTIVITY-RESUME request";
            }
            case Request.ActivityInterrupt _ -> "S-ACTIVITY-INTERRUPT request";
            case Request.ActivityInterruptResponse _ -> "S-ACTIVITY-INTERRUPT response";
            case Request.ActivityDiscard _ -> "S-ACTIVITY-DISCARD request";
            case Request.ActivityDiscardResponse _ -> "S-ACTIVITY-DISCARD response";
            case Request.ActivityEnd _ -> "S-ACTIVITY-END request";
            case Request.ActivityEndResponse _ -> "S-ACTIVITY-END response";
            case Request.Release _ -> "S-RELEASE request";
            case Request.ReleaseResponse r -> named("result", r.affirmative() ? "affirmative" : "negative", "S-RELEASE response");
            case Request.Abort _ -> "S-U-ABORT request";
        };
    }

    private void put(String name, String value) {
        values.put(name, value);
    }

    private String named(String parameter, String value, String name) {
        put(parameter, value);
        return name;
    }

    private void serials(Optional<Long> first, Optional<Long> second) {
        first.ifPresent(value -> put("serial", String.valueOf(value)));
        second.ifPresent(value -> put("second-serial", String.valueOf(value)));
    }

    private void sides(Map<dev.parley.osi.Token, dev.parley.osi.Token.Side> sides) {
        if (!sides.isEmpty()) {
            put("tokens", Values.sides(sides));
        }
    }

    private void data(ByteBuffer data) {
        if (data.hasRemaining()) {
            put("data", Values.octets(data));
            put("size", String.valueOf(data.remaining()));
        }
    }
}
