package dev.parley.osi.wire;

import static dev.parley.osi.wire.Parameters.*;

import dev.parley.osi.ConnectionIdentifier;
import dev.parley.osi.FunctionalUnit;
import dev.parley.osi.ResyncType;
import dev.parley.osi.Token;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Turns the octets of one SPDU into its record. Which record an identifier means depends on its place in the TSDU (SI 1, 25 and 26).
final class SpduDecoder {
    /// The largest parameter value: an SPDU has at most 65 539 octets.
    private static final int MOST = 65_535;

    private static final Set<Integer> DATA = Set.of(ENCLOSURE, USER_DATA);
    private static final Set<Integer> TOKENS = Set.of(TOKEN_ITEM, ENCLOSURE, USER_DATA);
    private static final Set<Integer> REASONED = Set.of(ENCLOSURE, REASON, USER_DATA);
    private static final Set<Integer> NUMBERED = Set.of(SYNC_TYPE, ENCLOSURE, SERIAL, USER_DATA);
    private static final Set<Integer> REFERENCES =
            Set.of(CALLED_REFERENCE, CALLING_REFERENCE, COMMON_REFERENCE, ADDITIONAL_REFERENCE);
    private static final Set<Integer> RESYNC = Set.of(
            ENCLOSURE, TOKEN_SETTING, RESYNC_TYPE, SERIAL, SECOND_RESYNC_TYPE, SECOND_SERIAL, USER_DATA);
    private static final Set<Integer> ITEM = Set.of(
            PROTOCOL_OPTIONS, TSDU_SIZE, VERSION, INITIAL_SERIAL, TOKEN_SETTING, SECOND_INITIAL_SERIAL, SERIAL_LIMIT,
            LARGE_INITIAL_SERIAL, LARGE_SECOND_INITIAL_SERIAL);

    /// X.225 8.3.1.16: half-duplex, minor synchronize, activity management, capability data, exceptions.
    private static final int DEFAULT_REQUIREMENTS = 0x0349;

    private final int identifier;
    private final boolean first;
    private final OctetReader reader;
    private final String name;

    private SpduDecoder(int identifier, boolean first, OctetReader reader, String name) {
        this.identifier = identifier;
        this.first = first;
        this.reader = reader;
        this.name = name;
    }

    /// Reads one SPDU from the TSDU. A user information field (DT, TD, EX) takes all that is left.
    static Spdu next(OctetReader tsdu, boolean first) {
        int identifier = tsdu.octet("an SPDU identifier");
        int length = tsdu.length("SPDU " + identifier);
        var name = "SPDU with identifier " + identifier;
        return new SpduDecoder(identifier, first, tsdu.inside(length, name), name).decode(tsdu);
    }

