/// RAS on the network: an endpoint's link to its gatekeeper, and the gatekeeper itself with the signalling that it routes. Read
/// {@link dev.parley.h323.gatekeeper.Gatekeeper} first.
@NullMarked
package dev.parley.h323.gatekeeper;

import org.jspecify.annotations.NullMarked;
