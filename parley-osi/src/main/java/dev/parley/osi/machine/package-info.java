/// The session protocol machine: the tables of Annex A as text resources, and the small engine that interprets them. Pure: events in, effects out.
@NullMarked
package dev.parley.osi.machine;

import org.jspecify.annotations.NullMarked;
