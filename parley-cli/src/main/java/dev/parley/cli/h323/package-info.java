/// `parley call`, `parley answer` and `parley gatekeeper`: voice and video calls over H.323. Read {@link dev.parley.cli.h323.CallCommand} first.
@NullMarked
package dev.parley.cli.h323;

import org.jspecify.annotations.NullMarked;