    private Spdu decode(OctetReader tsdu) {
        return switch (identifier) {
            case 13 -> connect();
            case 16 -> {
                var p = read(Set.of(TSDU_SIZE, VERSION));
                yield new Spdu.OverflowAccept(sizes(p), p.mandatoryOctet(VERSION));
            }
            case 15 -> {
                var p = read(DATA);
                var enclosure = enclosure(p);
                if (!enclosure.present() || enclosure.begin() || !enclosure.end() && !p.has(USER_DATA)) {
                    throw p.broken(ENCLOSURE, "continues the user data of a CONNECT, with data in all but the last");
                }
                yield new Spdu.ConnectDataOverflow(enclosure, data(p));
            }
            case 14 -> accept();
            case 12 -> refuse();
            case 9 -> {
                var p = read(Set.of(TRANSPORT_DISCONNECT, ENCLOSURE, USER_DATA));
                yield new Spdu.Finish(keeps(p), enclosure(p), data(p));
            }
            case 10 -> {
                var p = read(DATA);
                yield new Spdu.Disconnect(enclosure(p), data(p));
            }
            case 8 -> {
                var p = read(DATA);
                yield new Spdu.NotFinished(enclosure(p), data(p));
            }
            case 25 -> first ? abort() : interrupt();
            case 26 -> {
                var p = read(DATA);
                yield first ? new Spdu.AbortAccept() : new Spdu.ActivityInterruptAck(enclosure(p), data(p));
            }
            case 1 -> {
                if (first) {
                    var p = read(TOKENS);
                    yield new Spdu.GiveTokens(tokens(p), enclosure(p), tokenData(p));
                }
                // Every page of data comes here: without parameters there is nothing to read.
                var enclosure = reader.hasMore() ? enclosure(read(Set.of(ENCLOSURE))) : Enclosure.ABSENT;
                yield new Spdu.DataTransfer(enclosure, information(enclosure, tsdu));
            }
            case 2 -> {
                var p = read(TOKENS);
                yield new Spdu.PleaseTokens(tokens(p), enclosure(p), tokenData(p));
            }
            case 5 -> {
                read(Set.of());
                if (tsdu.remaining() < 1 || tsdu.remaining() > 14) {
                    throw reader.broken("EXPEDITED carries " + tsdu.remaining() + " octets, expected 1 to 14");
                }
                yield new Spdu.Expedited(tsdu.rest());
            }
            case 33 -> {
                var p = read(Set.of(ENCLOSURE));
                var enclosure = enclosure(p);
                yield new Spdu.TypedData(enclosure, information(enclosure, tsdu));
            }
            case 61 -> {
                var p = read(DATA);
                yield new Spdu.CapabilityData(enclosure(p), data(p));
            }
            case 62 -> {
                var p = read(DATA);
                yield new Spdu.CapabilityDataAck(enclosure(p), data(p));
            }
            case 21 -> {
                var p = read(DATA);
                yield new Spdu.GiveTokensConfirm(enclosure(p), data(p));
            }
            case 22 -> {
                read(Set.of());
                yield new Spdu.GiveTokensAck();
            }
            case 49 -> {
                var p = read(NUMBERED);
                int type = p.octet(SYNC_TYPE).orElse(0);
                yield new Spdu.MinorSyncPoint((type & 1) == 0, (type & 2) != 0, enclosure(p), serial(p), data(p));
            }
            case 50 -> {
                // The standard puts the data of this one in PI 46; some stacks use PGI 193 as everywhere else, which is accepted too.
                var p = read(Set.of(ENCLOSURE, SERIAL, ACK_DATA, USER_DATA));
                yield new Spdu.MinorSyncAck(enclosure(p), serial(p), p.value(ACK_DATA, MOST).orElseGet(() -> data(p)));
            }
            case 41 -> {
                var p = read(NUMBERED);
                if (p.has(SYNC_TYPE) && (p.mandatoryOctet(SYNC_TYPE) & 1) == 0) {
                    throw p.broken(SYNC_TYPE, "is 0, but a MAJOR SYNC POINT has bit 1 and an ACTIVITY END has no such parameter");
                }
                yield p.has(SYNC_TYPE)
                        ? new Spdu.MajorSyncPoint(enclosure(p), serial(p), data(p))
                        : new Spdu.ActivityEnd(enclosure(p), serial(p), data(p));
            }
            case 42 -> {
                var p = read(Set.of(ENCLOSURE, SERIAL, SECOND_SERIAL, USER_DATA));
                yield new Spdu.MajorSyncAck(enclosure(p), p.serial(SERIAL), p.serial(SECOND_SERIAL), data(p));
            }
            case 53 -> {
                var a = resynchronize();
                yield new Spdu.Resynchronize(
                        a.enclosure(), a.tokens(), a.type(), a.serial(), a.secondType(), a.second(), a.userData());
            }
            case 34 -> resynchronize();
            case 7 -> prepare();
            case 0 -> new Spdu.ExceptionReport(read(Set.of(REFLECT)).mandatory(REFLECT, MOST));
            case 48 -> {
                var p = read(REASONED);
                int reason = continues(p) ? 0 : reason(p).orElseThrow(() -> p.broken(REASON, "is missing"));
                yield new Spdu.ExceptionData(enclosure(p), reason, data(p));
            }
            case 45 -> {
                var p = read(Set.of(ENCLOSURE, ACTIVITY, USER_DATA));
                var activity = continues(p) ? Spdu.NO_DATA : p.mandatory(ACTIVITY, 6);
                yield new Spdu.ActivityStart(enclosure(p), activity, data(p));
            }
            case 29 -> resume();
            case 57 -> {
                var p = read(REASONED);
                yield new Spdu.ActivityDiscard(enclosure(p), reason(p), data(p));
            }
            case 58 -> {
                var p = read(DATA);
                yield new Spdu.ActivityDiscardAck(enclosure(p), data(p));
            }
            default -> throw reader.broken("no SPDU has the identifier " + identifier);
        };
    }

