package dev.parley.osi.wire;

import static dev.parley.osi.wire.Parameters.*;

import dev.parley.osi.ConnectionIdentifier;
import dev.parley.osi.FunctionalUnit;
import dev.parley.osi.Token;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.Set;

/// Turns one SPDU into octets. The user information field of DT, TD and EX is not part of it: it follows without being copied.
final class SpduEncoder {
    private SpduEncoder() {}

    /// @param introduction the identifier of a bare GIVE or PLEASE TOKENS to go before it, 0 for none
    static ByteBuffer header(Spdu spdu, int introduction) {
        return body(spdu).spdu(introduction, identifier(spdu));
    }

    /// Octets of the SPDU without its user information field.
    static int size(Spdu spdu) {
        int parameters = body(spdu).size();
        return 1 + (parameters < 255 ? 1 : 3) + parameters;
    }

    static int identifier(Spdu spdu) {
        return switch (spdu) {
            case Spdu.Connect _ -> 13;
            case Spdu.OverflowAccept _ -> 16;
            case Spdu.ConnectDataOverflow _ -> 15;
            case Spdu.Accept _ -> 14;
            case Spdu.Refuse _ -> 12;
            case Spdu.Finish _ -> 9;
            case Spdu.Disconnect _ -> 10;
            case Spdu.NotFinished _ -> 8;
            case Spdu.Abort _, Spdu.ActivityInterrupt _ -> 25;
            case Spdu.AbortAccept _, Spdu.ActivityInterruptAck _ -> 26;
            case Spdu.DataTransfer _, Spdu.GiveTokens _ -> 1;
            case Spdu.PleaseTokens _ -> 2;
            case Spdu.Expedited _ -> 5;
            case Spdu.TypedData _ -> 33;
            case Spdu.CapabilityData _ -> 61;
            case Spdu.CapabilityDataAck _ -> 62;
            case Spdu.GiveTokensConfirm _ -> 21;
            case Spdu.GiveTokensAck _ -> 22;
            case Spdu.MinorSyncPoint _ -> 49;
            case Spdu.MinorSyncAck _ -> 50;
            case Spdu.MajorSyncPoint _, Spdu.ActivityEnd _ -> 41;
            case Spdu.MajorSyncAck _ -> 42;
            case Spdu.Resynchronize _ -> 53;
            case Spdu.ResynchronizeAck _ -> 34;
            case Spdu.Prepare _ -> 7;
            case Spdu.ExceptionReport _ -> 0;
            case Spdu.ExceptionData _ -> 48;
            case Spdu.ActivityStart _ -> 45;
            case Spdu.ActivityResume _ -> 29;
            case Spdu.ActivityDiscard _ -> 57;
            case Spdu.ActivityDiscardAck _ -> 58;
        };
    }

