package dev.parley.osi.machine;

import static dev.parley.osi.FunctionalUnit.ACTIVITY;
import static dev.parley.osi.FunctionalUnit.SYMMETRIC_SYNC;
import static dev.parley.osi.machine.Worlds.any;

import dev.parley.osi.ConnectionIdentifier;
import dev.parley.osi.FunctionalUnit;
import dev.parley.osi.Indication;
import dev.parley.osi.Request;
import dev.parley.osi.ResyncType;
import dev.parley.osi.Token;
import java.nio.ByteBuffer;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A random SS-user. It keeps its own books from primitives alone, as X.215 describes them: what it must answer, what it waits for, which tokens
/// it has. The test compares them with what the machine allows.
final class Puppet {
    final boolean calling;
    final Random random;
    final Set<FunctionalUnit> proposal;
    final Set<Token> owned = EnumSet.noneOf(Token.class);
    Set<FunctionalUnit> units = Set.of();
    @Nullable Indication unanswered;
    @Nullable Request waiting;
    boolean connected;
    boolean over;
    boolean exception; // a report was sent or received and is not cleared
    boolean reported; // it was reported to this side
    boolean releasing;
    boolean activity;
    long lastIndicated = -1;

    Puppet(boolean calling, Random random, Set<FunctionalUnit> proposal) {
        this.calling = calling;
        this.random = random;
        this.proposal = proposal;
    }

    boolean available(Token token) {
        return switch (token) {
            case DATA -> units.contains(FunctionalUnit.HALF_DUPLEX);
            case MINOR -> units.contains(FunctionalUnit.MINOR_SYNC);
            case MAJOR_ACTIVITY -> units.contains(FunctionalUnit.MAJOR_SYNC) || units.contains(ACTIVITY);
            case RELEASE -> units.contains(FunctionalUnit.NEGOTIATED_RELEASE);
        };
    }

    /// In the data transfer phase without anything outstanding.
    boolean isFree() {
        return connected && !over && unanswered == null && waiting == null && !exception && !releasing;
    }

    Request connect() {
        var tokens = new EnumMap<Token, Token.Side>(Token.class);
        for (var token : Token.values()) {
            tokens.put(token, any(random, Token.Side.values()));
        }
        return new Request.Connect(
                ConnectionIdentifier.NONE, data(), data(), proposal, Optional.of((long) random.nextInt(5)), Optional.of((long) random.nextInt(5)),
                tokens, data());
    }

    void accepted(Set<FunctionalUnit> selected, Map<Token, Token.Side> tokens) {
        units = selected;
        connected = true;
        place(tokens, calling ? Token.Side.REQUESTOR : Token.Side.ACCEPTOR);
    }

    void place(Map<Token, Token.Side> tokens, Token.Side mine) {
        for (var token : Token.values()) {
            if (available(token) && tokens.containsKey(token)) {
                if (tokens.get(token) == mine) {
                    owned.add(token);
                } else {
                    owned.remove(token);
                }
            }
        }
    }

    void allTokens(boolean ours) {
        owned.clear();
        for (var token : Token.values()) {
            if (ours && available(token)) {
                owned.add(token);
            }
        }
    }

    void indication(Indication indication) {
        switch (indication) {
            case Indication.Accepted i -> {
                accepted(i.selected(), i.tokens());
                waiting = null;
            }
            case Indication.TokensGiven i -> {
                owned.addAll(i.tokens());
                if (i.tokens().contains(Token.DATA)) {
                    exception = false;
                    reported = false;
                }
            }
            case Indication.ControlGiven _ -> allTokens(true);
            case Indication.SyncMinor i -> lastIndicated = i.serial();
            case Indication.SyncMajor _, Indication.ActivityEnd _ -> unanswered = waiting instanceof Request.Resynchronize ? unanswered : indication;
            case Indication.Connect _, Indication.CapabilityData _, Indication.Release _ -> unanswered = indication;
            case Indication.Resynchronize _, Indication.ActivityInterrupt _, Indication.ActivityDiscard _ -> {
                unanswered = indication;
                waiting = null;
                exception = false;
                reported = false;
                releasing = false;
            }
            case Indication.SyncMajorConfirm _, Indication.CapabilityDataConfirm _ -> waiting = null;
            case Indication.ActivityEndConfirm _ -> {
                waiting = null;
                activity = false;
            }
            case Indication.ResynchronizeConfirm i -> {
                waiting = null;
                place(i.tokens(), Token.Side.REQUESTOR);
            }
            case Indication.ActivityInterruptConfirm _, Indication.ActivityDiscardConfirm _ -> {
                waiting = null;
                activity = false;
                allTokens(true);
            }
            case Indication.ActivityStart _, Indication.ActivityResume _ -> activity = true;
            case Indication.ExceptionReport _, Indication.ProviderExceptionReport _ -> {
                // Nothing is to be cleared when the report crossed the token that clears it, or another report.
                if (owned.contains(Token.DATA)) {
                    exception = true;
                    reported = true;
                }
                waiting = waiting instanceof Request.Release || waiting instanceof Request.SyncMajor || waiting instanceof Request.ActivityEnd
                        ? null : waiting;
                releasing = false;
            }
            case Indication.ReleaseConfirm i -> {
                waiting = null;
                releasing = i.affirmative() && releasing;
                over = i.affirmative() && unanswered == null;
            }
            case Indication.Refused _, Indication.UserAbort _, Indication.ProviderAbort _ -> over = true;
            case Indication.Data _, Indication.TypedData _, Indication.ExpeditedData _, Indication.TokensPlease _,
                    Indication.SyncMinorConfirm _ -> {}
        }
    }

    /// The books after a request that the machine took.
    void done(Request request) {
        switch (request) {
            case Request.Accept r -> unanswered = null;
            case Request.GiveTokens r -> {
                owned.removeAll(r.tokens());
                if (r.tokens().contains(Token.DATA)) {
                    exception = false;
                    reported = false;
                }
            }
            case Request.GiveControl _ -> allTokens(false);
            case Request.SyncMajor _, Request.ActivityEnd _, Request.CapabilityData _, Request.Connect _ -> waiting = request;
            case Request.Resynchronize _, Request.ActivityInterrupt _, Request.ActivityDiscard _ -> {
                waiting = request;
                unanswered = null;
                exception = false;
                reported = false;
                releasing = false;
            }
            case Request.SyncMajorResponse _, Request.CapabilityDataResponse _ -> unanswered = null;
            case Request.ActivityEndResponse _ -> {
                unanswered = null;
                activity = false;
            }
            case Request.ActivityInterruptResponse _, Request.ActivityDiscardResponse _ -> {
                unanswered = null;
                activity = false;
                allTokens(false);
            }
            case Request.ActivityStart _, Request.ActivityResume _ -> activity = true;
            case Request.ExceptionReport _ -> {
                exception = true;
                unanswered = null;
            }
            case Request.Release _ -> {
                releasing = true;
                waiting = unanswered == null ? request : waiting;
            }
            case Request.ReleaseResponse r -> {
                unanswered = null;
                releasing = r.affirmative();
                over = r.affirmative() && waiting == null;
            }
            case Request.Abort _ -> over = true;
            default -> {}
        }
    }

    ByteBuffer data() {
        return ByteBuffer.allocate(random.nextInt(12));
    }

    boolean symmetric() {
        return units.contains(SYMMETRIC_SYNC);
    }

    ResyncType kind() {
        return any(random, ResyncType.values());
    }
}
