/// What the services give to a capture: {@link dev.parley.netbios.capture.Recorder}.
@NullMarked
package dev.parley.netbios.capture;

import org.jspecify.annotations.NullMarked;
