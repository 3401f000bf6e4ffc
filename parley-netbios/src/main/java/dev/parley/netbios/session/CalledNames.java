package dev.parley.netbios.session;

import dev.parley.netbios.wire.Endpoint;
import dev.parley.netbios.wire.NetbiosName;
import dev.parley.netbios.wire.Refusal;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// The names that can be called here and who listens on them. Pure; decides what a session request is answered with.
public final class CalledNames {
    /// Somebody who listens on a name. [#claims] is asked once for each call and commits: a listener for one call says yes once.
    public interface Listener {
        boolean claims(NetbiosName calling);

        /// What a caller is told that this listener does not claim.
        default Refusal refusal(NetbiosName calling) {
            return Refusal.NOT_LISTENING_FOR_CALLING_NAME;
        }

        /// The caller that was claimed left before the session began: there will be no [#accept].
        default void left() {}

        /// The name is here no more, and nobody will call it.
        default void gone() {}

        /// The session that was claimed; on a virtual thread of its own. The session is closed when this returns.
        void accept(NetbiosSession session);
    }

    /// What is to be answered.
    public sealed interface Decision {
        /// @param name the name that answers, which is not the called one when that was `*SMBSERVER`
        record Accept(NetbiosName name, Listener listener) implements Decision {}

        record Refuse(Refusal refusal) implements Decision {}

        record Redirect(Endpoint target) implements Decision {}
    }

    private final Map<NetbiosName, List<Listener>> names = new LinkedHashMap<>();
    private final Map<NetbiosName, Endpoint> redirected = new LinkedHashMap<>();
    private final boolean anyServer;
    private final Predicate<NetbiosName> usable;

    /// @param anyServer whether `*SMBSERVER` reaches the first file server name: what makes clients work that know only an address
    public CalledNames(boolean anyServer) {
        this(anyServer, _ -> true);
    }

    /// @param usable false for names that another host defends: a name in conflict takes no calls
    public CalledNames(boolean anyServer, Predicate<NetbiosName> usable) {
        this.anyServer = anyServer;
        this.usable = usable;
    }

    /// The name is present here, listening or not.
    public synchronized void add(NetbiosName name) {
        names.computeIfAbsent(name, _ -> new ArrayList<>());
    }

    public synchronized void remove(NetbiosName name) {
        Optional.ofNullable(names.remove(name)).ifPresent(l -> l.forEach(Listener::gone));
        redirected.remove(name);
    }

    public synchronized void removeAll() {
        List.copyOf(names.keySet()).forEach(this::remove);
    }

    /// Listens after those who listen already.
    public synchronized void listen(NetbiosName name, Listener listener) {
        names.computeIfAbsent(name, _ -> new ArrayList<>()).addLast(listener);
    }

    /// Listens on a name only while it is present: nobody would ever call one that was just deleted.
    ///
    /// @param first before all others, for a listener that wants one caller only
    /// @return false when the name is not here
    public synchronized boolean listenIfPresent(NetbiosName name, Listener listener, boolean first) {
        var listeners = names.get(name);
        if (listeners != null) {
            listeners.add(first ? 0 : listeners.size(), listener);
        }
        return listeners != null;
    }

    public synchronized void stop(NetbiosName name, Listener listener) {
        var listeners = names.get(name);
        if (listeners != null) {
            listeners.remove(listener);
        }
    }

    /// Calls for this name are sent to another host or port.
    public synchronized void redirect(NetbiosName name, Endpoint target) {
        redirected.put(name, target);
    }

    /// @param resources false when no further session can be held
    public synchronized Decision decide(NetbiosName called, NetbiosName calling, boolean resources) {
        var name = called.text().equals(NetbiosName.ANY_SERVER.text()) && anyServer ? anyServer(called) : called;
        var target = redirected.get(name);
        if (target != null) {
            return new Decision.Redirect(target);
        }
        var listeners = names.get(name);
        if (listeners == null || !usable.test(name)) {
            return new Decision.Refuse(Refusal.CALLED_NAME_NOT_PRESENT);
        }
        if (listeners.isEmpty()) {
            return new Decision.Refuse(Refusal.NOT_LISTENING_ON_CALLED_NAME);
        }
        if (!resources) {
            return new Decision.Refuse(Refusal.INSUFFICIENT_RESOURCES);
        }
        var refusals = EnumSet.noneOf(Refusal.class);
        for (var listener : listeners) {
            if (listener.claims(calling)) {
                return new Decision.Accept(name, listener);
            }
            refusals.add(listener.refusal(calling));
        }
        // What may be better soon is told first, then what may be better for another caller.
        return new Decision.Refuse(Stream.of(Refusal.INSUFFICIENT_RESOURCES, Refusal.NOT_LISTENING_FOR_CALLING_NAME).filter(refusals::contains)
                .findFirst().orElse(Refusal.NOT_LISTENING_ON_CALLED_NAME));
    }

    private NetbiosName anyServer(NetbiosName called) {
        return names.keySet().stream().filter(n -> n.suffix() == 0x20 && n.scope().equals(called.scope())).findFirst().orElse(called);
    }
}
