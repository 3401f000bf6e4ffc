package dev.parley.cli.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A hundred sessions of several users at once with a server process, half of them to it and half from it, each with data of its own. In their
/// midst the server is killed twice with -9, and so are some of the clients, which are processes too; the others run in threads, because a
/// hundred Java processes are more than a small machine has room for. Each file arrives as it was sent: no octet crosses over.
@Tag("slow")
@Timeout(600)
class CrowdProcessTest {
    private static final int SESSIONS = 100;
    private static final int USERS = 4;
    /// Two of so many clients are processes, and are killed.
    private static final int EACH = 25;
    private static final int SIZE = 400_000;

    @TempDir
    Path folder;

    private Parleys parleys;
    private Parleys.Child server;
    private String address;
    private final List<Member> members = new ArrayList<>();

    private final class Member {
        private final int number;
        private final boolean get;
        private final Path source;
        private final Path place;
        private final String[] command;
        private Running running;
        private long session;

        Member(int number, Gate there, Gate back) throws IOException {
            this.number = number;
            get = number % 2 == 1;
            var name = "file" + number + ".img";
            source = parleys.file((get ? "inbox/" : "") + name, SIZE + 97 * number, number);
            place = get ? folder.resolve("out" + number).resolve(name) : parleys.inbox(name);
            var remote = "user" + number % USERS + "@" + (get ? back.address() + "/" + name : there.address());
            command = new String[] {
                get ? "get" : "send", get ? remote : source.toString(), get ? place.getParent() + "/" : remote, "--password-file", parleys.at("pw"),
                "--state", parleys.at("C" + number), "--json", "--page-size", "4KiB", "--checkpoint-every", "10", "--window", "4"
            };
            running = isProcess() ? parleys.process(command) : parleys.thread(command);
        }

        boolean isProcess() {
            return number % EACH < 2;
        }

        /// It is in the midst of its transfer.
        void awaitHalf() throws InterruptedException {
            running.awaitOffset(SIZE / 4);
            session = running.await("connected").path("session").asLong();
        }

        void killAndGiveAgain() throws InterruptedException {
            ((Parleys.Child) running).kill();
            running = parleys.thread(command);
        }

        void awaitResumed() throws InterruptedException {
            assertThat(running.await("resumed").path("offset").asLong()).as("client %s", number).isGreaterThanOrEqualTo(SIZE / 4);
        }

        void verify() throws InterruptedException {
            assertThat(running.exit()).as("client %s: %s", number, running).isZero();
            assertThat(place).as("client %s", number).hasSameBinaryContentAs(source);
            assertThat(running.await("connected").path("session").asLong()).as("client %s", number).isEqualTo(session);
        }
    }

    @BeforeEach
    void serve() throws Exception {
        parleys = new Parleys(folder);
        for (int i = 0; i < USERS; i++) {
            parleys.addUser("user" + i);
        }
        start("127.0.0.1:0");
        address = server.await("ready").path("address").asText();
    }

    private void start(String listen) throws IOException, InterruptedException {
        server = parleys.serve(listen);
        server.await("ready");
    }

    @AfterEach
    void end() {
        parleys.close();
    }

    @Test
    void noOctetCrossesOverBetweenAHundredSessionsWithKillsAmongThem() throws Exception {
        try (var there = new Gate(address, SIZE / 2); var back = Gate.back(address, SIZE / 2)) {
            for (int i = 0; i < SESSIONS; i++) {
                members.add(new Member(i, there, back));
            }
            for (var member : members) {
                member.awaitHalf();
            }

            server.kill();
            for (var member : members) {
                if (member.isProcess()) {
                    member.killAndGiveAgain();
                }
            }
            start(address);
            for (var member : members) {
                member.awaitResumed();
            }
            server.kill();
            start(address);
            there.open();
            back.open();

            for (var member : members) {
                member.verify();
            }
        }
        var numbers = new HashSet<Long>();
        members.forEach(member -> assertThat(numbers.add(member.session)).as("session %s is one member's", member.session).isTrue());
        try (var arrived = Files.list(folder.resolve("inbox"))) {
            assertThat(arrived.filter(Files::isRegularFile)).as("nothing else is there").hasSize(SESSIONS);
        }
    }
}
