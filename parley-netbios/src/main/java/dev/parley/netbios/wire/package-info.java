/// The three packet formats of NetBIOS over TCP/IP (RFC 1002 section 4) as records with bounded codecs. Read
/// {@link dev.parley.netbios.wire.NetbiosName} first.
@NullMarked
package dev.parley.netbios.wire;

import org.jspecify.annotations.NullMarked;
