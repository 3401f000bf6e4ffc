/// Flow tokens: permits for heavy flows of one class at one server, so that two of them do not transmit at the same time. [FlowScheduler]
/// decides and is pure; [Flows] is the same for many threads.
@NullMarked
package dev.parley.session.flow;

import org.jspecify.annotations.NullMarked;
