/// What every durable session needs of its connection: signs of life, the right to write, and the small JSON texts of the set-up.
@NullMarked
package dev.parley.session.connection;

import org.jspecify.annotations.NullMarked;
