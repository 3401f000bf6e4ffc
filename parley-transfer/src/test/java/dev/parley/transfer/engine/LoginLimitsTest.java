package dev.parley.transfer.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.osi.ConnectionIdentifier;
import dev.parley.osi.Indication;
import dev.parley.osi.OsiConnection;
import dev.parley.osi.OsiLimits;
import dev.parley.osi.Request;
import dev.parley.osi.SessionService;
import dev.parley.osi.wire.Spdu;
import dev.parley.session.connection.Json;
import dev.parley.session.flow.FlowRules;
import dev.parley.session.login.ClientLogin;
import dev.parley.session.login.Identity;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// How often a password may be tried, in virtual time, with a client that does as it likes.
class LoginLimitsTest {
    private static final String TOO_MANY = "too many failed logins: try again in a minute";
    private static final String WRONG = "the user name or the password is wrong";

    @TempDir
    Path folder;

    private SimCrowd crowd;

    @BeforeEach
    void serve() throws IOException {
        crowd = new SimCrowd(1, folder, Identity.in(folder.resolve("identity")), Settings.DEFAULT, FlowRules.DEFAULT);
    }

    /// Logs in by hand. It can stop at its proof, and go on later.
    private final class Guest implements SessionService.User {
        private final String name;
        private final String password;
        private final boolean stops;
        private @Nullable SessionService service;
        private @Nullable ClientLogin login;
        private String proof = "";
        String answer = "";

        Guest(String name, String password, boolean stops) {
            this.name = name;
            this.password = password;
            this.stops = stops;
            var loop = crowd.world.process("guest").loop();
            crowd.net.connect(loop, OsiConnection.initiator(loop, OsiLimits.DEFAULT, this), crowd.serverProcess, crowd.server::connection);
        }

        @Override
        public void ready(SessionService ready) {
            service = ready;
            login = new ClientLogin(ready.security(), name, password.toCharArray(), SimTransfer.ITERATIONS);
            connect(login.first());
        }

        private void connect(String message) {
            var words = Settings.DEFAULT.write(Json.object().put("v", 1).put("role", "send").put("scram", message));
            var to = java.util.Objects.requireNonNull(service);
            to.request(new Request.Connect(ConnectionIdentifier.NONE, Spdu.NO_DATA, Spdu.NO_DATA, Profile.UNITS, Optional.of(1L), Optional.empty(),
                    Profile.all(dev.parley.osi.Token.Side.REQUESTOR), Json.encode(words)));
            to.flush();
        }

        void goOn() {
            connect(proof);
        }

        void leave() {
            java.util.Objects.requireNonNull(service).disconnect();
        }

        @Override
        public void indication(Indication indication) {
            switch (indication) {
                case Indication.Refused r when r.transportKept() -> {
                    proof = java.util.Objects.requireNonNull(login).answer(Json.text(Json.decode(r.userData()), "scram"));
                    answer = "asked";
                    if (!stops) {
                        goOn();
                    }
                }
                case Indication.Refused r -> answer = Json.text(Json.decode(r.userData()), "words");
                case Indication.Accepted _ -> answer = "accepted";
                default -> {}
            }
        }

        @Override
        public void writable() {
            // It has nothing more to say.
        }

        @Override
        public void closed(String reason) {
            // The answer is what counts.
        }
    }

    private String login(String name, String password) {
        var guest = new Guest(name, password, false);
        settle();
        return guest.answer;
    }

    private void settle() {
        crowd.world.run(() -> false, Duration.ofSeconds(1));
    }

    @Test
    void theSixthFailureInAMinuteIsNotEvenTriedAndAMinuteLaterItIs() {
        for (int i = 0; i < 5; i++) {
            assertThat(login("alice", "wrong")).isEqualTo(WRONG);
        }
        assertThat(login("alice", "secret")).as("even the right password").isEqualTo(TOO_MANY);
        assertThat(login("bob", "wrong")).as("another user").isEqualTo(WRONG);
        crowd.world.run(() -> false, Duration.ofMinutes(1));
        assertThat(login("alice", "secret")).isEqualTo("accepted");
    }

    @Test
    void anUnknownUserIsAnsweredAsAKnownOneToTheLastWord() {
        for (int i = 0; i < 6; i++) {
            assertThat(login("nobody", "wrong")).isEqualTo(login("alice", "wrong"));
        }
        assertThat(login("nobody", "wrong")).isEqualTo(TOO_MANY);
    }

    @Test
    void aHandshakeThatIsCutIsNoFailure() {
        for (int i = 0; i < 20; i++) {
            var guest = new Guest("alice", "wrong", true);
            settle();
            assertThat(guest.answer).isEqualTo("asked");
            guest.leave();
        }
        assertThat(login("alice", "secret")).isEqualTo("accepted");
    }

    @Test
    void manyConnectionsThatBeganTogetherTryNoMoreThanOneAfterTheOther() {
        var guests = new ArrayList<Guest>();
        for (int i = 0; i < 30; i++) {
            guests.add(new Guest("alice", "wrong" + i, true));
        }
        settle();
        guests.forEach(Guest::goOn);
        settle();

        List<String> answers = guests.stream().map(g -> g.answer).toList();
        assertThat(answers).filteredOn(WRONG::equals).hasSize(5);
        assertThat(answers).filteredOn(TOO_MANY::equals).hasSize(25);
    }

    @Test
    void whoNeverFinishesTheLoginIsDropped() {
        var guest = new Guest("alice", "secret", true);
        settle();
        var cable = crowd.net.cables().getLast();
        crowd.world.run(() -> false, OsiLimits.DEFAULT.setUp());
        guest.goOn();
        settle();

        assertThat(guest.answer).as("too late").isEqualTo("asked");
        assertThat(cable.waiting(dev.parley.testkit.SimCable.Way.TO_SERVER)).isZero();
    }
}
