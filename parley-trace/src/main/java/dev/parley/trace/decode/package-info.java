/// From the octets of a connection to messages in words. Pure. Read {@link dev.parley.trace.decode.StreamDecoder} first; a new protocol over TCP
/// is another one of it, and a new one over TPKT another {@link dev.parley.trace.decode.TpktPayload}.
@NullMarked
package dev.parley.trace.decode;

import org.jspecify.annotations.NullMarked;
