/// ASN.1 aligned PER (X.691, basic, aligned variant) in a few short files. Types are read from a schema text
/// ({@link dev.parley.h323.wire.per.Schema}), values are immutable ({@link dev.parley.h323.wire.per.Value}), and one decoder and one encoder
/// interpret the types. Everything from outside is bounded by {@link dev.parley.h323.wire.per.Limits}.
@NullMarked
package dev.parley.h323.wire.per;

import org.jspecify.annotations.NullMarked;
