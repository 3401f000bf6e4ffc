/// RAS (H.225.0) as two pure machines, an endpoint's and a gatekeeper's, and the passwords of H.235. Octets, times and requests in, datagrams
/// and events out. Read {@link dev.parley.h323.ras.EndpointMachine} first.
@NullMarked
package dev.parley.h323.ras;

import org.jspecify.annotations.NullMarked;