    private Parameters read(Set<Integer> allowed) {
        return Parameters.read(reader, name, allowed);
    }

    private static ByteBuffer data(Parameters p) {
        return p.value(USER_DATA, MOST).orElse(Spdu.NO_DATA);
    }

    private static Enclosure enclosure(Parameters p) {
        return p.octet(ENCLOSURE).map(octet -> Enclosure.of((octet & 1) != 0, (octet & 2) != 0)).orElse(Enclosure.ABSENT);
    }

    /// The user information field. It may be empty only in the last segment of several (8.3.11).
    private ByteBuffer information(Enclosure enclosure, OctetReader tsdu) {
        if (tsdu.remaining() == 0 && (!enclosure.present() || enclosure.begin() || !enclosure.end())) {
            throw reader.broken("the user information field is empty");
        }
        return tsdu.rest();
    }

    /// User data of a GIVE or PLEASE TOKENS comes with tokens, or continues (8.3.16).
    private static ByteBuffer tokenData(Parameters p) {
        if (p.has(USER_DATA) && !p.has(TOKEN_ITEM) && !continues(p)) {
            throw p.broken(USER_DATA, "comes without a Token Item");
        }
        return data(p);
    }

    /// Reason codes of exceptions, interrupts and discards; the others are reserved (6.6).
    private static Optional<Integer> reason(Parameters p) {
        return p.octet(REASON).map(reason -> switch (reason) {
            case 0, 1, 3, 5, 6, 128 -> reason;
            default -> throw p.broken(REASON, "has the value " + reason + ", expected 0, 1, 3, 5, 6 or 128");
        });
    }

    private static boolean continues(Parameters p) {
        var enclosure = enclosure(p);
        return enclosure.present() && !enclosure.begin();
    }

    private static long serial(Parameters p) {
        return continues(p) ? 0 : p.mandatorySerial(SERIAL);
    }

    /// An absent Transport Disconnect means release (8.3.5.5, 8.3.6.2).
    private static boolean keeps(Parameters p) {
        return (p.octet(TRANSPORT_DISCONNECT).orElse(1) & 1) == 0;
    }

    private static Set<Token> tokens(Parameters p) {
        var tokens = p.octet(TOKEN_ITEM).map(TokenItems::tokens).orElse(Set.of());
        if (p.has(TOKEN_ITEM) && tokens.isEmpty()) {
            throw p.broken(TOKEN_ITEM, "names no token");
        }
        return tokens;
    }

    private static Optional<Spdu.TsduSizes> sizes(Parameters p) {
        if (!p.has(TSDU_SIZE)) {
            return Optional.empty();
        }
        var value = p.exactly(TSDU_SIZE, 4);
        return Optional.of(new Spdu.TsduSizes(value.getShort(0) & 0xFFFF, value.getShort(2) & 0xFFFF));
    }

    private static Set<FunctionalUnit> requirements(Parameters p) {
        return FunctionalUnit.ofBits(p.sixteen(REQUIREMENTS).orElse(DEFAULT_REQUIREMENTS));
    }

    private static ConnectionIdentifier identifier(Parameters group, int userReference) {
        return new ConnectionIdentifier(
                group.value(userReference, 64), group.value(COMMON_REFERENCE, 64), group.value(ADDITIONAL_REFERENCE, 4));
    }

