/// From a captured packet to the octets of a TCP connection: link layers, IP, TCP. Pure. Read {@link dev.parley.trace.net.TcpConnections} first.
@NullMarked
package dev.parley.trace.net;

import org.jspecify.annotations.NullMarked;
