/// Sending and fetching files, serving them, and what is kept of it. `SendCommand` and `ServeCommand` are the two ends.
@NullMarked
package dev.parley.cli.transfer;

import org.jspecify.annotations.NullMarked;
