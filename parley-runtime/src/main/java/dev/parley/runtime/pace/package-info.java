/// Slows connections down to a rate that they share: `Pace` counts, `PacedHandler` waits.
@NullMarked
package dev.parley.runtime.pace;

import org.jspecify.annotations.NullMarked;
