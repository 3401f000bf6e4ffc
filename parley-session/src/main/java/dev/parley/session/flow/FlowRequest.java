package dev.parley.session.flow;

import dev.parley.api.SessionException;

/// What a flow asks for.
///
/// @param flowClass flows of one class share its tokens
/// @param priority 0 to 9, the larger the more urgent
/// @param size octets it will transmit, negative when unknown
/// @param waits false when it would rather not begin than wait
/// @param session the number of its session; a session has one flow
/// @param holder for people: who it is
public record FlowRequest(String flowClass, int priority, long size, boolean waits, long session, String holder) {
    public static final int DEFAULT_PRIORITY = 4;
    public static final int MOST_PRIORITY = 9;

    /// @throws SessionException.Refused when the class or the priority cannot be
    public FlowRequest {
        FlowRules.checkClass(flowClass);
        if (priority < 0 || priority > MOST_PRIORITY) {
            throw new SessionException.Refused("a priority is 0 to " + MOST_PRIORITY + ", the larger the more urgent, not " + priority);
        }
    }
}
