package dev.parley.h323;

import dev.parley.h323.machine.Effect;
import dev.parley.h323.media.AudioSink;
import dev.parley.h323.media.Tone;
import dev.parley.h323.wire.MessageType;
import dev.parley.h323.wire.Q931;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;

/// One end of a call with all that its user has seen.
final class CrowdEnd {
    final Queue<Effect> seen = new ConcurrentLinkedQueue<>();
    final CountDownLatch over = new CountDownLatch(1);
    final CountDownLatch heard = new CountDownLatch(800);
    /// Counts the first keys that came.
    final CountDownLatch called;
    /// Counts all keys that are to come.
    final CountDownLatch keys;

    CrowdEnd(int keys) {
        this(keys, keys);
    }

    CrowdEnd(int keys, int first) {
        this.keys = new CountDownLatch(keys);
        called = new CountDownLatch(first);
    }

    CallMedia media() {
        AudioSink sink = samples -> {
            for (short sample : samples) {
                if (Math.abs(sample) > 1000) {
                    heard.countDown();
                }
            }
        };
        return CallMedia.sound(new Tone(440, 0.5), sink);
    }

    void saw(Effect effect) {
        seen.add(effect);
        if (effect instanceof Effect.Keys) {
            keys.countDown();
            called.countDown();
        } else if (effect instanceof Effect.Ended) {
            over.countDown();
        }
    }

    long count(Class<? extends Effect> kind) {
        return seen.stream().filter(kind::isInstance).count();
    }

    String pressed() {
        var all = new StringBuilder();
        for (var effect : seen) {
            if (effect instanceof Effect.Keys(var keys)) {
                all.append(keys);
            }
        }
        return all.toString();
    }

    /// The messages of call signalling that it sent, without those that only carry H.245.
    List<MessageType> signals() {
        var types = new ArrayList<MessageType>();
        for (var effect : seen) {
            if (effect instanceof Effect.SendSignal(var message)) {
                Q931.decode(message).messageType().filter(t -> t != MessageType.FACILITY).ifPresent(types::add);
            }
        }
        return types;
    }
}
