package dev.parley.h323;

import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/// A program for tests: answers so many calls and tells of each one when it is over. Its first line says where it listens, `together` how many
/// calls there were when all had been connected.
final class CrowdCallee {
    private CrowdCallee() {}

    public static void main(String... arguments) throws Exception {
        int count = Integer.parseInt(arguments[0]);
        var connected = new CountDownLatch(count);
        var over = new CountDownLatch(count);
        try (var endpoint = H323Endpoint.open(CountedTalk.settings("bob", count), Optional.empty(), call -> {
                    var talk = new CountedTalk(call.from().orElseThrow().called().getFirst(), false);
                    call.listen(talk.end::saw);
                    call.ring();
                    call.answer(talk.media());
                    connected.countDown();
                    talk.talk(call);
                    call.ended().thenRunAsync(() -> {
                        tell(talk.told(call));
                        over.countDown();
                    });
                }, _ -> { }, new H323Endpoint.Arriving(2 * count, CountedTalk.LIMIT))) {
            tell("listens " + endpoint.address().getPort());
            connected.await();
            tell("together " + endpoint.callsNow());
            over.await();
            tell("left " + endpoint.callsNow());
        }
    }

    private static synchronized void tell(String line) {
        System.out.println(line);
    }
}
