package dev.parley.transfer.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.api.SessionException;
import dev.parley.transfer.engine.Reception.Item;
import dev.parley.transfer.engine.Reception.Member;
import dev.parley.transfer.file.Target.OnExists;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Names and versions at the receiver: who gets which place, and what is never overwritten, without and with deaths of the process.
class ReceptionTest {
    private static final String LONG = "v".repeat(3000);

    /// What is done once at the beginning; it returns what is done, and after a death is done again from its start.
    private interface Scenario {
        Commands begin(Reception reception) throws IOException;
    }

    private interface Commands {
        void run() throws IOException;
    }

    /// Runs it with a death at each operation in turn.
    private static void withDeathsAnywhere(Scenario scenario) throws IOException {
        boolean died = true;
        for (long n = 1; died; n++) {
            for (int power = 0; power < (n == 1 ? 1 : 3); power++) {
                var reception = new Reception(n * 31 + power);
                var commands = scenario.begin(reception);
                reception.dieAt(n);
                died = false;
                for (boolean over = false; !over; ) {
                    try {
                        commands.run();
                        over = true;
                    } catch (dev.parley.testkit.SimProcess.Killed _) {
                        died = true;
                        reception.restart(power > 0);
                    } catch (AssertionError | IOException | RuntimeException e) {
                        throw new AssertionError("death at operation " + n + ", power " + power + "\n" + reception.trace(), e);
                    }
                }
            }
        }
    }

    @Test
    void anUnfinishedVersionIsNeverTakenForAnEarlierCompleteOne() throws IOException {
        var first = new Item("x", 1, "first " + LONG);
        var second = new Item("x", 2, "other " + LONG);
        withDeathsAnywhere(reception -> {
            var sender = reception.sender(OnExists.FAIL);
            return () -> {
                var said = sender.send(first);
                // A death in the middle of the second version, or after it, and then the first one is another version again.
                if (said.equals("changed")) {
                    assertThat(sender.send(second)).isEqualTo("sent");
                    assertThat(reception.content("x")).isEqualTo(second.content());
                    return;
                }
                assertThat(said).isIn("sent", "done");
                assertThat(reception.content("x")).isEqualTo(first.content());
                if (sender.send(second, 1).equals("sent")) {
                    assertThat(reception.content("x")).isEqualTo(second.content());
                    return;
                }

                assertThat(sender.send(first)).isEqualTo("done");
                assertThat(reception.content("x")).isEqualTo(first.content());
                assertThat(sender.offer(second)).isEqualTo("partial");
                assertThat(sender.send(second)).isEqualTo("sent");
                assertThat(reception.content("x")).isEqualTo(second.content());
                assertThat(reception.files()).containsExactly("x");
            };
        });
    }

    @Test
    void sessionsThatSendTheSameNameNeverOverwriteEachOther() throws IOException {
        withDeathsAnywhere(reception -> new Rivals(reception, OnExists.RENAME));
        withDeathsAnywhere(reception -> new Rivals(reception, OnExists.FAIL));
    }

    /// Three sessions send one name, by turns a checkpoint each; after a death another one comes first.
    private static final class Rivals implements Commands {
        private final Reception reception;
        private final OnExists onExists;
        private final List<Reception.Sender> senders;
        private final java.util.Map<Integer, String> ends = new java.util.TreeMap<>();
        private int first;

        Rivals(Reception reception, OnExists onExists) {
            this.reception = reception;
            this.onExists = onExists;
            senders = List.of(reception.sender(onExists), reception.sender(onExists), reception.sender(onExists));
        }

        private static Item item(int i) {
            return new Item("x", i + 1, "of sender " + i + " " + LONG);
        }

        @Override
        public void run() throws IOException {
            first++;
            while (ends.size() < 3) {
                for (int k = 0; k < 3; k++) {
                    int i = (first + k) % 3;
                    if (!ends.containsKey(i)) {
                        var said = refusedWords(() -> senders.get(i).send(item(i), 1));
                        if (!said.equals("half")) {
                            ends.put(i, said);
                        }
                    }
                }
            }
            if (onExists == OnExists.RENAME) {
                assertThat(ends.values()).allMatch(end -> end.equals("sent") || end.equals("done"));
                assertThat(reception.files()).containsExactly("x", "x.1", "x.2");
                assertThat(Set.of(reception.content("x"), reception.content("x.1"), reception.content("x.2")))
                        .isEqualTo(Set.of(item(0).content(), item(1).content(), item(2).content()));
            } else {
                var winners = ends.entrySet().stream().filter(e -> e.getValue().equals("sent") || e.getValue().equals("done")).toList();
                assertThat(winners).hasSize(1);
                assertThat(reception.content("x")).isEqualTo(item(winners.getFirst().getKey()).content());
                assertThat(ends.values()).filteredOn(end -> end.contains("exists already")).hasSize(2);
                assertThat(reception.files()).containsExactly("x");
            }
        }
    }

    private interface Words {
        String get() throws IOException;
    }

    /// A refusal in the middle of a file ends the connection with its words.
    private static String refusedWords(Words action) throws IOException {
        try {
            return action.get();
        } catch (SessionException.Refused e) {
            return String.valueOf(e.getMessage());
        }
    }