    private static OctetWriter body(Spdu spdu) {
        var out = new OctetWriter();
        return switch (spdu) {
            case Spdu.Connect s -> {
                identifierGroup(out, s.identifier(), CALLING_REFERENCE);
                out.group(CONNECT_ITEM, item(s.item()));
                requirements(out, s.requirements());
                out.unitUnlessEmpty(CALLING_SELECTOR, s.callingSelector());
                out.unitUnlessEmpty(CALLED_SELECTOR, s.calledSelector());
                if (s.overflow()) {
                    out.unit(OVERFLOW, 1);
                }
                yield out.unitUnlessEmpty(s.userData().remaining() > 512 ? EXTENDED_USER_DATA : USER_DATA, s.userData());
            }
            case Spdu.OverflowAccept s -> {
                sizes(out, s.tsduSizes());
                yield out.unit(VERSION, s.versions());
            }
            case Spdu.Accept s -> {
                if (continues(s.enclosure())) {
                    yield plain(out, s);
                }
                identifierGroup(out, s.identifier(), CALLED_REFERENCE);
                out.group(CONNECT_ITEM, item(s.item()));
                if (!s.pleaseTokens().isEmpty()) {
                    out.unit(TOKEN_ITEM, TokenItems.item(s.pleaseTokens()));
                }
                requirements(out, s.requirements());
                enclosure(out, s.enclosure());
                s.callingSelector().ifPresent(selector -> out.unit(CALLING_SELECTOR, selector));
                out.unitUnlessEmpty(CALLED_SELECTOR, s.respondingSelector());
                yield out.unitUnlessEmpty(USER_DATA, s.userData());
            }
            case Spdu.Refuse s -> refuse(out, s);
            case Spdu.Finish s -> {
                if (!continues(s.enclosure())) {
                    out.unit(TRANSPORT_DISCONNECT, s.keepTransport() ? 0 : 1);
                }
                yield plain(out, s);
            }
            case Spdu.Abort s -> {
                if (!continues(s.enclosure())) {
                    out.unit(TRANSPORT_DISCONNECT, (s.keepTransport() ? 0 : 1) | s.cause().mask());
                }
                enclosure(out, s.enclosure());
                s.reflected().ifPresent(value -> out.unit(REFLECT, value));
                yield out.unitUnlessEmpty(USER_DATA, s.userData());
            }
            case Spdu.DataTransfer s -> enclosure(out, s.enclosure());
            case Spdu.TypedData s -> enclosure(out, s.enclosure());
            case Spdu.Expedited _, Spdu.AbortAccept _, Spdu.GiveTokensAck _ -> out;
            case Spdu.GiveTokens s -> tokens(out, s.tokens(), s);
            case Spdu.PleaseTokens s -> tokens(out, s.tokens(), s);
            case Spdu.MinorSyncPoint s -> {
                int type = (s.explicitConfirmation() ? 0 : 1) | (s.dataSeparation() ? 2 : 0);
                if (type != 0 && !continues(s.enclosure())) {
                    out.unit(SYNC_TYPE, type);
                }
                yield numbered(out, s, s.serial());
            }
            case Spdu.MinorSyncAck s -> {
                enclosure(out, s.enclosure());
                if (!continues(s.enclosure())) {
                    out.serial(SERIAL, s.serial());
                }
                yield out.unitUnlessEmpty(ACK_DATA, s.userData());
            }
            case Spdu.MajorSyncPoint s -> {
                if (!continues(s.enclosure())) {
                    out.unit(SYNC_TYPE, 1);
                }
                yield numbered(out, s, s.serial());
            }
            case Spdu.ActivityEnd s -> numbered(out, s, s.serial());
            case Spdu.MajorSyncAck s -> {
                enclosure(out, s.enclosure());
                if (!continues(s.enclosure())) {
                    s.serial().ifPresent(serial -> out.serial(SERIAL, serial));
                    s.second().ifPresent(serial -> out.serial(SECOND_SERIAL, serial));
                }
                yield out.unitUnlessEmpty(USER_DATA, s.userData());
            }
            case Spdu.Resynchronize s -> resynchronize(
                    out, new Spdu.ResynchronizeAck(
                            s.enclosure(), s.tokens(), s.type(), s.serial(), s.secondType(), s.second(), s.userData()));
            case Spdu.ResynchronizeAck s -> resynchronize(out, s);
            case Spdu.Prepare s -> {
                out.unit(PREPARE_TYPE, s.type().code());
                s.resyncType().ifPresent(type -> out.unit(RESYNC_TYPE, type.code()));
                s.secondType().ifPresent(type -> out.unit(SECOND_RESYNC_TYPE, type.code()));
                yield out;
            }
            case Spdu.ExceptionReport s -> out.unit(REFLECT, s.reflected());
            case Spdu.ExceptionData s -> reasoned(out, s, Optional.of(s.reason()));
            case Spdu.ActivityInterrupt s -> reasoned(out, s, s.reason());
            case Spdu.ActivityDiscard s -> reasoned(out, s, s.reason());
            case Spdu.ActivityStart s -> {
                enclosure(out, s.enclosure());
                if (!continues(s.enclosure())) {
                    out.unit(ACTIVITY, s.activity());
                }
                yield out.unitUnlessEmpty(USER_DATA, s.userData());
            }
            case Spdu.ActivityResume s -> {
                enclosure(out, s.enclosure());
                if (!continues(s.enclosure())) {
                    out.group(LINKING, linking(s)).unit(ACTIVITY, s.activity());
                }
                yield out.unitUnlessEmpty(USER_DATA, s.userData());
            }
            case Spdu.ConnectDataOverflow _, Spdu.Disconnect _, Spdu.NotFinished _, Spdu.CapabilityData _, Spdu.CapabilityDataAck _,
                    Spdu.GiveTokensConfirm _, Spdu.ActivityInterruptAck _, Spdu.ActivityDiscardAck _ -> plain(out, spdu);
        };
    }

    /// Continuation segments carry only the Enclosure Item and user data (7.37.1).
    private static boolean continues(Enclosure enclosure) {
        return enclosure.present() && !enclosure.begin();
    }

    private static OctetWriter plain(OctetWriter out, Spdu spdu) {
        enclosure(out, spdu.enclosure());
        return out.unitUnlessEmpty(USER_DATA, spdu.userData());
    }

    private static OctetWriter numbered(OctetWriter out, Spdu spdu, long serial) {
        enclosure(out, spdu.enclosure());
        if (!continues(spdu.enclosure())) {
            out.serial(SERIAL, serial);
        }
        return out.unitUnlessEmpty(USER_DATA, spdu.userData());
    }

    private static OctetWriter reasoned(OctetWriter out, Spdu spdu, Optional<Integer> reason) {
        enclosure(out, spdu.enclosure());
        if (!continues(spdu.enclosure())) {
            reason.ifPresent(value -> out.unit(REASON, value));
        }
        return out.unitUnlessEmpty(USER_DATA, spdu.userData());
    }

