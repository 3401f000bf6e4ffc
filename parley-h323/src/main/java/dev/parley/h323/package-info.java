/// H.323 for applications: {@link dev.parley.h323.H323Endpoint} answers and places calls, an {@link dev.parley.h323.H323Call} is one of them.
/// Below are the octets (`wire`), the rules (`machine`, `ras`), sound and pictures (`media`, `rtp`).
@NullMarked
package dev.parley.h323;

import org.jspecify.annotations.NullMarked;
