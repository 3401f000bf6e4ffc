package dev.parley.session.talk;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;

/// Measures conversations on this machine, over TLS on loopback: `java -cp ... Measure FOLDER`. The numbers are in
/// docs/durable-conversation.md.
final class Measure {
    private static final int MESSAGES = 20_000;
    private static final int OCTETS = 100;

    private Measure() {}

    public static void main(String[] args) throws Exception {
        var folder = Files.createTempDirectory(Path.of(args[0]), "measure");
        Conversations.addUser(folder.resolve("server"), "shop", "secret".toCharArray());
        var server = Conversations.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), folder.resolve("server"), c -> {
            while (c.receive() instanceof Received.Message m) {
                if (m.body()[0] == 'q') {
                    c.send(m.body());
                }
            }
            c.release();
        });
        var login = Login.of("shop", "secret".toCharArray());
        try (server;
                var c = Conversations.connect(server.address(), folder.resolve("client"), login, "measure")) {
            for (int round = 1; round <= 2; round++) {
                one(c);
                many(c);
                checkpoints(c);
                questions(c, 1);
                questions(c, 32);
            }
            c.release();
        }
        System.exit(0);
    }

    private static void one(Conversation c) throws InterruptedException {
        long begin = System.nanoTime();
        for (int i = 0; i < MESSAGES; i++) {
            c.send(new byte[OCTETS]);
        }
        c.checkpoint();
        tell("send one at a time, each durable on return", MESSAGES, begin);
    }

    private static void many(Conversation c) throws InterruptedException {
        long begin = System.nanoTime();
        for (int i = 0; i < MESSAGES; i += 100) {
            var group = new ArrayList<byte[]>();
            for (int k = 0; k < 100; k++) {
                group.add(new byte[OCTETS]);
            }
            c.send(group.toArray(byte[][]::new));
        }
        c.checkpoint();
        tell("send 100 together", MESSAGES, begin);
    }

    private static void checkpoints(Conversation c) throws InterruptedException {
        long begin = System.nanoTime();
        for (int i = 0; i < MESSAGES / 20; i++) {
            c.send(new byte[OCTETS]);
            c.checkpoint();
        }
        tell("send and checkpoint", MESSAGES / 20, begin);
    }

    private static void questions(Conversation c, int open) throws InterruptedException {
        int count = MESSAGES / 20 * Math.min(open, 8);
        var question = new byte[OCTETS];
        question[0] = 'q';
        long begin = System.nanoTime();
        for (int i = 0; i < open; i++) {
            c.send(question);
        }
        for (int i = 0; i < count; i++) {
            c.receive();
            if (i + open < count) {
                c.send(question);
            }
        }
        c.acknowledge();
        tell("question and answer, " + open + " open", count, begin);
    }

    private static void tell(String what, int count, long begin) {
        double seconds = (System.nanoTime() - begin) / 1e9;
        IO.println("%-45s %8.0f a second, %7.3f ms each".formatted(what, count / seconds, seconds * 1000 / count));
    }
}
