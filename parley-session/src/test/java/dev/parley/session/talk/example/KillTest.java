package dev.parley.session.talk.example;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.session.talk.Conversations;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The two applications of the example as real processes, killed with SIGKILL at random moments: in the end each has every message once, in
/// order. The moments come from a seed, which is printed in a failure; what the processes do between them is not repeatable.
@Timeout(600)
class KillTest {
    private static final long OCTETS_A_LINE = 22;

    @TempDir
    Path folder;

    private Process book;
    private Process shop;
    private int port;
    private String fingerprint;

    @BeforeEach
    void user() {
        Conversations.addUser(folder.resolve("server"), "shop", "secret".toCharArray());
    }

    @AfterEach
    void stop() throws InterruptedException {
        for (var process : new Process[] {book, shop}) {
            if (process != null) {
                kill(process);
            }
        }
    }

    @Test
    void threeKillsLoseAndDoubleNothing() throws Exception {
        run(3, 1_500, Long.getLong("parley.seed", System.nanoTime()));
    }

    @Test
    @Tag("slow")
    void fiftyKillsLoseAndDoubleNothing() throws Exception {
        run(50, 60_000, Long.getLong("parley.seed", System.nanoTime()));
    }

    private void run(int kills, int orders, long seed) throws Exception {
        var random = new Random(seed);
        startBook();
        startShop(orders);
        int done = 0;
        while (done < kills && runsOn(300 + random.nextInt(700), orders / (kills + 2))) {
            boolean both = random.nextInt(5) == 0;
            if (both || random.nextBoolean()) {
                kill(book);
                if (both) {
                    kill(shop);
                }
                startBook();
            } else {
                kill(shop);
            }
            if (!shop.isAlive()) {
                startShop(orders);
            }
            done++;
        }
        assertThat(shop.waitFor(Duration.ofSeconds(300))).as("the shop ended, seed " + seed + ", " + tail()).isTrue();
        assertThat(shop.exitValue()).as("seed " + seed + ", " + Files.readString(folder.resolve("shop.err"))).isZero();
        assertThat(done).as("kills, seed " + seed).isEqualTo(kills);
        var numbers = LongStream.rangeClosed(1, orders).boxed().toList();
        assertThat(lines("book")).as("seed " + seed).isEqualTo(numbers.stream().map(n -> n + " order " + n).toList());
        assertThat(lines("shop")).as("seed " + seed).isEqualTo(numbers.stream().map(n -> n + " confirmed order " + n).toList());
    }

    /// Waits for some time, but no longer than for so many further lines: on a fast machine all kills shall come before the end.
    private boolean runsOn(int millis, int lines) throws IOException, InterruptedException {
        long until = System.nanoTime() + millis * 1_000_000L;
        long enough = size() + lines * OCTETS_A_LINE;
        while (System.nanoTime() < until && size() < enough) {
            if (shop.waitFor(5, TimeUnit.MILLISECONDS)) {
                return false;
            }
        }
        return shop.isAlive();
    }

    private long size() throws IOException {
        var file = folder.resolve("shop.txt");
        return Files.exists(file) ? Files.size(file) : 0;
    }

    private String tail() throws IOException {
        return "book " + lines("book").size() + ", shop " + lines("shop").size();
    }

    private List<String> lines(String side) throws IOException {
        return Files.readAllLines(folder.resolve(side + ".txt"));
    }

    private void startBook() throws IOException {
        book = start("book", String.valueOf(port), folder.resolve("server").toString(), folder.resolve("book.txt").toString());
        var ready = new BufferedReader(new InputStreamReader(book.getInputStream(), StandardCharsets.UTF_8)).readLine();
        assertThat(ready).as(Files.readString(folder.resolve("book.err"))).startsWith("ready ");
        port = Integer.parseInt(ready.split(" ")[1]);
        fingerprint = ready.split(" ")[2];
    }

    private void startShop(int orders) throws IOException {
        shop = start("shop", String.valueOf(port), folder.resolve("client").toString(), folder.resolve("shop.txt").toString(),
                String.valueOf(orders), fingerprint);
    }

    private Process start(String... arguments) throws IOException {
        var command = new java.util.ArrayList<String>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx128m", "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1", "--enable-native-access=ALL-UNNAMED", "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                Main.class.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.appendTo(new File(folder.resolve(arguments[0] + ".err").toString()))).start();
    }

    private static void kill(Process process) throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }
}
