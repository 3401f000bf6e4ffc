package dev.parley.session.talk.example;

import dev.parley.session.talk.Conversation;
import dev.parley.session.talk.Conversations;
import dev.parley.session.talk.Login;
import dev.parley.session.talk.Received;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;

/// The connecting application: keeps ten orders open until all are confirmed, then releases. Run again after a crash, it goes on.
public final class Shop {
    private static final int OPEN = 10;

    private final Ledger ledger;
    private final int orders;

    Shop(Path ledgerFile, int orders) throws IOException {
        ledger = new Ledger(ledgerFile);
        this.orders = orders;
    }

    void run(InetSocketAddress orderBook, Path state, Login login) throws InterruptedException, IOException {
        try (var talk = Conversations.connect(orderBook, state, login, "orders")) {
            while (talk.sent() < Math.min(OPEN, orders) && ledger.last() == 0) {
                order(talk, talk.sent() + 1);
            }
            while (ledger.last() < orders) {
                switch (talk.receive()) {
                    case Received.Message confirmation -> {
                        ledger.write(confirmation.number(), confirmation.text());
                        // Each confirmation makes room for one more order: both are one unit.
                        if (confirmation.number() + OPEN <= orders) {
                            order(talk, confirmation.number() + OPEN);
                        }
                    }
                    case Received.Aborted(var reason) -> throw new IOException("the order book ended it: " + reason);
                    case Received.Released _ -> throw new IOException("the order book has nothing to say any more");
                    case Received.ReleaseAsked _, Received.TurnAsked _, Received.TurnGiven _ -> {}
                }
            }
            talk.release();
        }
    }

    private static void order(Conversation talk, long number) throws InterruptedException {
        talk.send(("order " + number).getBytes());
    }
}
