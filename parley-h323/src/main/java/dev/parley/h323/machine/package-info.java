/// What an H.323 endpoint does, as functions of its inputs: {@link dev.parley.h323.machine.CallMachine} is one call, with the call signalling
/// of H.225.0 and the control of media of H.245 ({@link dev.parley.h323.machine.ControlMachine}). Pure: time comes in as expired timers, and
/// octets and wishes leave as {@link dev.parley.h323.machine.Effect}s.
@NullMarked
package dev.parley.h323.machine;

import org.jspecify.annotations.NullMarked;