    @Test
    void membersOfABatchNeverShareAPlace() throws IOException {
        withDeathsAnywhere(reception -> {
            reception.put("x", "older");
            var sender = reception.sender(OnExists.RENAME);
            return () -> {
                assertThat(sender.batch(2, new Member("x", "FILE", "one"), new Member("x.1", "FILE", "two"), new Member("x.2", "FILE", "three"),
                        new Member("x.1.1", "FILE", "four"))).isIn("sent", "done");

                assertThat(reception.content("x")).isEqualTo("older");
                assertThat(reception.files()).hasSize(5);
                assertThat(reception.files().stream().map(reception::content).toList())
                        .containsExactlyInAnyOrder("older", "one", "two", "three", "four");
            };
        });
    }

    @Test
    void whatWasDiscardedBeginsAgain() throws IOException {
        var item = new Item("x", 1, LONG);
        withDeathsAnywhere(reception -> {
            var sender = reception.sender(OnExists.FAIL);
            return () -> {
                assertThat(sender.discard(item)).isIn("new", "done");
                assertThat(sender.send(item)).isIn("sent", "done");
                assertThat(reception.content("x")).isEqualTo(LONG);
            };
        });
    }

    @Test
    void aPlaceThatHoldsSomethingElseByNowIsNotReplaced() throws IOException {
        var reception = new Reception(1);
        var sender = reception.sender(OnExists.FAIL);
        assertThat(sender.send(new Item("x", 1, "first"))).isEqualTo("sent");
        assertThat(sender.send(new Item("x", 2, "second"))).as("its own earlier version").isEqualTo("sent");
        assertThat(reception.content("x")).isEqualTo("second");

        reception.put("x", "of the operator");

        assertThat(sender.send(new Item("x", 3, "third"))).contains("exists already");
        assertThat(reception.content("x")).isEqualTo("of the operator");
    }

    @Test
    void whatAppearsDuringATransferIsFoundAtTheNextOffer() throws IOException {
        var reception = new Reception(1);
        var sender = reception.sender(OnExists.FAIL);
        var item = new Item("x", 1, LONG);
        assertThat(sender.send(item, 1)).isEqualTo("half");

        reception.put("x", "of the operator");

        assertThat(sender.offer(item)).contains("exists already");
        assertThat(reception.sender(OnExists.FAIL).offer(item)).contains("exists already");
        assertThat(reception.content("x")).isEqualTo("of the operator");
    }

    @Test
    void aFolderIsReplacedByNothingAndThatIsSaidAtTheOffer() throws IOException {
        var reception = new Reception(1);
        reception.folder("x");

        assertThat(reception.sender(OnExists.REPLACE).offer(new Item("x", 1, LONG))).contains("is a folder at the receiver");
        assertThat(reception.sender(OnExists.REPLACE).batch(1, new Member("x", "FILE", "small"))).contains("is a folder at the receiver");
        assertThat(reception.sender(OnExists.FAIL).offer(new Item("x", 1, LONG))).contains("exists already");
        assertThat(reception.sender(OnExists.RENAME).send(new Item("x", 1, LONG))).isEqualTo("sent");
        assertThat(reception.content("x.1")).isEqualTo(LONG);
    }

    @Test
    void nothingIsPutBelowALinkThatCameWithTheSameSession() throws IOException {
        var reception = new Reception(1);
        var link = new Member("a", "LINK", "b");
        reception.folder("b");

        assertThat(reception.sender(OnExists.FAIL).batch(9, link, new Member("a/x", "FILE", "one"))).contains("'a/x' is refused");
        assertThat(reception.files()).isEmpty();
        var sender = reception.sender(OnExists.FAIL);
        var offered = new Item("a/x", 1, LONG);
        assertThat(sender.send(offered, 1)).as("there is no link yet").isEqualTo("half");
        assertThat(sender.batch(9, link)).isEqualTo("sent");
        assertThat(sender.offer(offered)).contains("passes through a symbolic link");
        assertThat(reception.files()).containsExactly("a");
    }

    @Test
    void aNameIsResolvedAgainWhenItIsUsed() throws IOException {
        var reception = new Reception(1);
        reception.folder("b");
        var sender = reception.sender(OnExists.FAIL);

        assertThatThrownBy(() -> sender.sendAfter(new Item("a/x", 1, LONG), () -> reception.link("a", "b")))
                .isInstanceOf(SessionException.Refused.class).hasMessageContaining("passes through a symbolic link");
        assertThatThrownBy(() -> reception.sender(OnExists.FAIL).sendAfter(new Item("c", 1, LONG), () -> reception.folder("c")))
                .isInstanceOf(SessionException.Refused.class).hasMessageContaining("exists already");
        assertThat(reception.files()).containsExactly("a");
    }

    @Test
    void aFolderIsNoLinkOfTheOperator() throws IOException {
        var reception = new Reception(1);
        reception.folder("b");
        reception.link("a", "b");

        assertThat(reception.sender(OnExists.REPLACE).batch(1, new Member("a", "FOLDER", ""))).contains("is no folder at the receiver");
        assertThat(reception.sender(OnExists.REPLACE).batch(1, new Member("b", "FOLDER", ""))).isEqualTo("sent");
    }
}
