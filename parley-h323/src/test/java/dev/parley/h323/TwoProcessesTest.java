package dev.parley.h323;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.h323.machine.CallConfig.Style;
import dev.parley.h323.wire.Cause;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Many calls at once between this process and another one: every message arrives, every packet of sound is accounted for on both sides, and every
/// call ends in good order.
@Timeout(300)
class TwoProcessesTest {
    private static final List<Style> STYLES = List.of(Style.FAST_TUNNELLED, Style.FAST_SEPARATE, Style.SLOW_TUNNELLED, Style.SLOW_SEPARATE);

    @Test
    void twentyCallsAtOnce() throws Exception {
        together(20);
    }

    @Test
    @Tag("slow")
    void twoHundredCallsAtOnce() throws Exception {
        together(200);
    }

    private static Process callee(int count) throws IOException {
        return new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
                "-Xmx256m", "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow", "-cp",
                System.getProperty("java.class.path"), CrowdCallee.class.getName(), String.valueOf(count))
                .redirectError(ProcessBuilder.Redirect.INHERIT).start();
    }

    private static String next(BufferedReader lines, String begin) throws IOException {
        var line = lines.readLine();
        assertThat(line).startsWith(begin);
        return line.substring(begin.length());
    }

    private static void together(int count) throws Exception {
        var process = callee(count);
        try (var lines = process.inputReader(); var alice = H323Endpoint.open(CountedTalk.settings("alice", count), _ -> { })) {
            var bob = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), Integer.parseInt(next(lines, "listens ")));
            Map<String, H323Call> calls = new LinkedHashMap<>();
            List<CountedTalk> talks = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                var number = String.valueOf(1000 + i);
                var talk = new CountedTalk(number, true);
                talks.add(talk);
                calls.put(number, alice.call(CallRequest.to(bob, List.of(number)).with(STYLES.get(i % 4)), talk.media(), talk.end::saw));
            }
            for (var call : calls.values()) {
                call.awaitAnswer(CountedTalk.LIMIT);
            }
            assertThat(next(lines, "together ")).isEqualTo(String.valueOf(count));
            assertThat(alice.callsNow()).isEqualTo(count);
            var here = new TreeMap<String, String>();
            var all = List.copyOf(calls.values());
            for (int i = 0; i < count; i++) {
                talks.get(i).talk(all.get(i));
            }
            for (int i = 0; i < count; i++) {
                assertThat(talks.get(i).heard()).as("%s", talks.get(i).end.seen).isTrue();
            }
            for (int i = 0; i < count; i++) {
                all.get(i).hangUp(Cause.NORMAL_CLEARING);
            }
            for (int i = 0; i < count; i++) {
                all.get(i).ended().toCompletableFuture().get(CountedTalk.LIMIT.toSeconds(), TimeUnit.SECONDS);
                here.put(String.valueOf(1000 + i), talks.get(i).told(all.get(i)));
            }
            assertThat(alice.callsNow()).isZero();

            var there = new TreeMap<String, String>();
            for (int i = 0; i < count; i++) {
                var told = next(lines, "call ");
                there.put(told.substring(0, 4), "call " + told);
            }
            assertThat(next(lines, "left ")).isEqualTo("0");
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isZero();
            assertThat(there.keySet()).isEqualTo(here.keySet());
            for (var number : here.keySet()) {
                var ours = "call %s released true heard %s sent %d received %d lost 0 by ".formatted(
                        number, number, CountedTalk.PACKETS, CountedTalk.PACKETS);
                assertThat(here.get(number)).isEqualTo(ours + "SETUP RELEASE_COMPLETE");
                // Nobody need answer the release.
                var answers = ours.replace("heard " + number, "heard " + number + "#") + "CALL_PROCEEDING ALERTING CONNECT";
                assertThat(there.get(number)).isIn(answers, answers + " RELEASE_COMPLETE");
            }
        } finally {
            process.destroyForcibly().waitFor();
        }
    }
}
