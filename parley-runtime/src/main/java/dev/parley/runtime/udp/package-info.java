/// Datagrams over UDP. Read {@link dev.parley.runtime.udp.Udp} first.
@NullMarked
package dev.parley.runtime.udp;

import org.jspecify.annotations.NullMarked;
