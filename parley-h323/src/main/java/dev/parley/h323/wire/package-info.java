/// The octets of H.323 as immutable values: ASN.1 aligned PER (X.691) for H.225.0 and H.245, the Q.931 envelope and the TPKT around it.
/// Pure: octets in, values out.
@NullMarked
package dev.parley.h323.wire;

import org.jspecify.annotations.NullMarked;
