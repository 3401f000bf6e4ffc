/// The command line. Start with `Parley`, which lists the commands; each area has a package, and `term` is how all of them speak.
@NullMarked
package dev.parley.cli;

import org.jspecify.annotations.NullMarked;
