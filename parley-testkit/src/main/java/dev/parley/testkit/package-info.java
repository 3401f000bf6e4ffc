/// Simulation in virtual time: start with {@link dev.parley.testkit.SimWorld}. One thread, one seed; the same seed gives the same run.
@NullMarked
package dev.parley.testkit;

import org.jspecify.annotations.NullMarked;
