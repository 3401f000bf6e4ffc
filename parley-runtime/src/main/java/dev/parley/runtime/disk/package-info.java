/// The port through which durable bytes are written, and the real disk behind it.
@NullMarked
package dev.parley.runtime.disk;

import org.jspecify.annotations.NullMarked;