    private static Spdu.ConnectItem item(Parameters p) {
        var g = p.group(CONNECT_ITEM, ITEM);
        Map<Token, Token.Side> sides = g.octet(TOKEN_SETTING).map(TokenItems::sides).orElse(Map.of());
        var limit = g.octet(SERIAL_LIMIT);
        if (limit.orElse(0) > 6) {
            throw g.broken(SERIAL_LIMIT, "has the value " + limit.get() + ", expected at most 6 digits, or 0 for unlimited");
        }
        g.value(INITIAL_SERIAL, 6);
        g.value(SECOND_INITIAL_SERIAL, 6);
        return new Spdu.ConnectItem(
                g.octet(PROTOCOL_OPTIONS).orElse(0) & 1,
                sizes(g),
                g.octet(VERSION).orElse(1),
                g.serial(limit.isPresent() ? LARGE_INITIAL_SERIAL : INITIAL_SERIAL),
                sides,
                g.serial(limit.isPresent() ? LARGE_SECOND_INITIAL_SERIAL : SECOND_INITIAL_SERIAL),
                limit);
    }

    private Spdu connect() {
        var p = read(Set.of(
                CONNECTION_IDENTIFIER, CONNECT_ITEM, REQUIREMENTS, CALLING_SELECTOR, CALLED_SELECTOR, OVERFLOW, USER_DATA,
                EXTENDED_USER_DATA));
        if (p.has(USER_DATA) && p.has(EXTENDED_USER_DATA)) {
            throw p.broken(EXTENDED_USER_DATA, "excludes parameter 193, but both are there");
        }
        var item = item(p);
        boolean versionOne = (item.versions() & 1) != 0;
        if (p.has(EXTENDED_USER_DATA) && (versionOne || p.value(EXTENDED_USER_DATA, 10_240).orElse(Spdu.NO_DATA).remaining() <= 512)) {
            throw p.broken(EXTENDED_USER_DATA, "is for 513 to 10 240 octets, and for version 2 alone");
        }
        if (p.has(OVERFLOW) && ((p.mandatoryOctet(OVERFLOW) & 1) == 0 || !p.has(EXTENDED_USER_DATA))) {
            throw p.broken(OVERFLOW, "is 1 and comes with extended user data");
        }
        return new Spdu.Connect(
                identifier(p.group(CONNECTION_IDENTIFIER, REFERENCES), CALLING_REFERENCE),
                item,
                requirements(p),
                p.value(CALLING_SELECTOR, 16).orElse(Spdu.NO_DATA),
                p.value(CALLED_SELECTOR, 16).orElse(Spdu.NO_DATA),
                p.has(OVERFLOW),
                p.value(EXTENDED_USER_DATA, 10_240).or(() -> p.value(USER_DATA, 512)).orElse(Spdu.NO_DATA));
    }

    private Spdu accept() {
        var p = read(Set.of(
                CONNECTION_IDENTIFIER, CONNECT_ITEM, TOKEN_ITEM, REQUIREMENTS, ENCLOSURE, CALLING_SELECTOR, CALLED_SELECTOR, USER_DATA));
        return new Spdu.Accept(
                identifier(p.group(CONNECTION_IDENTIFIER, REFERENCES), CALLED_REFERENCE),
                item(p),
                tokens(p),
                requirements(p),
                enclosure(p),
                p.value(CALLING_SELECTOR, 16),
                p.value(CALLED_SELECTOR, 16).orElse(Spdu.NO_DATA),
                data(p));
    }

