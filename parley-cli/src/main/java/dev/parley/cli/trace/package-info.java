/// `parley trace`: what is in a capture.
@NullMarked
package dev.parley.cli.trace;

import org.jspecify.annotations.NullMarked;
