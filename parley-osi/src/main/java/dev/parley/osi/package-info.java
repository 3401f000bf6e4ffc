/// The user's view of the X.215 session service: {@link dev.parley.osi.Request} goes in, {@link dev.parley.osi.Indication} comes out.
@NullMarked
package dev.parley.osi;

import org.jspecify.annotations.NullMarked;
