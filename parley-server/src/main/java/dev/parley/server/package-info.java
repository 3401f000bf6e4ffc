/// The daemon: what `parley serve` runs. It puts the parts together, listens, forgets what nobody resumes, and ends in good order.
@NullMarked
package dev.parley.server;

import org.jspecify.annotations.NullMarked;
