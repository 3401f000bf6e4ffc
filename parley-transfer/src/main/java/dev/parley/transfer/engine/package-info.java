/// The transfer over a session connection. Read {@link dev.parley.transfer.engine.Sending} and {@link dev.parley.transfer.engine.Receiving} first.
@NullMarked
package dev.parley.transfer.engine;

import org.jspecify.annotations.NullMarked;
