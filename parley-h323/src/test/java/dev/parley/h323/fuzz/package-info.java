/// Coverage-guided fuzzing of what a peer's octets reach: {@link dev.parley.h323.fuzz.FuzzTest} runs the targets.
@NullMarked
package dev.parley.h323.fuzz;

import org.jspecify.annotations.NullMarked;
