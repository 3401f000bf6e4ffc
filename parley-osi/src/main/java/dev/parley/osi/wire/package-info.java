/// SPDUs as values, and their octets (X.225 clause 8). Pure: bytes in, values out. Read {@link dev.parley.osi.wire.Spdu} first.
@NullMarked
package dev.parley.osi.wire;

import org.jspecify.annotations.NullMarked;
