/// The session service as applications use it: blocking, on virtual threads. Read {@link dev.parley.osi.user.OsiProtocol} and
/// {@link dev.parley.osi.user.OsiSession} first; the words are those of X.215.
@NullMarked
package dev.parley.osi.user;

import org.jspecify.annotations.NullMarked;
