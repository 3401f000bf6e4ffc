package dev.parley.transfer.engine;

import dev.parley.session.flow.FlowRequest;
import dev.parley.session.flow.FlowRules;

/// What a client wants of the server's flow tokens.
///
/// @param flowClass heavy transfers of one class share its tokens
/// @param priority 0 to 9, the larger the more urgent
/// @param waits false when the transfer should end with [Failure#LATER] rather than wait for its turn to begin
public record FlowOptions(String flowClass, int priority, boolean waits) {
    public static final FlowOptions DEFAULT = new FlowOptions(FlowRules.DEFAULT_CLASS, FlowRequest.DEFAULT_PRIORITY, true);

    /// @throws dev.parley.api.SessionException.Refused when the class or the priority cannot be
    public FlowOptions {
        new FlowRequest(flowClass, priority, 0, waits, 0, "");
    }
}
