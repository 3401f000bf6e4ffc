package dev.parley.cli.h323;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.api.Peer;
import dev.parley.api.SessionException;
import dev.parley.cli.term.CommandFailed;
import dev.parley.cli.term.ExitCode;
import dev.parley.cli.term.OutputOptions;
import dev.parley.cli.term.Terminal;
import dev.parley.h323.H323Call;
import dev.parley.h323.machine.CallEnd;
import dev.parley.h323.machine.Effect;
import dev.parley.h323.media.MediaFigures;
import dev.parley.h323.rtp.RtpFigures;
import dev.parley.h323.wire.Capability;
import dev.parley.h323.wire.Cause;
import dev.parley.h323.wire.Codec;
import dev.parley.h323.wire.Reason;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Shows one call: what happens as lines and events, how it fares as a state line.
final class CallView {
    private static final Duration REFRESH = Duration.ofSeconds(1);

    private final OutputOptions output;
    private static final String CONNECTED = "connected";

    /// The codec of each kind that goes each way now.
    private final Map<Codec.Kind, Codec> sends = new ConcurrentSkipListMap<>();
    private final Map<Codec.Kind, Codec> receives = new ConcurrentSkipListMap<>();
    private volatile String state = "calling";
    private volatile boolean answered;
    private volatile long since = System.nanoTime();
    /// As H.245 measures it.
    private volatile Optional<Duration> roundTrip = Optional.empty();
    private final CompletableFuture<String> refusal = new CompletableFuture<>();

    CallView(OutputOptions output) {
        this.output = output;
    }

    /// Before anything else of a call that comes to us.
    void incoming(H323Call call) {
        var aliases = call.from().map(Effect.Caller::aliases).orElse(List.of());
        var from = String.join(", ", aliases);
        output.terminal().say(calls(call.peer(), aliases));
        output.terminal().tell(Terminal.event("incoming").put("session", call.id().toString()).put("from", from)
                .put("address", call.peer().address()));
    }

    /// Names are said once.
    static String calls(Peer caller, List<String> aliases) {
        var others = aliases.stream().filter(alias -> !alias.equals(caller.name())).toList();
        return caller + " calls" + (others.isEmpty() ? "" : " (" + String.join(", ", others) + ")");
    }

