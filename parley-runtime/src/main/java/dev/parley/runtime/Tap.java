package dev.parley.runtime;

/// Stands between a connection's link and its handler: it may watch what crosses, or slow it down.
@FunctionalInterface
public interface Tap {
    Tap NONE = (handler, _) -> handler;

    /// @param loop the connection's own
    Link.Handler on(Link.Handler handler, Loop loop);

    /// This one, and the other one nearer to the network.
    default Tap and(Tap other) {
        return (handler, loop) -> other.on(on(handler, loop), loop);
    }
}
