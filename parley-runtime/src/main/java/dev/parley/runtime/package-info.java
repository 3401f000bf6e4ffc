/// The ports through which time and bytes enter a protocol engine: read {@link dev.parley.runtime.Link} and {@link dev.parley.runtime.Loop} first.
@NullMarked
package dev.parley.runtime;

import org.jspecify.annotations.NullMarked;