    private static OctetWriter tokens(OctetWriter out, Set<Token> tokens, Spdu spdu) {
        if (!tokens.isEmpty()) {
            out.unit(TOKEN_ITEM, TokenItems.item(tokens));
        }
        return plain(out, spdu);
    }

    private static OctetWriter resynchronize(OctetWriter out, Spdu.ResynchronizeAck s) {
        enclosure(out, s.enclosure());
        if (!continues(s.enclosure())) {
            if (!s.tokens().isEmpty()) {
                out.unit(TOKEN_SETTING, TokenItems.setting(s.tokens()));
            }
            s.type().ifPresent(type -> out.unit(RESYNC_TYPE, type.code()));
            s.serial().ifPresent(serial -> out.serial(SERIAL, serial));
            s.secondType().ifPresent(type -> out.unit(SECOND_RESYNC_TYPE, type.code()));
            s.second().ifPresent(serial -> out.serial(SECOND_SERIAL, serial));
        }
        return out.unitUnlessEmpty(USER_DATA, s.userData());
    }

    /// The user data of a REFUSE follows the reason inside PI 50 (Table 15).
    private static OctetWriter refuse(OctetWriter out, Spdu.Refuse s) {
        if (continues(s.enclosure())) {
            enclosure(out, s.enclosure());
            return out.unitUnlessEmpty(REASON, s.userData());
        }
        identifierGroup(out, s.identifier(), CALLED_REFERENCE);
        out.unit(TRANSPORT_DISCONNECT, s.keepTransport() ? 0 : 1);
        s.requirements().ifPresent(units -> requirements(out, units));
        s.versions().ifPresent(versions -> out.unit(VERSION, versions));
        enclosure(out, s.enclosure());
        var reason = ByteBuffer.allocate(1 + s.userData().remaining());
        reason.put((byte) s.reason()).put(s.userData().duplicate()).flip();
        return out.unit(REASON, reason);
    }

    private static void identifierGroup(OctetWriter out, ConnectionIdentifier identifier, int userReference) {
        var group = new OctetWriter();
        identifier.userReference().ifPresent(value -> group.unit(userReference, value));
        common(group, identifier);
        out.group(CONNECTION_IDENTIFIER, group);
    }

    private static void common(OctetWriter group, ConnectionIdentifier identifier) {
        identifier.commonReference().ifPresent(value -> group.unit(COMMON_REFERENCE, value));
        identifier.additionalInformation().ifPresent(value -> group.unit(ADDITIONAL_REFERENCE, value));
    }

    private static OctetWriter linking(Spdu.ActivityResume s) {
        var group = new OctetWriter();
        s.oldCalledReference().ifPresent(value -> group.unit(CALLED_REFERENCE, value));
        s.oldConnection().userReference().ifPresent(value -> group.unit(CALLING_REFERENCE, value));
        common(group, s.oldConnection());
        group.unit(ACTIVITY, s.oldActivity()).serial(SERIAL, s.serial());
        s.second().ifPresent(serial -> group.serial(SECOND_SERIAL, serial));
        return group;
    }

    private static OctetWriter item(Spdu.ConnectItem item) {
        var group = new OctetWriter().unit(PROTOCOL_OPTIONS, item.protocolOptions());
        sizes(group, item.tsduSizes());
        group.unit(VERSION, item.versions());
        boolean large = item.serialLimitDigits().isPresent();
        if (!large) {
            item.initialSerial().ifPresent(serial -> group.serial(INITIAL_SERIAL, serial));
        }
        if (!item.tokens().isEmpty()) {
            group.unit(TOKEN_SETTING, TokenItems.setting(item.tokens()));
        }
        if (!large) {
            item.secondInitialSerial().ifPresent(serial -> group.serial(SECOND_INITIAL_SERIAL, serial));
        } else {
            group.unit(SERIAL_LIMIT, item.serialLimitDigits().get());
            item.initialSerial().ifPresent(serial -> group.serial(LARGE_INITIAL_SERIAL, serial));
            item.secondInitialSerial().ifPresent(serial -> group.serial(LARGE_SECOND_INITIAL_SERIAL, serial));
        }
        return group;
    }

    private static void sizes(OctetWriter out, Optional<Spdu.TsduSizes> sizes) {
        sizes.ifPresent(s -> out.unit(
                TSDU_SIZE,
                ByteBuffer.allocate(4).putShort((short) s.fromInitiator()).putShort((short) s.fromResponder()).flip()));
    }

    private static void requirements(OctetWriter out, Set<FunctionalUnit> units) {
        out.unit(REQUIREMENTS, ByteBuffer.allocate(2).putShort((short) FunctionalUnit.toBits(units)).flip());
    }

    private static OctetWriter enclosure(OctetWriter out, Enclosure enclosure) {
        return enclosure.present() ? out.unit(ENCLOSURE, enclosure.octet()) : out;
    }
}