    /// On the call's thread.
    void saw(Effect effect) {
        var terminal = output.terminal();
        switch (effect) {
            case Effect.Proceeding _ -> state("proceeding");
            case Effect.Ringing _ -> {
                state("ringing");
                terminal.say("it rings");
            }
            case Effect.Connected(var display) -> {
                answered = true;
                state(CONNECTED);
                terminal.say("connected" + display.map(d -> " to " + d).orElse(""));
            }
            case Effect.SendMedia(var kind, var format, var rtp, _, _) -> {
                sends.put(kind, format.codec());
                terminal.detail("sends " + format.words() + " to " + rtp);
                terminal.tell(media("sending", kind).put("codec", format.codec().name()).put("to", rtp.toString()));
            }
            case Effect.ReceiveMedia(var kind, var format, _, _) -> {
                receives.put(kind, format.codec());
                terminal.detail("receives " + format.words());
                terminal.tell(media("receiving", kind).put("codec", format.codec().name()));
            }
            case Effect.StopSending(var kind) -> {
                sends.remove(kind);
                terminal.tell(media("sending-stopped", kind));
            }
            case Effect.StopReceiving(var kind) -> {
                receives.remove(kind);
                terminal.tell(media("receiving-stopped", kind));
            }
            case Effect.Redirected(var to, var aliases, var why) -> {
                state("calling");
                terminal.say("sent on to " + (aliases.isEmpty() ? "" : String.join(", ", aliases) + " at ") + to + " (" + Reason.words(why) + ")");
                var event = Terminal.event("redirected").put("to", to.toString()).put("reason", why);
                aliases.forEach(alias -> event.put("alias", alias));
                terminal.tell(event);
            }
            case Effect.Signalling(boolean up, var why) -> {
                terminal.say(up ? "call signalling is back" : "call signalling is lost (" + why + "); the call goes on");
                terminal.tell(Terminal.event(up ? "signalling-back" : "signalling-lost").put("words", why));
            }
            case Effect.Keys(var keys) -> {
                terminal.say("key " + keys);
                terminal.tell(Terminal.event("key").put("key", keys));
            }
            case Effect.RoundTrip(var time) -> {
                roundTrip = Optional.of(time);
                terminal.tell("round-trip", Terminal.event("round-trip").put("milliseconds", time.toNanos() / 1e6));
            }
            case Effect.ControlReady(var master) -> terminal.detail("H.245 is ready; we are " + (master ? "master" : "slave"));
            case Effect.Note(var words) -> terminal.detail(words);
            case Effect.MediaFailed(var words) -> {
                terminal.warn("sound or pictures stop here: " + words + "; the call goes on");
                terminal.tell(Terminal.event("media-failed").put("words", words));
            }
            case Effect.FlowControl(var kind, var rate) -> terminal.detail("the peer wants " + kind.name().toLowerCase(Locale.ROOT) + " at "
                    + rate.map(r -> r * 100L + " bit/s").orElse("any rate"));
            case Effect.TooMuch tooMuch -> {
                var event = Terminal.event("film-refused").put("film", tooMuch.film().words());
                var takes = event.putArray("takes");
                tooMuch.peer().stream().map(Capability::words).distinct().forEach(takes::add);
                terminal.tell(event);
                refusal.complete("filmNotTaken: " + tooMuch.words()
                        + (tooMuch.peer().isEmpty() ? "; leave out --video-in" : "; code it so, or leave out --video-in"));
            }
            case Effect.NoFormat missing -> {
                var event = media("no-format", missing.kind());
                var has = event.putArray("has");
                missing.ours().stream().map(CallView::name).distinct().forEach(has::add);
                var takes = event.putArray("takes");
                missing.peer().stream().map(CallView::name).distinct().forEach(takes::add);
                terminal.tell(event);
                terminal.warn(missing.words());
            }
            case Effect.FastUpdateWanted _ -> terminal.detail("the peer wants a whole picture");
            default -> { }
        }
    }

    /// A call whose film cannot be sent ends: nobody shall take it for one that was seen.
    void over(H323Call call) {
        refusal.thenAccept(why -> call.hangUp(Cause.INCOMPATIBLE, why));
    }

    private void state(String now) {
        state = now;
        since = System.nanoTime();
        output.terminal().tell(Terminal.event("state").put("state", now));
    }

    private static ObjectNode media(String event, Codec.Kind kind) {
        return Terminal.event(event).put("kind", kind.name().toLowerCase(Locale.ROOT));
    }

    /// For programs, where the format has a name.
    private static String name(Capability format) {
        return format.codec().kind() == Codec.Kind.AUDIO ? format.codec().name() : format.words();
    }

