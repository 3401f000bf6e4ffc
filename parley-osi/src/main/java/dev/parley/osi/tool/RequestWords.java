package dev.parley.osi.tool;

import dev.parley.osi.ConnectionIdentifier;
import dev.parley.osi.FunctionalUnit;
import dev.parley.osi.Request;
import dev.parley.osi.ResyncType;
import dev.parley.osi.Token;
import dev.parley.osi.wire.Spdu;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Requests and responses from words. Parameters that nobody knows are mistakes.
final class RequestWords {
    private final Primitive primitive;
    private final Map<String, String> left;

    private RequestWords(Primitive primitive) {
        this.primitive = primitive;
        left = new LinkedHashMap<>(primitive.parameters());
    }

    /// @throws IllegalArgumentException saying what was expected
    static Request of(Primitive primitive) {
        var words = new RequestWords(primitive);
        var request = words.request();
        if (!words.left.isEmpty()) {
            throw new IllegalArgumentException(primitive.name() + " has no parameter " + words.left.keySet());
        }
        return request;
    }

    private Request request() {
        return switch (primitive.name()) {
            case "S-CONNECT request" -> new Request.Connect(
                    identifier(), octets("calling-selector"), octets("called-selector"), units(), serial("serial"), serial("second-serial"),
                    sides(), octets("data"));
            case "S-CONNECT response" -> connectResponse();
            case "S-DATA request" -> new Request.Data(octets("data"));
            case "S-TYPED-DATA request" -> new Request.TypedData(octets("data"));
            case "S-EXPEDITED-DATA request" -> new Request.ExpeditedData(octets("data"));
            case "S-CAPABILITY-DATA request" -> new Request.CapabilityData(octets("data"));
            case "S-CAPABILITY-DATA response" -> new Request.CapabilityDataResponse(octets("data"));
            case "S-TOKEN-GIVE request" -> new Request.GiveTokens(tokens("tokens"), octets("data"));
            case "S-TOKEN-PLEASE request" -> new Request.PleaseTokens(tokens("tokens"), octets("data"));
            case "S-CONTROL-GIVE request" -> new Request.GiveControl(octets("data"));
            case "S-SYNC-MINOR request" -> new Request.SyncMinor(
                    !either("confirmation", "explicit", "optional").equals("optional"),
                    either("data-separation", "false", "true").equals("true"), octets("data"));
            case "S-SYNC-MINOR response" -> new Request.SyncMinorResponse(needed("serial"), octets("data"));
            case "S-SYNC-MAJOR request" -> new Request.SyncMajor(octets("data"));
            case "S-SYNC-MAJOR response" -> new Request.SyncMajorResponse(octets("data"));
            case "S-RESYNCHRONIZE request" -> new Request.Resynchronize(
                    type("type"), serial("serial"), type("second-type"), serial("second-serial"), sides(), octets("data"));
            case "S-RESYNCHRONIZE response" -> new Request.ResynchronizeResponse(
                    serial("serial"), serial("second-serial"), sides(), octets("data"));
            case "S-U-EXCEPTION-REPORT request" -> new Request.ExceptionReport((int) needed("reason"), octets("data"));
            case "S-ACTIVITY-START request" -> new Request.ActivityStart(octets("activity"), octets("data"));
            case "S-ACTIVITY-RESUME request" -> new Request.ActivityResume(
                    octets("activity"), octets("old-activity"), needed("serial"), serial("second-serial"),
                    new ConnectionIdentifier(optional("old-calling-reference"), optional("old-common-reference"), Optional.empty()),
                    optional("old-called-reference"), octets("data"));
            case "S-ACTIVITY-INTERRUPT request" -> new Request.ActivityInterrupt(reason(), octets("data"));
            case "S-ACTIVITY-INTERRUPT response" -> new Request.ActivityInterruptResponse(octets("data"));
            case "S-ACTIVITY-DISCARD request" -> new Request.ActivityDiscard(reason(), octets("data"));
            case "S-ACTIVITY-DISCARD response" -> new Request.ActivityDiscardResponse(octets("data"));
            case "S-ACTIVITY-END request" -> new Request.ActivityEnd(octets("data"));
            case "S-ACTIVITY-END response" -> new Request.ActivityEndResponse(octets("data"));
            case "S-RELEASE request" -> new Request.Release(kept(), octets("data"));
            case "S-RELEASE response" -> new Request.ReleaseResponse(
                    either("result", "affirmative", "negative").equals("affirmative"), octets("data"));
            case "S-U-ABORT request" -> new Request.Abort(kept(), octets("data"));
            default -> throw new IllegalArgumentException("there is no request or response " + primitive.name());
        };
    }

    private Request connectResponse() {
        if (either("result", "accepted", "refused").equals("refused")) {
            return new Request.Refuse(identifier(), reason().orElse(0), kept(), octets("data"));
        }
        return new Request.Accept(
                identifier(), octets("responding-selector"), units(), serial("serial"), serial("second-serial"), sides(),
                tokens("please-tokens"), octets("data"));
    }

    private Optional<String> value(String name) {
        return Optional.ofNullable(left.remove(name));
    }

    private String either(String name, String usual, String other) {
        var value = value(name).orElse(usual);
        if (!value.equals(usual) && !value.equals(other)) {
            throw new IllegalArgumentException(name + " is " + usual + " or " + other + ", not " + value);
        }
        return value;
    }

    private boolean kept() {
        return either("transport", "released", "kept").equals("kept");
    }

    private ByteBuffer octets(String name) {
        return optional(name).orElse(Spdu.NO_DATA);
    }

    private Optional<ByteBuffer> optional(String name) {
        return value(name).map(text -> Values.octets(text));
    }

    private Set<FunctionalUnit> units() {
        return value("units").map(Values::units).orElse(Set.of(FunctionalUnit.DUPLEX));
    }

    private Set<Token> tokens(String name) {
        return value(name).map(text -> Values.set(Token.class, text)).orElse(Set.of());
    }

    private Map<Token, Token.Side> sides() {
        return value("tokens").map(text -> Values.sides(text)).orElse(Map.of());
    }

    private Optional<Long> serial(String name) {
        return value(name).map(text -> Values.number(text, Long.MAX_VALUE));
    }

    private long needed(String name) {
        return serial(name).orElseThrow(() -> new IllegalArgumentException(primitive.name() + " needs " + name + "="));
    }

    private Optional<Integer> reason() {
        return value("reason").map(text -> (int) Values.number(text, 255));
    }

    private Optional<ResyncType> type(String name) {
        return value(name).map(text -> Values.constant(ResyncType.class, text));
    }

    private ConnectionIdentifier identifier() {
        return new ConnectionIdentifier(optional("user-reference"), optional("common-reference"), optional("additional-information"));
    }
}
