package dev.parley.h323.wire;

import dev.parley.h323.wire.per.Octets;
import dev.parley.h323.wire.per.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The alternatives of AliasAddress (H.225.0) that are more than a text, as texts, in the names of the Recommendation:
/// `party:e164Number.internationalNumber:4912345`, `isup:privateNumber.localNumber:12`, `party:telexPartyNumber:12`,
/// `transport:192.0.2.1:1720`, `transport:[2001:db8::1]:1720` and `mobile:gsm-uim:imsi=262011234567890,msisdn=491511234567`.
final class AliasForms {
    static final Map<String, String> KINDS = Map.of("party", "partyNumber", "isup", "isupNumber", "transport", "transportID", "mobile", "mobileUIM");

    private static final String TYPED = "e164Number|privateNumber";
    /// Fields that are octets, as hexadecimal digits.
    private static final List<String> OCTETS = List.of("tmsi", "systemMyTypeCode", "systemAccessType", "qualificationInformationCode");

    private AliasForms() {}

    static Optional<String> kind(String text) {
        int colon = text.indexOf(':');
        return colon < 0 ? Optional.empty() : Optional.ofNullable(KINDS.get(text.substring(0, colon)));
    }

    /// Empty when the text has none of the forms, or something in it that the alternative has no room for.
    static Optional<Value> toValue(String text) {
        var rest = text.substring(text.indexOf(':') + 1);
        return kind(text).flatMap(kind -> switch (kind) {
            case "partyNumber" -> number(rest, "publicTypeOfNumber", "publicNumberDigits", "privateNumberDigits");
            case "isupNumber" -> number(rest, "natureOfAddress", "address", "address");
            case "transportID" -> TransportAddress.parse(rest).map(TransportAddress::forH225);
            default -> mobile(rest);
        }).flatMap(value -> inOrder(Value.choice(kind(text).orElseThrow(), value)));
    }

    /// The fields in the order of the Recommendation, so that the same alias is the same value.
    private static Optional<Value> inOrder(Value alias) {
        try {
            return Optional.of(Pdu.ALIAS.decode(Pdu.ALIAS.encode(alias)));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    private static Optional<Value> number(String text, String publicType, String publicDigits, String privateDigits) {
        int colon = text.indexOf(':');
        int dot = text.indexOf('.');
        if (colon < 0) {
            return Optional.empty();
        }
        var digits = Value.text(text.substring(colon + 1));
        if (dot < 0 || dot > colon) {
            return Optional.of(Value.choice(text.substring(0, colon), digits));
        }
        var plan = text.substring(0, dot);
        var type = Value.choice(text.substring(dot + 1, colon));
        return !plan.matches(TYPED) ? Optional.empty() : Optional.of(Value.choice(plan, plan.equals("e164Number")
                ? Value.struct().with(publicType, type).with(publicDigits, digits)
                : Value.struct().with("privateTypeOfNumber", type).with(privateDigits, digits)));
    }

    private static Optional<Value> mobile(String text) {
        int colon = text.indexOf(':');
        if (colon < 0) {
            return Optional.empty();
        }
        var fields = Value.struct();
        for (var field : text.substring(colon + 1).split(",", -1)) {
            int equals = field.indexOf('=');
            if (equals < 0) {
                return Optional.empty();
            }
            var name = field.substring(0, equals);
            var value = field.substring(equals + 1);
            if (OCTETS.contains(name) && !value.matches("([0-9a-f]{2})+")) {
                return Optional.empty();
            }
            fields = name.matches("sid|mid") ? fields.with("system-id", Value.choice(name, Value.text(value)))
                    : OCTETS.contains(name) ? fields.with(name, Octets.ofHex(value)) : fields.with(name, Value.text(value));
        }
        return Optional.of(Value.choice(text.substring(0, colon), fields));
    }

    static Optional<String> toText(Value alias) {
        if (!(alias instanceof Value.Chosen(String kind, Value value))) {
            return Optional.empty();
        }
        return switch (kind) {
            case "partyNumber" -> number(value).map(t -> "party:" + t);
            case "isupNumber" -> number(value).map(t -> "isup:" + t);
            case "transportID" -> TransportAddress.fromH225(value).map(t -> "transport:" + t);
            case "mobileUIM" -> mobile(value).map(t -> "mobile:" + t);
            default -> Optional.empty();
        };
    }

    private static Optional<String> number(Value number) {
        if (!(number instanceof Value.Chosen(String plan, Value value))) {
            return Optional.empty();
        }
        if (value instanceof Value.Text(String digits)) {
            return Optional.of(plan + ":" + digits);
        }
        var type = value.chosenAt("publicTypeOfNumber").or(() -> value.chosenAt("natureOfAddress")).or(() -> value.chosenAt("privateTypeOfNumber"));
        var digits = value.textAt("publicNumberDigits").or(() -> value.textAt("privateNumberDigits")).or(() -> value.textAt("address"));
        return type.flatMap(t -> digits.map(d -> plan + "." + t + ":" + d));
    }

    private static Optional<String> mobile(Value uim) {
        if (!(uim instanceof Value.Chosen(String network, Value.Struct(var fields, _, _)))) {
            return Optional.empty();
        }
        var told = new ArrayList<String>();
        fields.forEach((name, value) -> {
            switch (value) {
                case Value.Text(String text) -> told.add(name + "=" + text);
                case Value.Bytes(Octets octets) -> told.add(name + "=" + octets.hex());
                case Value.Chosen(String system, Value.Text(String text)) -> told.add(system + "=" + text);
                default -> { }
            }
        });
        return told.isEmpty() ? Optional.empty() : Optional.of(network + ":" + String.join(",", told));
    }

    /// The digits that can be dialled for a number of the public or a private plan.
    static Optional<String> dialled(String text) {
        return kind(text).filter(k -> k.equals("partyNumber")).map(_ -> text.substring(text.indexOf(':') + 1))
                .filter(t -> t.matches("(" + TYPED + ")\\..*")).map(t -> t.substring(t.indexOf(':') + 1));
    }
}
