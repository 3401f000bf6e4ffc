/// The datagram service (RFC 1002 section 5.4): {@link dev.parley.netbios.datagram.DatagramNode} is pure,
/// {@link dev.parley.netbios.datagram.DatagramService} puts it on UDP.
@NullMarked
package dev.parley.netbios.datagram;

import org.jspecify.annotations.NullMarked;
