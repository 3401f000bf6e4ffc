/// For testing any stack: primitives as text, an echoing responder, and scripts of "send" and "expect". Read
/// {@link dev.parley.osi.tool.Primitive} first.
@NullMarked
package dev.parley.osi.tool;

import org.jspecify.annotations.NullMarked;
