package dev.parley.bench;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;

/// The two halves of [SetUpBenchmark] in turn, many short rounds of each, so that what else the machine does hits both alike: the median of the
/// ratios of neighbouring rounds.
public final class SetUpRatio {
    private static final int SESSIONS = 100;
    private static final int WARM_UP = 20;

    /// Wall time and CPU time of the process for one session, in microseconds.
    private record Cost(double wall, double cpu) {}

    private SetUpRatio() {}

    /// @param args how many rounds to count, 60 unless said
    public static void main(String... args) throws Exception {
        int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 60;
        var sessions = new SetUpBenchmark();
        sessions.listen();
        var ours = new ArrayList<Cost>();
        var theirs = new ArrayList<Cost>();
        for (int round = -WARM_UP; round < rounds; round++) {
            var our = round(sessions::parley);
            var their = round(sessions::openiec61850);
            if (round >= 0) {
                ours.add(our);
                theirs.add(their);
            }
        }
        sessions.stop();
        say("parley", ours);
        say("openiec61850", theirs);
        var wall = new ArrayList<Double>();
        var cpu = new ArrayList<Double>();
        for (int i = 0; i < rounds; i++) {
            wall.add(theirs.get(i).wall / ours.get(i).wall);
            cpu.add(theirs.get(i).cpu / ours.get(i).cpu);
        }
        System.out.printf(Locale.ROOT, "rate of parley / rate of openiec61850: %.2f (by CPU time %.2f), median of %d rounds%n",
                median(wall), median(cpu), rounds);
    }

    private static Cost round(Callable<?> session) throws Exception {
        var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        long wall = System.nanoTime();
        long cpu = system.getProcessCpuTime();
        for (int i = 0; i < SESSIONS; i++) {
            session.call();
        }
        return new Cost((System.nanoTime() - wall) / 1e3 / SESSIONS, (system.getProcessCpuTime() - cpu) / 1e3 / SESSIONS);
    }

    private static void say(String name, List<Cost> costs) {
        double wall = median(costs.stream().map(Cost::wall).toList());
        System.out.printf(Locale.ROOT, "%-14s %6.0f sessions per second, %5.0f us of CPU each%n", name, 1e6 / wall,
                median(costs.stream().map(Cost::cpu).toList()));
    }

    private static double median(List<Double> values) {
        var sorted = new ArrayList<>(values);
        Collections.sort(sorted);
        return sorted.get(sorted.size() / 2);
    }
}
