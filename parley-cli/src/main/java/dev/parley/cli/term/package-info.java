/// How commands speak: stdout carries data or JSON events, stderr talks to people. `Terminal` is what a command gets.
@NullMarked
package dev.parley.cli.term;

import org.jspecify.annotations.NullMarked;
