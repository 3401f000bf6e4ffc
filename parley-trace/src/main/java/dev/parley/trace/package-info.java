/// Decodes captures: read {@link dev.parley.trace.Tracer} first, then the {@link dev.parley.trace.Trace} that it gives.
@NullMarked
package dev.parley.trace;

import org.jspecify.annotations.NullMarked;