    private Spdu refuse() {
        var p = read(Set.of(CONNECTION_IDENTIFIER, TRANSPORT_DISCONNECT, REQUIREMENTS, VERSION, ENCLOSURE, REASON));
        var reason = p.value(REASON, MOST).orElse(continues(p) ? Spdu.NO_DATA : ByteBuffer.allocate(1));
        var identifier = identifier(p.group(CONNECTION_IDENTIFIER, REFERENCES), CALLED_REFERENCE);
        Optional<Set<FunctionalUnit>> units = p.has(REQUIREMENTS) ? Optional.of(requirements(p)) : Optional.empty();
        if (continues(p)) {
            return new Spdu.Refuse(identifier, keeps(p), units, p.octet(VERSION), enclosure(p), 2, reason);
        }
        int code = reason.get() & 0xFF;
        if (code > 2 && (code < 129 || code > 134)) {
            throw p.broken(REASON, "has the value " + code + ", expected 0 to 2 or 129 to 134");
        }
        if (code != 2 && reason.hasRemaining()) {
            throw p.broken(REASON, "has user data, which comes with reason 2 only");
        }
        return new Spdu.Refuse(identifier, keeps(p), units, p.octet(VERSION), enclosure(p), code, reason.slice());
    }

    private Spdu abort() {
        var p = read(Set.of(TRANSPORT_DISCONNECT, ENCLOSURE, REFLECT, USER_DATA));
        int bits = continues(p) ? 1 : p.mandatoryOctet(TRANSPORT_DISCONNECT);
        var cause = Spdu.AbortCause.NO_REASON;
        for (var candidate : Spdu.AbortCause.values()) {
            if ((bits & candidate.mask()) != 0) {
                cause = candidate;
                break;
            }
        }
        return new Spdu.Abort((bits & 1) == 0, cause, enclosure(p), p.value(REFLECT, 9), data(p));
    }

    private Spdu interrupt() {
        var p = read(REASONED);
        return new Spdu.ActivityInterrupt(enclosure(p), reason(p), data(p));
    }

    private Spdu.ResynchronizeAck resynchronize() {
        var p = read(RESYNC);
        return new Spdu.ResynchronizeAck(
                enclosure(p),
                p.octet(TOKEN_SETTING).map(TokenItems::sides).orElse(Map.of()),
                type(p, RESYNC_TYPE),
                p.serial(SERIAL),
                type(p, SECOND_RESYNC_TYPE),
                p.serial(SECOND_SERIAL),
                data(p));
    }

    private static Optional<ResyncType> type(Parameters p, int code) {
        return p.octet(code).map(value -> {
            if (value >= ResyncType.values().length) {
                throw p.broken(code, "has the value " + value + ", expected 0 restart, 1 abandon or 2 set");
            }
            return ResyncType.values()[value];
        });
    }

    private Spdu prepare() {
        var p = read(Set.of(PREPARE_TYPE, RESYNC_TYPE, SECOND_RESYNC_TYPE));
        int value = p.mandatoryOctet(PREPARE_TYPE);
        if (value < 1 || value > 4) {
            throw p.broken(PREPARE_TYPE, "has the value " + value + ", expected 1 to 4");
        }
        return new Spdu.Prepare(Spdu.PrepareType.values()[value - 1], type(p, RESYNC_TYPE), type(p, SECOND_RESYNC_TYPE));
    }

    private Spdu resume() {
        var p = read(Set.of(ENCLOSURE, LINKING, ACTIVITY, USER_DATA));
        if (continues(p)) {
            return new Spdu.ActivityResume(
                    enclosure(p), ConnectionIdentifier.NONE, Optional.empty(), Spdu.NO_DATA, 0, Optional.empty(), Spdu.NO_DATA, data(p));
        }
        var linking = p.group(LINKING, Set.of(
                CALLED_REFERENCE, CALLING_REFERENCE, COMMON_REFERENCE, ADDITIONAL_REFERENCE, ACTIVITY, SERIAL, SECOND_SERIAL));
        return new Spdu.ActivityResume(
                enclosure(p),
                identifier(linking, CALLING_REFERENCE),
                linking.value(CALLED_REFERENCE, 64),
                linking.mandatory(ACTIVITY, 6),
                linking.mandatorySerial(SERIAL),
                linking.serial(SECOND_SERIAL),
                p.mandatory(ACTIVITY, 6),
                data(p));
    }
}
