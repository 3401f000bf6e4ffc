/// Coverage-guided fuzzing of what the three ports reach: {@link dev.parley.netbios.fuzz.FuzzTest} runs the targets.
@NullMarked
package dev.parley.netbios.fuzz;

import org.jspecify.annotations.NullMarked;
