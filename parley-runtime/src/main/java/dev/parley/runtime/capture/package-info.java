/// Writes what crosses connections into a file that Wireshark opens. Read {@link dev.parley.runtime.capture.Capture} first.
@NullMarked
package dev.parley.runtime.capture;

import org.jspecify.annotations.NullMarked;
