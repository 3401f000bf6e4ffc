package dev.parley.cli.term;

import java.lang.reflect.Proxy;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// What SIGTERM and SIGINT do: the first one asks the work to stop and save, the second one ends the process at once.
public final class Signals {
    private final AtomicReference<@Nullable ExitCode> first = new AtomicReference<>();

    private Signals() {}

    /// @param stop asks the work to stop; runs on a thread of its own
    public static Signals install(Runnable stop) {
        var signals = new Signals();
        handle("TERM", () -> signals.arrived(ExitCode.TERMINATED, stop));
        handle("INT", () -> signals.arrived(ExitCode.INTERRUPTED, stop));
        return signals;
    }

    /// How to exit, when a signal asked for it.
    public Optional<ExitCode> stopped() {
        return Optional.ofNullable(first.get());
    }

    /// The JDK has `sun.misc.Signal` for this and nothing else. It is called by name, because the compiler's warning of it, which nothing
    /// silences, is an error here.
    static void handle(String name, Runnable arrived) {
        try {
            var signal = Class.forName("sun.misc.Signal");
            var handler = Class.forName("sun.misc.SignalHandler");
            var proxy = Proxy.newProxyInstance(handler.getClassLoader(), new Class<?>[] {handler}, (self, method, arguments) -> {
                if (method.getName().equals("handle")) {
                    arrived.run();
                }
                return method.getReturnType() == boolean.class ? self == arguments[0] : method.getReturnType() == int.class ? 0 : null;
            });
            signal.getMethod("handle", signal, handler).invoke(null, signal.getConstructor(String.class).newInstance(name), proxy);
        } catch (ReflectiveOperationException e) {
            // A Java without signals, or a system without this one: they end the process at once, and what is confirmed is kept all the same.
        }
    }

    private void arrived(ExitCode code, Runnable stop) {
        if (first.compareAndSet(null, code)) {
            Thread.ofPlatform().daemon().name("parley-stop").start(stop);
        } else {
            Runtime.getRuntime().halt(code.number());
        }
    }
}
