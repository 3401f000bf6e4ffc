package dev.parley.testkit;

import dev.parley.runtime.Loop;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import java.util.ArrayList;
import java.util.List;

/// A process of the simulation: its loops end with it. It can be killed at once, or in the middle of its work at a chosen disk operation, and
/// it can be frozen for a while as by SIGSTOP.
public final class SimProcess {
    /// Thrown inside the work of a process that dies there. An error, because no code under test may catch it.
    public static final class Killed extends Error {
        private static final long serialVersionUID = 1;

        Killed(String process) {
            super(process, null, false, false);
        }
    }

    private final SimWorld world;
    private final String name;
    private final List<Runnable> atDeath = new ArrayList<>();
    private Duration slowestWork = Duration.ofMillis(2);
    private @Nullable Duration slowestBeside;
    private boolean alive = true;
    private long frozenUntil;
    private long operationsLeft = Long.MAX_VALUE;

    SimProcess(SimWorld world, String name) {
        this.world = world;
        this.name = name;
    }

    public SimWorld world() {
        return world;
    }

    public Loop loop() {
        return new SimLoop(world, this);
    }

    public boolean isAlive() {
        return alive;
    }

    /// Ends the process, as kill -9 does: nothing of it runs any more, its links are closed by the system.
    public void kill() {
        if (alive) {
            alive = false;
            world.trace(name + " is killed");
            atDeath.forEach(Runnable::run);
            atDeath.clear();
        }
    }

    /// Kills it in the middle of its work: when it begins its n-th operation (1 is the next one) on a disk or a store.
    public void killAtOperation(long n) {
        operationsLeft = n;
    }

    /// Nothing of it runs for this long; what was due happens afterwards.
    public void freeze(Duration time) {
        world.trace(name + " is frozen for " + time);
        frozenUntil = world.nanoTime() + time.toNanos();
    }

    /// How long an offloaded piece of work takes at most.
    public void slowestWork(Duration most) {
        slowestWork = most;
    }

    /// A disk or a store calls this before each operation of the process.
    ///
    /// @throws Killed when the process dies here or is dead
    public void operation() {
        operationsLeft--;
        if (operationsLeft <= 0) {
            kill();
        }
        if (!alive) {
            throw new Killed(name);
        }
    }

    /// How long a piece of work may take in the second order ([dev.parley.runtime.Loop#beside]); as long as others, when nothing is said.
    public void slowestBeside(Duration most) {
        slowestBeside = most;
    }

    Duration slowestWork() {
        return slowestWork;
    }

    Duration slowestBeside() {
        return slowestBeside == null ? slowestWork : slowestBeside;
    }

    long frozenUntil() {
        return frozenUntil;
    }

    void atDeath(Runnable task) {
        atDeath.add(task);
    }

    @Override
    public String toString() {
        return name;
    }
}
