/// Benchmarks of the session layer, run by JMH; `bench/jmh` starts them. What they showed stands in `docs/performance.md`.
@NullMarked
package dev.parley.bench;

import org.jspecify.annotations.NullMarked;
