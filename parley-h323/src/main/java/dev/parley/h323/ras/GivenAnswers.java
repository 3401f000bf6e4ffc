package dev.parley.h323.ras;

import dev.parley.h323.wire.TransportAddress;
import dev.parley.h323.wire.per.Octets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Answers that are kept for requests that come again. The same octets again mean that our answer was lost; a token in them is good once and
/// must not be asked about twice.
final class GivenAnswers {
    static final int MOST = 4_096;
    private static final Duration KEPT_FOR = Duration.ofSeconds(20);

    private final Map<Asked, Answered> answers = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Asked, Answered> eldest) {
            return size() > MOST;
        }
    };

    private record Asked(TransportAddress from, Octets datagram) {}

    private record Answered(RasOutput answer, long until) {}

    Optional<RasOutput> to(Octets datagram, TransportAddress from, RasTime now) {
        return Optional.ofNullable(answers.get(new Asked(from, datagram))).filter(a -> a.until() - now.nanos() > 0).map(Answered::answer);
    }

    void keep(Octets datagram, TransportAddress from, RasOutput answer, RasTime now) {
        answers.put(new Asked(from, datagram), new Answered(answer, now.after(KEPT_FOR)));
    }

    /// Who has left is answered anew: ooh323c counts its requests from 1 when it is started again, so that its first ones are the old octets.
    void forget(TransportAddress from) {
        answers.keySet().removeIf(asked -> asked.from().equals(from));
    }
}
