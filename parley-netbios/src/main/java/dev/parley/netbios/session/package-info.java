/// The session service (RFC 1002 section 5.3): conversations by name over TCP. {@link dev.parley.netbios.session.SessionMachine} holds the
/// rules and knows no sockets; {@link dev.parley.netbios.session.Caller} and {@link dev.parley.netbios.session.SessionServer} are the edges.
@NullMarked
package dev.parley.netbios.session;

import org.jspecify.annotations.NullMarked;
