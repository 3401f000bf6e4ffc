/// Coverage-guided fuzzing: hostile octets for the whole stack of one connection.
@NullMarked
package dev.parley.osi.fuzz;

import org.jspecify.annotations.NullMarked;