    /// Shows the state line until the call has ended or the time is over.
    ///
    /// @return whether the call has ended
    boolean watch(H323Call call, Duration limit) throws InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        while (System.nanoTime() < end) {
            try {
                long left = 1 + (end - System.nanoTime()) / 1_000_000;
                call.ended().toCompletableFuture().get(Math.min(REFRESH.toMillis(), left), TimeUnit.MILLISECONDS);
                return true;
            } catch (TimeoutException _) {
                line(call);
            } catch (ExecutionException e) {
                throw new IllegalStateException(e);
            }
        }
        return false;
    }

    /// Shows the state line until the call is answered or has ended, or the time is over.
    ///
    /// @throws SessionException as of [H323Call#awaitAnswer]
    void watchRinging(H323Call call, Duration limit) {
        long end = System.nanoTime() + limit.toNanos();
        while (true) {
            line(call);
            var left = Duration.ofNanos(Math.max(0, end - System.nanoTime()));
            try {
                call.awaitAnswer(left.compareTo(REFRESH) < 0 ? left : REFRESH);
                return;
            } catch (SessionException.TimedOut e) {
                if (left.compareTo(REFRESH) <= 0) {
                    throw e;
                }
            }
        }
    }

    /// Figures of sound, once there is something to say: the call was answered, or a network plays its announcements.
    private Optional<MediaFigures> sound(H323Call call) {
        return call.figures(Codec.Kind.AUDIO).filter(figures -> hasNews(figures.rtp()));
    }

    private boolean hasNews(RtpFigures sound) {
        return answered || sound.packetsSent() + sound.packetsReceived() > 0;
    }

    void line(H323Call call) {
        var sound = sound(call);
        var pictures = call.figures(Codec.Kind.VIDEO);
        output.terminal().show(line(Duration.ofNanos(System.nanoTime() - since), sound.map(MediaFigures::rtp), pictures)
                .fit(output.terminal().columns()));
        sound.ifPresent(s -> output.terminal().tell("figures", figures("figures", s, pictures)));
    }

    /// @param inState since when the state is what it is; of interest before the call is answered
    StateLine line(Duration inState, Optional<RtpFigures> sound, Optional<MediaFigures> pictures) {
        var since = state.equals(CONNECTED) ? Optional.<Duration>empty() : Optional.of(inState);
        return new StateLine(state, since, List.copyOf(sends.values()), List.copyOf(receives.values()),
                sound.filter(this::hasNews), sound.flatMap(RtpFigures::roundTrip).or(() -> roundTrip),
                pictures.filter(p -> p.rtp().packetsSent() + p.rtp().packetsReceived() > 0));
    }

    /// Those of pictures are an object of their own: a call may have none.
    static ObjectNode figures(String event, MediaFigures sound, Optional<MediaFigures> pictures) {
        var told = figures(Terminal.event(event), sound.rtp());
        pictures.ifPresent(p -> figures(told.putObject("video"), p.rtp()).put("damagedPictures", p.damagedPictures()));
        return told;
    }

    private static ObjectNode figures(ObjectNode into, RtpFigures rtp) {
        return into.put("packetsSent", rtp.packetsSent()).put("packetsReceived", rtp.packetsReceived())
                .put("packetsLost", rtp.packetsLost()).put("jitterMilliseconds", rtp.jitter().toNanos() / 1e6);
    }

    /// The words are for people; a program finds the cause of Q.850 and the reason of H.225.0 by its name.
    static ObjectNode told(CallEnd end, ObjectNode event) {
        event.put("words", end.words());
        return switch (end) {
            case CallEnd.Cleared cleared -> {
                event.put("cause", cleared.cause().code());
                yield cleared.reason().map(r -> event.put("reason", Reason.name(r))).orElse(event);
            }
            case CallEnd.Redirected redirected -> event.put("reason", Reason.name(redirected.why()));
            case CallEnd.Lost _, CallEnd.Malformed _ -> event;
        };
    }

    /// What the end of the call means for the command.
    int end(H323Call call) {
        call.ended().toCompletableFuture().join();
        output.terminal().show("");
        var end = call.callEnd().toCompletableFuture().join();
        var event = sound(call).map(f -> figures("ended", f, call.figures(Codec.Kind.VIDEO)))
                .orElseGet(() -> Terminal.event("ended"));
        output.terminal().tell(told(end, event.put("session", call.id().toString())));
        return switch (end) {
            case CallEnd.Cleared c when c.isOrderly() -> {
                output.terminal().say("the call has ended");
                yield ExitCode.DONE.number();
            }
            case CallEnd.Cleared c when !c.wasConnected() -> throw new CommandFailed(ExitCode.REFUSED, "the call was not answered: " + c.words());
            case CallEnd.Cleared c -> throw new CommandFailed(ExitCode.ABORTED, "the call was broken off: " + c.words());
            case CallEnd.Redirected r -> throw new CommandFailed(ExitCode.REFUSED, "the call was " + r.words());
            case CallEnd.Lost l -> throw new CommandFailed(ExitCode.LOST, l.words());
            case CallEnd.Malformed m -> throw new CommandFailed(ExitCode.OTHER, "the peer does not speak H.323 as we know it: " + m.words());
        };
    }
}
