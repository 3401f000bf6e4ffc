/// What a capture was decoded to. Read {@link dev.parley.trace.model.Trace} first.
@NullMarked
package dev.parley.trace.model;

import org.jspecify.annotations.NullMarked;
